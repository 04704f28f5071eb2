"""Measures extraction on the shared development pages, and keeps the floors below which a build fails.

    python -m tests.quality.extraction            the figures, beside the floors
    python -m tests.quality.extraction --raise    writes today's figures as floors where they are higher

The pages lie outside the repository (they belong to their publishers); the measure is the shared score_extraction.py.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import subprocess
import sys
from pathlib import Path

from spiders.extraction.batch import pages_in, rows

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SCORER = SHARED / "tools" / "score_extraction.py"
FLOORS = Path(__file__).with_name("extraction.json")
SETS = ("extraction", "publishers")


def measure(name: str, predictions: Path) -> dict[str, float]:
    """Figures of one set, by name: body, and title, authors, day and instant where the set has them.

    Writes the predictions of all pages to a file, as JSON lines.
    """
    folder = SHARED / "data" / name
    truth = json.loads((folder / "truth.json").read_text("utf8"))
    found = rows(pages_in(folder / "html"), {key: page["url"] for key, page in truth.items()})
    predictions.write_text("".join(json.dumps(row) + "\n" for row in found), "utf8")
    command = [sys.executable, str(SCORER), str(predictions), "--truth", str(folder / "truth.json")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures = {
        field: float(figure) for field, figure in re.findall(r"^(title|authors|day|instant) +([\d.]+)", told, re.M)
    }
    body = re.search(r"body F1 ([\d.]+)", told)
    assert body, told
    return {"body": float(body[1]), **figures}


def main() -> None:
    """Prints the figures; raises the floors if asked."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--raise", dest="higher", action="store_true")
    cli.add_argument("--predictions", type=Path, default=Path("/tmp"), help="folder for the answers, one file a set")
    asked = cli.parse_args()
    floors = json.loads(FLOORS.read_text())
    for name in SETS:
        for field, figure in measure(name, asked.predictions / f"{name}.jsonl").items():
            print(f"{name:12} {field:8} {figure:.4f}   floor {floors[name].get(field, 0):.3f}")
            rounded = math.floor(1000 * figure) / 1000
            floors[name][field] = max(floors[name].get(field, 0), rounded)
    if asked.higher:
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n")


if __name__ == "__main__":
    main()
