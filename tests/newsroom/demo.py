"""`make demo`: start the sample newsroom on loopback, run the nightly job against it, show what it found.

Everything is real but the outlets: HTTP, the crawl, the database, the report. Needs no internet.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.newsroom.serve import newsroom

FOLDER = Path("data/demo")


def main() -> int:
    """Two crawls (the second finds the correction), a trend table, and where the report lies."""
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("--replay", default="latest", help="which day the story ends on (serve.py --help)")
    options = cli.parse_args()
    watchlist = FOLDER / "watchlist.toml"
    FOLDER.mkdir(parents=True, exist_ok=True)
    for left in FOLDER.glob("demo.*"):
        if left.is_file():
            left.unlink()
    with newsroom(replay=options.replay, edition=1) as room:
        room.watchlist(watchlist)
        say(f"The sample newsroom: {len(room.outlets)} invented outlets on loopback, the story of August 2008.")
        presswatch("check")
        status = presswatch("nightly")
        say("The next night: three new articles, and one that its outlet has corrected.")
        room.publish(2)
        status = presswatch("nightly") or status
    presswatch("trends", "--topic", "outage")
    presswatch("mentions", "--limit", "5")
    say(f"Report: {max(Path('reports').glob('presswatch-*.html'))}")
    say(f"Ask it yourself: .venv/bin/presswatch --watchlist {watchlist} mentions --search credit")
    return status


def presswatch(*arguments: str) -> int:
    """Run a command as a user would; returns its exit status."""
    line = ["presswatch", "--watchlist", str(FOLDER / "watchlist.toml"), *arguments]
    say(f"$ presswatch {' '.join(arguments)}")
    return subprocess.run([sys.executable, "presswatch.py", *line[1:]], check=False).returncode


def say(text: str) -> None:
    """One line between the outputs."""
    print(f"\n{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
