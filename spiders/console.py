"""Commands that touch the web or pages from it: check, crawl, extract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from analysis.console.asking import Day
from analysis.console.front import Front, global_options, pass_front
from analysis.console.output import format_option
from analysis.errors import UserError
from spiders.extraction.batch import pages_in
from spiders.extraction.bounded import addresses, stored_rows
from spiders.probe import probe_sources
from spiders.process import crawl as run_crawl
from spiders.process import fetch_one


@click.command()
@click.option("--probe", is_flag=True, help="Ask each source once and say what it answered.")
@format_option
@global_options
@pass_front
def check(front: Front, /, probe: bool, form: str) -> int:
    """Validate the watchlist."""
    watchlist = front.watchlist
    click.echo(
        f"{front.where}: right; {len(watchlist.brands)} brands, {len(watchlist.topics)} topics, "
        f"{len(watchlist.sources)} sources"
    )
    if not probe:
        return 0
    return probe_sources(front, form)


@click.command()
@click.option("--topic", "topics", multiple=True, help="Only articles about this topic (id); may be repeated.")
@click.option("--source", "sources", multiple=True, help="Only this source (id); may be repeated.")
@click.option("--since", type=Day(), help="Leave alone what a source says is older.")
@click.option("--discover-only", is_flag=True, help="Keep what the sources name; the next run fetches it.")
@global_options
@pass_front
def crawl(front: Front, /, topics: tuple[str, ...], sources: tuple[str, ...], since: Any, discover_only: bool) -> int:
    """Ask the sources, fetch what is new, and store what names a watched brand."""
    return run_crawl(front, "crawl", topics=topics, sources=sources, since=since, discover_only=discover_only)


@click.command()
@click.argument("page", required=False)
@click.option("--url", help="The page's address, for a file.")
@click.option("--batch", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="All *.html and *.html.gz files of a folder, one JSON line each.")  # fmt: skip
@click.option("--urls", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="JSON map of id to address, for --batch.")  # fmt: skip
@global_options
@pass_front
def extract(front: Front, /, page: str | None, url: str | None, batch: Path | None, urls: Path | None) -> int:
    """What the extractor makes of one page (file or URL), or of a folder of them."""
    if (page is None) == (batch is None):
        raise click.UsageError("give a file, a URL or --batch DIR")
    if batch is not None:
        for row in stored_rows(pages_in(batch), addresses(urls)):
            click.echo(json.dumps(row, ensure_ascii=False))
        return 0
    assert page is not None
    if page.startswith(("http://", "https://")):
        row = fetch_one(front, page)
    else:
        if not Path(page).is_file():
            raise UserError(f"{page}: no such file")
        row = next(stored_rows([Path(page)], {}, url))
    click.echo(json.dumps(row, ensure_ascii=False, indent=2))
    return 0
