"""Commands that write files: init, report, export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.console.asking import Day
from analysis.console.front import Front, global_options, pass_front
from analysis.errors import UserError
from analysis.report import FORMATS as REPORT_FORMATS
from analysis.report import write_report
from analysis.store.export import FORMATS as EXPORT_FORMATS
from analysis.store.export import export_views
from analysis.store.ledger import run_lock
from analysis.store.restore import damage
from analysis.store.restore import restore as put_back
from analysis.watchlist import TEMPLATE


class Formats(click.ParamType[tuple[str, ...]]):
    """Names separated by commas."""

    name = "FORMATS"

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Raises click.BadParameter: a name that is not allowed."""
        chosen = tuple(dict.fromkeys(part.strip() for part in str(value).split(",")))
        for part in chosen:
            if part not in self.allowed:
                self.fail(f"{part!r} is not allowed; one or more of {', '.join(self.allowed)}", param, ctx)
        return chosen


@click.command()
@click.argument("directory", default=".", type=click.Path(path_type=Path, file_okay=False))
@global_options
def init(directory: Path) -> None:
    """Write a commented watchlist.toml; never overwrites."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "watchlist.toml"
    try:
        with path.open("x", encoding="utf8") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        raise UserError(f"{path}: exists already and was left as it is") from None
    click.echo(f"{path} written; edit it, then `presswatch check`")


@click.command()
@click.option("--since", type=Day(), help="First day, included.  [default: 30 days back]")
@click.option("--until", type=Day(), help="Last day, included.  [default: today]")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    help="Folder to write into.",
)
@click.option(
    "--format",
    "formats",
    type=Formats(REPORT_FORMATS),
    default=",".join(REPORT_FORMATS),
    show_default=True,
    help="Which, separated by commas.",
)
@global_options
@pass_front
def report(front: Front, /, since: Any, until: Any, out: Path, formats: tuple[str, ...]) -> None:
    """The report, as files in a folder."""
    for path in write_report(front.database, front.watchlist, out, since=since, until=until, formats=formats,
                             warn=front.warn):  # fmt: skip
        click.echo(path)


@click.command()
@click.option(
    "--format",
    "formats",
    type=Formats(EXPORT_FORMATS),
    default="parquet",
    show_default=True,
    help="Which, separated by commas.",
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write into.")
@global_options
@pass_front
def export(front: Front, /, formats: tuple[str, ...], out: Path) -> None:
    """The public views, one file each.

    Times in a workbook (xlsx) are UTC.
    """
    for path in export_views(front.database, out, formats):
        click.echo(path)


@click.command()
@click.option("--from", "source", type=click.Path(path_type=Path),
              help="A copy, or the folder of a backup.  [default: the newest sound one]")  # fmt: skip
@click.option("--force", is_flag=True, help="Also where the database is not damaged.")
@global_options
@pass_front
def restore(front: Front, /, source: Path | None, force: bool) -> None:
    """Put a sound copy in the place of a damaged database, which is kept aside; says what is lost."""
    with run_lock(front.database):
        if front.database.exists() and not force and damage(front.database) is None:
            raise UserError(f"{front.database}: is sound; --force restores it all the same")
        click.echo(put_back(front.database, source).words)
