"""How long the page of `presswatch serve` takes over a made-up store: wall time of each address (goal: p95 150 ms).

    python benchmarks/page.py [MENTIONS]

A process of its own answers, one request after the other, twelve times each address; other work on the machine counts.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analysis.bench.synthetic import make, toml

MENTIONS = 1_000_000
TIMES = 12
MONTH = "since=2025-12-05&until=2026-01-04"
PATHS = (
    "/", "/trends", "/trends?by=week", "/trends?by=hour&since=2026-01-01&until=2026-01-04", "/share", f"/share?{MONTH}",
    "/stories", f"/stories?{MONTH}", "/mentions", "/mentions?brand=acme&topic=outage", "/mentions?search=credit",
    "/mentions?search=zeppelin", "/mentions?page=20", "/outlets", f"/outlets?{MONTH}", "/sources", "/runs",
    "/watchlist",
)  # fmt: skip


def ask(host: str, path: str) -> tuple[float, bytes]:
    """Milliseconds, and the answer."""
    connection = HTTPConnection(host, timeout=600)
    begun = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, f"{path}: {answer.status}"
    return 1000 * (time.perf_counter() - begun), body


def measure(host: str) -> None:
    """Asks and prints."""
    first = json.loads(ask(host, "/export/mentions.json?since=2026-01-04")[1])[0]["mention"]
    everything: list[float] = []
    for path in (*PATHS, f"/mentions/{first}"):
        ask(host, path)
        found = sorted(ask(host, path)[0] for _ in range(TIMES))
        everything += found
        print(f"{path:60} median {statistics.median(found):6.0f} ms, worst {found[-1]:6.0f}")
    print(f"p95 of all {statistics.quantiles(everything, n=20)[-1]:.0f} ms")


def main() -> None:
    """Makes the store, starts the page, measures."""
    mentions = int(sys.argv[1]) if len(sys.argv) > 1 else MENTIONS
    with TemporaryDirectory() as name:
        database, watchlist = Path(name, "bench.duckdb"), Path(name, "watchlist.toml")
        watchlist.write_text(toml(database))
        print(f"making {mentions:,} mentions")
        make(database, mentions)
        command = [sys.executable, str(ROOT / "presswatch.py"), "--watchlist", str(watchlist), "serve", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
            assert served.stdout is not None
            measure(served.stdout.readline().split()[0].removeprefix("http://"))
            served.terminate()


if __name__ == "__main__":
    main()
