"""`make screenshots`: the sample newsroom's report and page as pictures for README and docs, taken in Chromium.

The story stands as it was, in August 2008, so that the pictures differ only where report and page do.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Browser

from tests.browser import chromium
from tests.newsroom.serve import newsroom

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SHOTS = (
    ("report.png", 1180, 1500, "light"),
    ("report-dark.png", 1180, 1500, "dark"),
    ("report-phone.png", 390, 1500, "light"),
)
PAGES = (
    ("page.png", "/?since=2008-08-01&until=2008-08-30", 1180, 1180),
    ("page-mentions.png", "/mentions?search=credit", 1180, 900),
)
WINDOW = ("--since", "2008-08-01", "--until", "2008-08-30")


def main() -> int:
    """Crawl, report, take the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        with newsroom(replay="2008", edition=2) as room:
            watchlist = folder / "watchlist.toml"
            room.watchlist(watchlist)
            command = [sys.executable, "presswatch.py", "--watchlist", str(watchlist)]
            command += ["--db", str(folder / "press.duckdb")]
            subprocess.run([*command, "crawl"], check=False)  # 1: some links of the newsroom are dead on purpose
        subprocess.run([*command, "report", "--out", str(folder), "--format", "html", *WINDOW], check=True)
        (report,) = folder.glob("presswatch-*.html")
        with chromium() as browser:
            for file, width, height, scheme in SHOTS:
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                page.goto(report.as_uri())
                page.screenshot(path=PICTURES / file)
                print(PICTURES / file)
            take_pages(browser, [*command, "serve", "--port", "0"])
    return 0


def take_pages(browser: Browser, command: list[str]) -> None:
    """The pictures of `presswatch serve`."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        address = served.stdout.readline().split()[0]
        for file, path, width, height in PAGES:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(address + path)
            page.screenshot(path=PICTURES / file)
            print(PICTURES / file)
        served.terminate()


if __name__ == "__main__":
    sys.exit(main())
