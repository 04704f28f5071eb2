"""Text without a tone, or with none that we can read, by `presswatch score` and by a crawl (faults.md, V1-V4)."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from time import process_time

import pytest

from analysis.tone import Target, choose
from tests.command import TIMEOUT, environment, line, presswatch, rows
from tests.site import Page, article, rss, site, watchlist

GERMAN = """Netflix ist seit Stunden nicht erreichbar, und das ist eine absolute Katastrophe für alle Kunden. Der
Sprecher sagte am Montag, dass die Ursache noch nicht bekannt sei und dass man mit Hochdruck daran arbeite."""
JAPANESE = """Netflixのサービスは数時間にわたって停止しており、利用者にとっては最悪の事態となっている。会社は月曜日に
原因を調査していると述べた。サービスがいつ再開されるかはまだ分からない。"""


def scored(folder: Path, *sentences: object) -> list[dict[str, object]]:
    """What `presswatch score` says of each."""
    asked = "\n".join(json.dumps({"id": n, "sentence": s, "target": "Acme"}) for n, s in enumerate(sentences))
    done = subprocess.run(
        line(folder / "watchlist.toml", "score"), cwd=folder, env=environment(folder), input=asked,
        capture_output=True, text=True, timeout=TIMEOUT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(said) for said in done.stdout.splitlines()]


def test_no_text_has_no_tone_and_floods_are_bounded(tmp_path: Path) -> None:
    """Not "neutral" but null; emoji and capitals without end, and a zero-width space, end between -1 and 1."""
    nothing = ("", "   ", "\u200b\u00ad", "?!...")
    floods = ("Acme " + "😡" * 20_000, "ACME IS DOWN " * 2_000, "Acme was great\u200b.", "Acme was great.")
    said = scored(tmp_path, *nothing, *floods)

    assert [(row["tone"], row["label"]) for row in said[: len(nothing)]] == [(None, None)] * len(nothing)
    for row in said[len(nothing) :]:
        assert isinstance(row["tone"], float)
        assert -1 <= row["tone"] <= 1
        assert row["label"] in {"pos", "neu", "neg"}
    assert said[-1]["tone"] == said[-2]["tone"]


@pytest.mark.parametrize("name", ["vader", None])
def test_a_sentence_of_30_000_words_costs_what_plain_ones_cost(name: str | None) -> None:
    """One endless sentence costs less processor time than three hundred plain ones, not their number squared."""
    scorer = choose(name)  # type: ignore[arg-type]
    plain = [
        Target(f"Acme was unavailable and slow on day {day}, and nobody knew why.", ((0, 4),)) for day in range(300)
    ]
    endless = Target("Acme was unavailable and slow. " * 6_000, ((0, 4),))
    scorer.score(plain[:1])
    began = process_time()
    scorer.score(plain)
    between = process_time()
    (score,) = scorer.score([endless])

    assert score is not None
    assert score.tone < 0
    assert process_time() - between < between - began


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """After a crawl of pages in three languages, one that is very long, and one that is only a headline."""
    folder = tmp_path_factory.mktemp("odd")
    long = ["The figures were as expected, and nobody was surprised. " * 60 for _ in range(60)]
    pages = {
        "/english": article("Netflix outage", "Netflix is down, and it is a disaster for everyone."),
        "/long": article("Netflix outage drags on", "Netflix is down, and it is a disaster for everyone.", *long),
        "/german": f'<html lang="de"><title>Netflix steht still</title><article><h1>Netflix steht still</h1><p>{GERMAN}'
                   f"</p><p>{GERMAN}</p></article></html>",
        "/japanese": f'<html lang="ja"><title>Netflixが停止</title><article><h1>Netflixが停止</h1><p>{JAPANESE}</p>'
                     f"<p>{JAPANESE}</p></article></html>",
        "/title": "<html><title>Netflix outage</title><body><h1>Netflix outage</h1></body></html>",
    }  # fmt: skip
    with site("127.8.0.7") as paper:
        paper.pages |= {where: Page(body=text) for where, text in pages.items()}
        dates = (format_datetime(datetime.now(UTC) - timedelta(hours=3)),) * len(pages)
        listed = rss(*((where, "Netflix") for where in pages), dates=dates)
        paper.pages["/feed"] = Page(body=listed, kind="application/rss+xml")
        path = watchlist(folder, ("paper", "feed", paper.url("/feed")), allow_private='["127.8.0.0/16"]')
        presswatch(path, "crawl")
    return path


def test_other_languages_are_coverage_without_a_tone(path: Path) -> None:
    """Counted as mentions, in no average."""
    said = rows(path, "SELECT language, count(*), count(m.tone) FROM mentions m JOIN articles a USING (article_id) "
                      "GROUP BY language ORDER BY language")  # fmt: skip
    counts = {language: (mentions, tones) for language, mentions, tones in said}
    ((mentions, positive, neutral, negative, abstained, net),) = rows(
        path, "SELECT sum(mentions), sum(positive), sum(neutral), sum(negative), sum(abstained), avg(net_tone) "
              "FROM daily_coverage WHERE topic_id IS NULL",
    )  # fmt: skip

    assert counts["de"][0] > 0
    assert counts["de"][1] == 0
    assert counts["en"][0] == counts["en"][1] > 0
    assert mentions == sum(found for found, _ in counts.values())
    assert positive + neutral + negative + abstained == mentions
    assert positive + neutral + negative <= counts["en"][1]
    assert net < 0
    assert rows(path, "SELECT count(*) FROM mentions m JOIN articles USING (article_id) "
                      "WHERE language = 'ja' AND m.tone IS NOT NULL") == [(0,)]  # fmt: skip


def test_a_page_that_is_only_a_headline_is_told(path: Path) -> None:
    """It ends under a name, and is no article with the tone 0."""
    found = dict(rows(path, "SELECT regexp_extract(url, '[a-z]+$'), reason FROM private.urls"))

    assert found["english"] == found["long"] == found["german"] == "stored"
    assert found["title"] not in {None, "stored"}
