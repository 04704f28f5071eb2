"""`presswatch bench`: what questions and nights cost at a size, measured here."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from analysis.bench.asked import costs
from analysis.bench.night import load_night
from analysis.bench.synthetic import make
from analysis.console.front import Front, global_options, pass_front
from analysis.console.output import format_option, write
from analysis.errors import UserError
from analysis.trends import Answer

_SMALL = 100_000
_NIGHT = 10_000
_NIGHTS = 3  # the cheapest counts


@click.command()
@click.option("--mentions", type=click.IntRange(1000), default=1_000_000, show_default=True, help="Size of the store.")
@click.option(
    "--keep-in",
    "kept",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the store, which stays there.",
)
@format_option
@global_options
@pass_front
def bench(front: Front, /, mentions: int, kept: Path | None, form: str) -> None:
    """Make up a store of any size and measure every query and a night."""
    with ExitStack() as stack:
        folder = kept or Path(stack.enter_context(TemporaryDirectory(prefix="presswatch-bench-")))
        if not front.quiet:
            click.echo(f"making {mentions:,} mentions in {folder}", err=True)
        rows = _measure(folder, mentions)
    write(Answer(("what", "cpu_ms", "rows"), tuple(rows), ""), form)


def _measure(folder: Path, mentions: int) -> list[tuple[object, ...]]:
    database, small, least = folder / "bench.duckdb", folder / "small.duckdb", min(_SMALL, mentions)
    for path in (database, small):
        if path.exists():
            raise UserError(f"{path}: exists already; another folder, please")
    watchlist = make(database, mentions)
    make(small, least)
    rows: list[tuple[object, ...]] = [(cost.what, cost.cpu_ms, cost.rows) for cost in costs(database, watchlist)]
    at_least, _ = min(load_night(small, number, _NIGHT) for number in range(_NIGHTS))
    here, copied = min(load_night(database, number, _NIGHT) for number in range(_NIGHTS))
    return [
        *rows,
        (f"load of a night of {_NIGHT:,} mentions", here * 1000, _NIGHT),
        (f"the same with {least:,} mentions stored", at_least * 1000, _NIGHT),
        ("growth of that", here / at_least, None),
        ("copy of the store for readers", copied * 1000, None),
    ]
