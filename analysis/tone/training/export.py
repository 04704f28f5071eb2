"""Trained weights -> the int8 ONNX graph that is shipped.

Activations are quantised with fixed ranges, measured on training sentences, so that a sentence's answer does not
depend on its neighbours in a batch. Outlying channels are first evened out between activations and weights
(SmoothQuant: Xiao et al., ICML 2023); without that the 8 bits go to a few channels and 3% of labels change.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from analysis.tone.training.encoder import TargetModel

SMOOTHED = ("up", "down", "qkv")
"""Layers whose input has outlying channels."""
BALANCE = 0.9
"""How much of an outlier moves from the activations into the weights, 0 to 1."""


@dataclass
class Range:
    """What flows into one linear layer."""

    peaks: Tensor
    """Largest absolute value of each channel."""
    low: float = 0.0
    high: float = 0.0


def measure(model: TargetModel, batches: Sequence[Tensor]) -> dict[str, Range]:
    """Ranges of the inputs of all linear layers, by name, over batches of token ids (padding left out)."""
    found: dict[str, Range] = {}
    kept = torch.ones(0)

    def watch(name: str) -> object:
        def see(_: nn.Module, inputs: tuple[Tensor]) -> None:
            values = inputs[0].reshape(-1, inputs[0].shape[-1])
            values = values[kept] if len(values) == len(kept) else values
            known = found.setdefault(name, Range(torch.zeros(values.shape[1])))
            known.peaks = torch.maximum(known.peaks, values.abs().amax(0))
            known.low, known.high = min(known.low, float(values.min())), max(known.high, float(values.max()))

        return see

    modules = [(name, part) for name, part in model.named_modules() if isinstance(part, nn.Linear)]
    hooks = [part.register_forward_pre_hook(watch(name)) for name, part in modules]
    model.eval()
    with torch.no_grad():
        for ids in batches:
            kept = (ids != 0).reshape(-1)
            model(ids)
    for hook in hooks:
        hook.remove()
    return found


class Smoothed(nn.Module):
    """A linear layer whose input is divided, and whose weights are multiplied, by a factor for each channel."""

    def __init__(self, linear: nn.Linear, peaks: Tensor) -> None:
        super().__init__()
        weights = linear.weight.detach().abs().amax(0).clamp(min=1e-5)
        factor = (peaks.clamp(min=1e-5) ** BALANCE / weights ** (1 - BALANCE)).clamp(min=1e-3)
        self.register_buffer("shrink", 1.0 / factor)
        self.linear = nn.Linear(linear.in_features, linear.out_features)
        self.linear.weight.data = linear.weight.data * factor
        self.linear.bias.data = linear.bias.data.clone()

    def forward(self, x: Tensor) -> Tensor:
        """The same as the layer it replaces."""
        return self.linear(x * self.shrink)


def smooth(model: TargetModel, ranges: dict[str, Range]) -> None:
    """Replaces the layers of SMOOTHED in place; the function computed stays the same."""
    for n, block in enumerate(model.blocks):
        for name in SMOOTHED:
            setattr(block, name, Smoothed(getattr(block, name), ranges[f"blocks.{n}.{name}"].peaks))


def to_onnx(model: TargetModel, batches: Sequence[Tensor], out: Path) -> None:
    """Writes the graph: `ids` (batch, tokens) int64 -> `logits` (batch, 3). Changes `model`."""
    smooth(model, measure(model, batches))
    ranges = measure(model, batches)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # torch's older exporter needs no further package
        plain, ready, live = (Path(folder, f"{name}.onnx") for name in ("plain", "ready", "live"))
        torch.onnx.export(
            model,
            (batches[0][:2],),
            str(plain),
            input_names=["ids"],
            output_names=["logits"],
            dynamic_axes={"ids": {0: "batch", 1: "tokens"}, "logits": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
        quantize_dynamic(str(ready), str(live), per_channel=True, weight_type=QuantType.QInt8)
        graph = onnx.load(str(live))
    _fix_ranges(graph.graph, ranges)
    _fuse(graph.graph)
    graph.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(graph, str(out))


def _fix_ranges(graph: onnx.GraphProto, ranges: dict[str, Range]) -> None:
    """Each DynamicQuantizeLinear becomes a QuantizeLinear with the measured range."""
    readers = {name: node for node in graph.node if node.op_type == "MatMulInteger" for name in node.input}
    for at, node in enumerate(graph.node):
        if node.op_type != "DynamicQuantizeLinear":
            continue
        quantised, scale, zero = node.output
        layer = readers[quantised].name.strip("/").replace("/linear", "").rsplit("/", 1)[0].replace("/", ".")
        known = ranges[layer] if layer in ranges else ranges[f"{layer}.linear"]
        step = max(known.high - known.low, 1e-6) / 255
        values = (np.array(step, np.float32), np.array(round(-known.low / step), np.uint8))
        for name, value in zip((scale, zero), values, strict=True):
            graph.initializer.append(numpy_helper.from_array(value, name))
        graph.node[at].CopyFrom(
            helper.make_node("QuantizeLinear", [node.input[0], scale, zero], [quantised], node.name)
        )


def _fuse(graph: onnx.GraphProto) -> None:
    """MatMulInteger, Cast, Mul by both scales and Add of the bias become one node of ONNX Runtime's own.

    Four passes over the activations less; a third of the time.
    """
    constants = {tensor.name for tensor in graph.initializer}
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    makers = {name: node for node in graph.node for name in node.output}
    gone: list[str] = []
    for at, node in enumerate(graph.node):
        if node.op_type != "MatMulInteger":
            continue
        (cast,) = readers[node.output[0]]
        (scaled,) = readers[cast.output[0]]
        scales = makers[next(name for name in scaled.input if name != cast.output[0])]
        inputs = [node.input[0], node.input[1], *scales.input, node.input[2], node.input[3]]
        last, after = scaled, readers[scaled.output[0]]
        if len(after) == 1 and after[0].op_type == "Add" and (bias := constants & set(after[0].input)):
            last = after[0]
            inputs.append(bias.pop())
        fused = helper.make_node("MatMulIntegerToFloat", inputs, list(last.output), node.name, domain="com.microsoft")
        gone += [part.name for part in {id(p): p for p in (cast, scaled, scales, last)}.values()]
        graph.node[at].CopyFrom(fused)
    kept = [node for node in graph.node if node.name not in gone]
    del graph.node[:]
    graph.node.extend(kept)
