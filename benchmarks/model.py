"""Sentences a second and core through the target model at batch 32, tokenising included (goal: 400).

CPU time of one process on one thread, so that other work on the machine does not count. The sentences are our own
open set, as they come. Says also what one call with a single sentence costs.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analysis.tone import Target
from analysis.tone.lines import find
from analysis.tone.model import ModelScorer

COUNT = 2000


def main() -> None:
    """Measures and prints."""
    lines = [
        json.loads(line)
        for path in sorted((ROOT / "analysis/tone/training").glob("sentences_*.jsonl"))
        for line in path.read_text(encoding="utf8").splitlines()
    ]
    pairs = [(line["sentence"], target["name"]) for line in lines for target in line["targets"]]
    targets = [Target(sentence, find(name, sentence)) for sentence, name in pairs[:: max(1, len(pairs) // COUNT)]]
    scorer = ModelScorer()
    scorer.opinions(targets[:64])
    for name, size, call in (
        ("model", 32, scorer.opinions),
        ("model + VADER", 32, scorer.score),
        ("model", 1, scorer.opinions),
    ):
        part = targets if size > 1 else targets[:200]
        clock = time.process_time()
        for at in range(0, len(part), size):
            call(part[at : at + size])
        spent = time.process_time() - clock
        print(f"{name}, batch {size}: {len(part) / spent:.0f} sentences/s a core ({len(part)} sentences)")


if __name__ == "__main__":
    main()
