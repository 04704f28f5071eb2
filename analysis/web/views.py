"""The pages, one function each: what is asked of the store, and which template shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from analysis.errors import UserError
from analysis.items import Label
from analysis.store.corrections import correct
from analysis.trends import coverage, share
from analysis.trends.evidence import mention
from analysis.trends.forms import WRITERS
from analysis.trends.series import reached
from analysis.trends.stories import stories
from analysis.trends.told import ALERTS
from analysis.web import drawing
from analysis.web.answers import CORRECTIONS, TROUBLE, Store
from analysis.web.asked import Asked, days_of, read, recent
from analysis.web.pages import Pages

MOST = 100_000
"""Rows of an export."""
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"
TABLES = ("trends", "share", "outlets", "stories", "mentions", "sources", "runs")
LABELS = get_args(Label)


class Views:
    """Handlers of the routes; they run in threads, because they wait for the database."""

    def __init__(self, store: Store, pages: Pages) -> None:
        self.store = store
        self.pages = pages

    def overview(self, request: Request) -> Response:
        """The last thirty days of our brand, who else is written about, what to look at."""
        asked = recent(self._asked(request), self.store.last_day(), 30)
        first, last = days_of(asked)
        toward = self.store.toward(asked.filters)
        own, zone = replace(asked.filters, brand=toward), self.store.zone
        week = replace(own, since=last - timedelta(days=6))
        alerts = replace(ALERTS, limit=3)
        volume, voices, top, raised, health, corrected, collected = self.store.ask(
            coverage("day", own, zone),
            share(replace(own, brand=None), zone),
            replace(stories(week, zone, toward, 5), limit=5),
            alerts,
            TROUBLE,
            replace(CORRECTIONS, limit=3),
            reached(first, last),
        )
        drawn = drawing.volume(
            volume.dicts(), replace(asked, filters=own), {row[0] for row in collected.rows}, self.pages.brand(toward)
        )
        return self.pages.show(
            request, "overview", asked, charts=drawn, voices=voices.dicts(), top=top.dicts(), alerts=raised.dicts(),
            toward=toward, trouble=[row for row in health.dicts() if row["reason"]], sources=len(health.rows),
            corrections=corrected.dicts(), week=week,
        )  # fmt: skip

    def table(self, request: Request) -> Response:
        """Trends, share, outlets, stories, mentions, sources or runs, by the path."""
        name = request.url.path.strip("/")
        asked = self._asked(request)
        answer, more = self.store.page(self.store.question(name, asked), asked)
        rows = answer.dicts()
        for row in rows if name == "trends" else []:
            row["sentences"] = drawing.sentences(row["period"], asked, brand=row["brand"])
        return self.pages.show(
            request, name, asked, rows=rows, more=more, charts=self._chart(name, asked),
            toward=self.store.toward(asked.filters),
        )  # fmt: skip

    def _chart(self, name: str, asked: Asked) -> list[Any]:
        if name != "trends":
            return []
        asked = recent(asked, self.store.last_day(), 60 if asked.by in {"hour", "day"} else 3660)
        toward = self.store.toward(asked.filters)
        own = replace(asked.filters, brand=toward, search=None)
        volume, collected = self.store.ask(coverage(asked.by, own, self.store.zone), reached(*days_of(asked)))
        found = {row[0] for row in collected.rows}
        return drawing.volume(volume.dicts(), replace(asked, filters=own), found, self.pages.brand(toward))

    def export(self, request: Request) -> Response:
        """What a table shows, all its pages, as a file."""
        name, form = request.path_params["name"], request.path_params["form"]
        if name not in TABLES or form not in _KINDS:
            raise UserError(f"{name}.{form}: no such export")
        asked = self._asked(request)
        question = self.store.question(name, asked)
        if form == "xlsx":
            with TemporaryDirectory() as folder:
                path = Path(folder, "rows.xlsx")
                self.store.workbook(question, asked, MOST, path, name)
                body = path.read_bytes()
        else:
            out = StringIO()
            WRITERS[form](self.store.whole(question, asked, MOST), out)
            body = out.getvalue().encode()
        attached = {"content-disposition": f'attachment; filename="presswatch-{name}.{form}"'}
        return Response(body, headers=attached, media_type=_KINDS[form])

    def story(self, request: Request) -> Response:
        """One event: its articles, what each changed, and its sentences."""
        told, said = self.store.story(request.path_params["story"])
        return self.pages.show(request, "story", Asked(), articles=told.dicts(), sentences_of=said.dicts())

    def mention(self, request: Request, mistake: str = "", status: int = 200) -> Response:
        """One sentence: why it has its score, and a form to put that right."""
        name = request.path_params["mention"]
        lines = self.store.reasons(name)
        spans = self.store.spans(name)
        found = self.store.ask(mention(name, self.store.zone))[0].dicts()
        if not found:
            raise UserError(f"{name}: stands in an older revision only; nothing counts it any more")
        return self.pages.show(
            request, "mention", Asked(), status=status, it=found[0], mistake=mistake,
            reasons="\n".join(lines[1:]),
            marked=marked(found[0]["sentence"], spans),
            labels=LABELS, done=request.query_params.get("reached", ""), user=request.scope.get("user", ""),
        )  # fmt: skip

    def archived(self, request: Request) -> Response:
        """The page as it came: without script, without anything from elsewhere, in an origin of its own."""
        name = request.path_params["mention"]
        page = self.store.archived(name)
        if page is None:
            raise UserError(f"{name}: no such page is in the archive ([crawl] archive)")
        shown = page.content_type if page.content_type.startswith("text/html") else "text/plain; charset=utf-8"
        return Response(page.body, headers={"content-security-policy": _SANDBOX, "content-type": shown})

    def correct(self, request: Request, form: dict[str, str]) -> Response:
        """A person's word in the place of the score; then the sentence again, with what it reached."""
        name, label = request.path_params["mention"], form.get("label", "")
        who, why = request.scope.get("user") or form.get("who", "").strip(), form.get("why", "").strip()
        if label not in LABELS or not who or not why:
            return self.mention(request, "A tone, a reason and a name are needed; somebody will ask.", 422)
        if len(who) > 100 or len(why) > 1000:
            return self.mention(request, "At most 100 characters for the name, 1,000 for the reason.", 422)
        done = correct(self.store.database, name, label, why=why, who=who)  # type: ignore[arg-type]
        return RedirectResponse(f"/mentions/{name}?reached={done.reached}", 303)

    def watchlist(self, request: Request) -> Response:
        """What is watched, read only."""
        return self.pages.show(request, "watchlist", Asked(), watchlist=self.store.watchlist())

    def _asked(self, request: Request) -> Asked:
        given = request.query_params
        if len(given.multi_items()) != len(given):
            raise UserError("each filter once")
        return read(given, self.store.watchlist())


def marked(sentence: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The sentence in parts, and whether each names the brand."""
    parts, done = [], 0
    for start, end in sorted(spans):
        if done <= start < end <= len(sentence):
            parts += [(sentence[done:start], False), (sentence[start:end], True)]
            done = end
    return [*(part for part in parts if part[0]), (sentence[done:], False)]
