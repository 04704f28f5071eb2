"""Templates and what all of them know; the style sheet."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from analysis.design import figures
from analysis.design.colours import css_variables
from analysis.design.fonts import inline_faces
from analysis.watchlist import Watchlist
from analysis.web.asked import Asked

_FILTERS = "day_name signed percent plural safe_url moment mark tone_class visible listed"
PLACES = {
    "": "Overview",
    "trends": "Trends",
    "share": "Share of voice",
    "stories": "Stories",
    "mentions": "Mentions",
    "outlets": "Outlets",
    "sources": "Sources",
    "runs": "Runs",
    "watchlist": "Watchlist",
}


class Pages:
    """Draws templates; escapes everything, and an unknown name is an error."""

    def __init__(self, watchlist: Callable[[], Watchlist | None]) -> None:
        self.watchlist = watchlist
        self.environment = Environment(
            loader=PackageLoader("analysis.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self.environment.filters |= {name: getattr(figures, name) for name in _FILTERS.split()}

    def show(self, request: Request, name: str, asked: Asked, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page `name`."""
        watchlist = self.watchlist()
        path = request.url.path.strip("/")
        text = self.environment.get_template(f"{name}.html").render(
            places=PLACES, path=path, asked=asked,
            brands={brand.id: brand.name for brand in watchlist.brands} if watchlist else {},
            topics={topic.id: topic.id for topic in watchlist.topics} if watchlist else {},
            **values,
        )  # fmt: skip
        return HTMLResponse(text, status)

    def mistake(self, request: Request, words: str, status: int) -> HTMLResponse:
        """What cannot be shown, and why."""
        return self.show(request, "mistake", Asked(), status=status, words=words)

    def brand(self, brand_id: str | None) -> str:
        """Its name."""
        watchlist = self.watchlist()
        names = {brand.id: brand.name for brand in watchlist.brands} if watchlist else {}
        return names.get(brand_id or "", brand_id or "all brands")


def style() -> str:
    """The style sheet: tokens, fonts, components, and what only the pages have."""
    shared = files("analysis.design").joinpath("style.css").read_text("utf8")
    own = files("analysis.web").joinpath("templates", "page.css").read_text("utf8")
    return css_variables() + inline_faces() + shared + own
