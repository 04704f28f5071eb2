"""Who may ask the page, and what it may be asked (faults.md, W1 to W4)."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.analysis.web.conftest import BAD, Served, serving, store
from tests.command import presswatch


def test_it_listens_on_this_machine_only(served: Served) -> None:
    assert served.address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "evil.example:8700"])
def test_an_unknown_host_is_refused(served: Served, host: str) -> None:
    """DNS rebinding: a foreign name that leads here."""
    assert served.ask("/", Host=host).status == 421


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site", "Origin": "http://127.0.0.1"},
        {"Sec_Fetch_Site": "none"},
    ],
)
def test_forms_of_other_pages_are_refused(served: Served, headers: dict[str, str]) -> None:
    """And nothing is corrected."""
    name = served.mention(BAD)
    form = {"label": "pos", "why": "x", "who": "x"}

    assert served.ask(f"/mentions/{name}", "POST", form, **headers).status == 403
    assert "corrected" not in served.ask(f"/mentions/{name}").text.partition("Why this tone")[0]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("page=1000000000", "page"),
        ("page=-1", "page"),
        ("page=%D9%A1", "page"),
        ("sort=nothing", "sort: nothing is none of"),
        ("sort=title;DROP", "sort"),
        ("sort=title:up", "sort"),
        ("brand=unknown", "brand: unknown is none of"),
        ("since=2026-13-01", "since"),
        ("since=2026-02-02&until=2026-01-01", "since"),
        ("since=0001-01-01", "since"),
        ("tier=9", "tier"),
        ("by=minute", "by"),
        ("search=%00", "search"),
        (f"search={'x' * 300}", "search"),
        ("other=1", "other: no such filter"),
        ("brand=acme&brand=bolt", "once"),
    ],
)
def test_a_filter_that_cannot_be_is_a_readable_mistake(served: Served, query: str, said: str) -> None:
    reply = served.ask(f"/mentions?{query}")

    assert reply.status in (400, 404)
    assert said in reply.text
    assert "Traceback" not in reply.text


def test_an_address_without_end_is_refused(served: Served) -> None:
    assert served.ask(f"/mentions?search={'x' * 60_000}").status == 414


def test_what_is_not_there(served: Served) -> None:
    """404, as a page."""
    for path in ("/nothing", "/mentions/0", "/stories/0", "/export/secrets.csv", "/export/mentions.exe"):
        reply = served.ask(path)
        assert (reply.status, "This cannot be shown" in reply.text) == (404, True), path


def test_every_answer_forbids_script(served: Served) -> None:
    for path in ("/", "/mentions", "/nothing", "/style.css", "/export/mentions.csv"):
        policy = served.ask(path).raw.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy
        assert "script-src" not in policy


def test_a_form_is_small_and_a_form(served: Served) -> None:
    own = {"Sec_Fetch_Site": "same-origin"}
    place = f"/mentions/{served.mention(BAD)}"

    assert served.ask(place, "POST", {"why": "x" * 20_000}, **own).status == 413
    assert served.ask(place, "POST", {str(n): "x" for n in range(30)}, **own).status == 400
    for form in ({}, {"label": "good", "why": "x", "who": "x"}, {"label": "pos", "why": " ", "who": "x"}):
        assert served.ask(place, "POST", form, **own).status == 422
    assert served.ask("/mentions/0", "POST", {"label": "pos", "why": "x", "who": "x"}, **own).status == 404


def test_other_machines_need_a_password(tmp_path: Path) -> None:
    """One line, exit status 2, no port opened."""
    done = presswatch(store(tmp_path), "serve", "--host", "0.0.0.0")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "PRESSWATCH_PASSWORD" in done.stderr


def test_a_port_that_is_taken_is_one_line(served: Served) -> None:
    port = served.address.rpartition(":")[2]
    done = presswatch(served.watchlist, "serve", "--port", port)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"--port {port}: another program listens there" in done.stderr


def test_the_password_names_who_corrects(tmp_path: Path) -> None:
    """HTTP Basic: none, a wrong one, the right one; the user's name stands under the correction."""
    right = _basic("ana:open sesame")
    with serving(store(tmp_path), PRESSWATCH_PASSWORD="open sesame") as found:
        for wrong in ("", "Basic x", "Bearer open sesame", _basic("ana:guess"), _basic("ana"), "Basic \xff"):
            assert found.ask("/", Authorization=wrong).status == 401, wrong
        assert "Basic" in found.ask("/").raw.headers["WWW-Authenticate"]
        rows = json.loads(found.ask("/export/mentions.json", Authorization=right).text)
        place = "/mentions/" + next(row["mention"] for row in rows if row["sentence"] == BAD)
        form = {"label": "neu", "why": "planned", "who": "somebody else"}
        assert found.ask(place, "POST", form, Authorization=right, Origin=found.address).status == 303
        assert "ana: neg -&gt; neu, because planned" in found.ask(place, Authorization=right).text


def _basic(user: str) -> str:
    return f"Basic {base64.b64encode(user.encode()).decode()}"


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    path = store(tmp_path)
    (tmp_path / "watchlist.duckdb").unlink()
    with serving(path) as found:
        reply = found.ask("/")

    assert reply.status == 500
    assert "no database yet" in reply.text
