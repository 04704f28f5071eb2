from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import UserError
from analysis.tone import choose
from analysis.tone.lines import BATCH, find, parse, score_lines

SCORER = choose("vader")


def answers(*lines: str, default: str | None = None) -> list[dict[str, object]]:
    return [json.loads(line) for line in score_lines(lines, SCORER, default)]


def test_answer() -> None:
    (answer,) = answers('{"id": 7, "sentence": "Acme is down.", "target": "Acme"}')
    assert list(answer) == ["id", "target", "tone", "label", "confident", "scorer", "vader"]
    assert (answer["id"], answer["target"], answer["label"], answer["confident"]) == (7, "Acme", "neg", True)
    assert answer["scorer"] == SCORER.version


def test_default_target() -> None:
    line = '{"id": 1, "sentence": "Acme is down."}'
    assert answers(line, default="Acme") == answers(line[:-1] + ', "target": "Acme"}')


def test_blank_lines_are_passed_over_and_still_counted() -> None:
    assert len(answers("", '{"id": 1, "sentence": "x", "target": "x"}', "\n")) == 1
    with pytest.raises(UserError, match=r"^line 3: "):
        answers("", "", "[]")


def test_no_word_has_no_tone() -> None:
    (answer,) = answers('{"id": 1, "sentence": "...", "target": "Acme"}')
    assert (answer["tone"], answer["label"], answer["vader"], answer["confident"]) == (None, None, None, False)


def test_given_span_comes_first_and_the_name_again_counts_too() -> None:
    request = parse('{"sentence": "Acme and Acme and acme", "target": "A", "start": 9, "end": 13}', 1)
    assert request.target.spans == ((9, 13), (0, 4))


def test_find() -> None:
    assert find("Netflix", "netflix and Netflix's shop") == ((0, 7), (12, 19))
    assert find("Art", "Partly art, artful") == ((7, 10),)
    assert find("art", "Partly") == ((1, 4),)
    assert find("Hulu", "Netflix") == ()
    assert find("A.C.M.E.", "the A.C.M.E. shop") == ((4, 12),)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: not JSON"),
        ("3", "line 1: needs an object"),
        ('{"target": "Acme"}', "line 1: sentence: needs a string"),
        ('{"sentence": null, "target": "Acme"}', "line 1: sentence: needs a string"),
        ('{"sentence": "Acme"}', "line 1: target: needs a name"),
        ('{"sentence": "Acme", "target": ""}', "line 1: target: needs a name"),
        ('{"sentence": "Acme", "target": "A", "start": 0}', "line 1: start, end"),
        ('{"sentence": "Acme", "target": "A", "start": 0, "end": 9}', "line 1: start, end"),
        ('{"sentence": "Acme", "target": "A", "start": 2, "end": 2}', "line 1: start, end"),
        ('{"sentence": "Acme", "target": "A", "start": true, "end": 2}', "line 1: start, end"),
        ('{"sentence": "Acme", "target": "A", "start": "0", "end": "2"}', "line 1: start, end"),
    ],
)
def test_a_bad_line_is_one_line_of_error(line: str, message: str) -> None:
    with pytest.raises(UserError) as error:
        answers(line)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_lines_before_a_bad_one_are_answered() -> None:
    good = '{"id": 1, "sentence": "Acme is down.", "target": "Acme"}'
    found = score_lines([good, good, "bad"], SCORER)
    assert [json.loads(next(found))["id"] for _ in range(2)] == [1, 1]
    with pytest.raises(UserError, match=r"^line 3: "):
        next(found)


@pytest.mark.parametrize("count", [0, 1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH])
def test_one_answer_a_line_in_order(count: int) -> None:
    lines = (json.dumps({"id": n, "sentence": f"Acme {n}", "target": "Acme"}) for n in range(count))
    assert [answer["id"] for answer in answers(*lines)] == list(range(count))


@given(st.text(max_size=60), st.text(min_size=1, max_size=12))
def test_any_sentence_and_target(sentence: str, target: str) -> None:
    (answer,) = answers(json.dumps({"id": "x", "sentence": sentence, "target": target}))
    assert answer["label"] in {"pos", "neu", "neg", None}
