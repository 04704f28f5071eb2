"""The target model as a torch module: BERT's encoder (Devlin et al., NAACL 2019) with a head on the marked target.

Written out rather than taken from a library: it loads all-MiniLM-L6-v2's weights by their published names, exports to
a small ONNX graph, and training needs nothing but torch.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH, LAYERS, HEADS, INNER, VOCABULARY, POSITIONS = 384, 6, 12, 1536, 30522, 512
TARGET, OTHER = 1, 2
"""Ids of BERT's `[unused0]` and `[unused1]`: what stands for the target and for any other brand."""


class Block(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(batch, tokens, width) -> the same; `bias` is added to the attention scores."""
        batch, tokens, _ = x.shape
        qkv = self.qkv(x).view(batch, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = qkv[0], qkv[1], qkv[2]
        scores = query @ key.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5 + bias
        mixed = (self.drop(scores.softmax(-1)) @ value).transpose(1, 2).reshape(batch, tokens, WIDTH)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(functional.gelu(self.up(x)))))


class TargetModel(nn.Module):
    """Token ids in, logits of neg, neu, pos out; the target's tokens are found by their id."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.places = nn.Embedding(POSITIONS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(Block(dropout) for _ in range(LAYERS))
        self.hidden = nn.Linear(3 * WIDTH, WIDTH)
        self.answer = nn.Linear(WIDTH, 3)

    def forward(self, ids: Tensor) -> Tensor:
        """(batch, tokens) of int64, padded with 0 -> (batch, 3) logits, order neg, neu, pos."""
        kept = (ids != 0).float()
        x = self.words(ids) + self.places(torch.arange(ids.shape[1], device=ids.device))
        x = self.drop(self.norm(x))
        bias = ((1.0 - kept) * -1e4)[:, None, None, :]
        for block in self.blocks:
            x = block(x, bias)
        marked = (ids == TARGET).float().unsqueeze(-1)
        target = (x * marked).sum(1) / marked.sum(1).clamp(min=1.0)
        mean = (x * kept.unsqueeze(-1)).sum(1) / kept.sum(1, keepdim=True)
        pooled = torch.cat([target, x[:, 0], mean], -1)
        return self.answer(self.drop(torch.tanh(self.hidden(self.drop(pooled)))))

    def load_base(self, folder: Path) -> None:
        """Takes the weights of all-MiniLM-L6-v2 (`model.safetensors` in `folder`); the head stays random."""
        base = load_file(str(folder / "model.safetensors"))
        state = self.state_dict()
        state["words.weight"] = base["embeddings.word_embeddings.weight"]
        state["places.weight"] = base["embeddings.position_embeddings.weight"]
        # There is one segment only, so its embedding is a constant: it goes into the positions.
        state["places.weight"] = state["places.weight"] + base["embeddings.token_type_embeddings.weight"][0]
        for part in ("weight", "bias"):
            state[f"norm.{part}"] = base[f"embeddings.LayerNorm.{part}"]
            for n in range(LAYERS):
                theirs, ours = f"encoder.layer.{n}", f"blocks.{n}"
                state[f"{ours}.qkv.{part}"] = torch.cat(
                    [base[f"{theirs}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
                )
                state[f"{ours}.out.{part}"] = base[f"{theirs}.attention.output.dense.{part}"]
                state[f"{ours}.norm1.{part}"] = base[f"{theirs}.attention.output.LayerNorm.{part}"]
                state[f"{ours}.up.{part}"] = base[f"{theirs}.intermediate.dense.{part}"]
                state[f"{ours}.down.{part}"] = base[f"{theirs}.output.dense.{part}"]
                state[f"{ours}.norm2.{part}"] = base[f"{theirs}.output.LayerNorm.{part}"]
        self.load_state_dict(state)
        with torch.no_grad():  # the unused tokens were never trained: start them as what they stand for
            self.words.weight[TARGET] = self.words.weight[2194]  # "company"
            self.words.weight[OTHER] = self.words.weight[2178]  # "another"
