"""Commands around the scorer: score (sentences from outside, or what people corrected) and suggest (words)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, get_args

import click

from analysis.console.front import Front, global_options, pass_front
from analysis.console.output import format_option, write
from analysis.store.regression import Correction, Recent, corrections, effects, recent
from analysis.tone import ABSTAIN_BELOW, Scorer, ScorerName, Words, choose
from analysis.tone.articles import brand_names
from analysis.tone.lines import score_lines
from analysis.tone.suggestions import Judged, Suggestion
from analysis.tone.suggestions import suggest as suggestions
from analysis.trends import Answer

_GOT_WORSE = 1
_COLUMNS = ("phrase", "valence", "fixes", "breaks", "example", "brand", "mentions", "changed", "before", "after")


def scorer_of(front: Front, name: ScorerName | None, more: Words = ()) -> Scorer:
    """The scorer as the watchlist wants it, where there is one; `more` words go before the watchlist's."""
    if not front.where.exists():
        return choose(name, abstain_below=ABSTAIN_BELOW, words=more)
    tone = front.watchlist.tone
    words = (*more, *tone.own_words)
    return choose(name, names=_names(front), abstain_below=tone.abstain_below, words=words)


def _names(front: Front) -> tuple[str, ...]:
    return brand_names((brand.name, brand.aliases) for brand in front.watchlist.brands)


@click.command()
@click.option("--target", help="Brand for lines that name none.")
@click.option("--scorer", type=click.Choice(get_args(ScorerName)), help="Which.  [default: the best that is installed]")
@click.option("--check-corrections", "check", is_flag=True, help="Score what people corrected, and compare.")
@global_options
@pass_front
def score(front: Front, /, target: str | None, scorer: ScorerName | None, check: bool) -> int:
    """JSON lines {id, sentence, target[, start, end]} from stdin to tone toward the target."""
    chosen = scorer_of(front, scorer)  # the other brands that a watchlist names are told apart from the target
    if check:
        return _check(corrections(front.database), chosen)
    for line in score_lines(sys.stdin, chosen, default=target):
        click.echo(line)
    return 0


def _check(found: list[Correction], scorer: Scorer) -> int:
    """A line a corrected sentence; the status is 1 where the scorer is wrong on one that its forerunner had right."""
    rows = list(_checked(found, scorer))
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))
    said = [row["verdict"] for row in rows]
    worse = sum(row["wanted"] == row["stored"] and row["verdict"] != "right" for row in rows)
    click.echo(
        f"{len(rows)} corrected sentences under {scorer.version}: {said.count('right')} as corrected, "
        f"{said.count('opposite')} of the opposite sign; {worse} were right when they were stored",
        err=True,
    )
    return _GOT_WORSE if worse else 0


def _checked(found: list[Correction], scorer: Scorer) -> Iterator[dict[str, Any]]:
    scores = scorer.score([each.target for each in found])
    for each, score_now in zip(found, scores, strict=True):
        label = score_now.label if score_now else None
        confident = score_now is not None and score_now.confident
        # A sentence that says both is read rightly by a scorer that does not take sides.
        right = label == each.label or (each.label == "mixed" and (label == "neu" or not confident))
        yield {
            "mention": each.mention_id,
            "brand": each.brand_id,
            "wanted": each.label,
            "stored": each.stored,
            "label": label,
            "tone": score_now.tone if score_now else None,
            "confident": confident,
            "verdict": "right" if right else "opposite" if {label, each.label} == {"pos", "neg"} else "wrong",
            "sentence": each.target.sentence,
            "who": each.who,
            "why": each.why,
        }


@click.command()
@click.option("--days", type=click.IntRange(1), default=90, show_default=True, help="Days of coverage to try them on.")
@format_option
@global_options
@pass_front
def suggest(front: Front, /, days: int, form: str) -> None:
    """Words that corrections say the word pack lacks or misreads, and what accepting them would change."""
    judged = [
        Judged(each.mention_id, each.target, each.label)
        for each in corrections(front.database)
        if each.label != "mixed"
    ]
    found = suggestions(judged, _names(front), front.watchlist.tone.own_words)
    mentions = recent(front.database, days) if found else []
    rows = [row for each in found for row in _effects(front, each, mentions)]
    write(Answer(_COLUMNS, tuple(rows), ""), form)
    if found:
        click.echo(
            'to accept one: [tone.words] of the watchlist, "phrase" = valence; then presswatch rescore', err=True
        )


def _effects(front: Front, each: Suggestion, mentions: list[Recent]) -> Iterator[tuple[Any, ...]]:
    head = (each.phrase, each.valence, len(each.fixes), len(each.breaks), each.fixes[0])
    found = effects(mentions, each.phrase, scorer_of(front, None, ((each.phrase, each.valence),)))
    for effect in found:
        yield (*head, effect.brand_id, effect.mentions, effect.changed, effect.before, effect.after)
    if not found:
        yield (*head, None, 0, 0, None, None)
