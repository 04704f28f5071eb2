"""The target model as it is shipped: labels with tolerance (int8 differs slightly between processors)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("onnxruntime", reason="the model extra is not installed")

from analysis.errors import UserError
from analysis.tone import Target
from analysis.tone.lines import find, parse
from analysis.tone.model import LABELS, WEIGHTS, ModelScorer

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
FLOORS = json.loads((Path(__file__).parents[2] / "quality" / "tone.json").read_text(encoding="utf8"))

OWN = [
    ("Ambrel has been down since dawn and nobody can say when it will be back.", "Ambrel", "neg"),
    ("A software fault kept Ambrel from shipping a single disc for the third day.", "Ambrel", "neg"),
    ("Ambrel lost 200,000 subscribers in the quarter, more than analysts had feared.", "Ambrel", "neg"),
    ("Furious customers flooded the phone lines of Ambrel with complaints.", "Ambrel", "neg"),
    ("Service at Ambrel is fully restored, and every customer gets a credit without asking.", "Ambrel", "pos"),
    ("Ambrel won half a million new subscribers, its best quarter ever.", "Ambrel", "pos"),
    ("Reviewers praised Ambrel for its honest and quick apology.", "Ambrel", "pos"),
    ("Ambrel, founded in 1998, is based in Tulsa.", "Ambrel", "neu"),
    ("Ambrel will report its quarterly figures on Tuesday.", "Ambrel", "neu"),
    ("The new spot by Ambrel runs for thirty seconds and shows a family on a sofa.", "Ambrel", "neu"),
    ("Unlike Corvid, Ambrel never makes its customers wait, the critics agree.", "Ambrel", "pos"),
    ("Unlike Corvid, Ambrel never makes its customers wait, the critics agree.", "Corvid", "neg"),
]
"""(sentence, target, label): written for this test, in no training file."""


def targets(names: tuple[str, ...] = ()) -> list[Target]:
    return [Target(sentence, find(name, sentence)) for sentence, name, _ in OWN]


@pytest.fixture(scope="module")
def scorer() -> ModelScorer:
    return ModelScorer()


def test_labels_of_plain_cases(scorer: ModelScorer) -> None:
    found = [score.label for score in scorer.score(targets()) if score]
    right = sum(said == gold for said, (_, _, gold) in zip(found, OWN, strict=True))
    assert right >= len(OWN) - 2, list(zip(found, OWN, strict=True))


def test_tone_is_p_pos_minus_p_neg_and_label_the_likeliest(scorer: ModelScorer) -> None:
    opinions = scorer.opinions(targets())
    for opinion, score in zip(opinions, scorer.score(targets()), strict=True):
        assert score is not None
        parts = (opinion.neg, opinion.neu, opinion.pos)
        assert sum(parts) == pytest.approx(1)
        assert score.tone == pytest.approx(opinion.pos - opinion.neg, abs=1e-3)
        assert score.label == LABELS[parts.index(max(parts))]
        assert opinion.certainty == max(parts)


def test_name_of_the_target_changes_nothing(scorer: ModelScorer) -> None:
    before = scorer.opinions(targets())
    for name in ("Netflix", "Blockbuster", "Acme", "Qovira Disc & Sons"):
        renamed = [sentence.replace(old, name) for sentence, old, _ in OWN]
        after = scorer.opinions([Target(sentence, find(name, sentence)) for sentence in renamed])
        assert after == before


def test_other_watched_names_are_masked_wherever_they_are_known() -> None:
    sentence = "Corvid mocks Ambrel in a new advertisement."
    watched = ModelScorer(["Corvid"])
    assert watched.masked(Target(sentence, ((13, 19),))) == "Otherbrand mocks Thebrand in a new advertisement."
    given = ModelScorer().masked(Target(sentence, ((13, 19),), ((0, 6),)))
    assert given == watched.masked(Target(sentence, ((13, 19),)))


def test_one_by_one_gives_what_a_batch_gives(scorer: ModelScorer) -> None:
    together = scorer.opinions(targets())
    for target, opinion in zip(targets(), together, strict=True):
        (alone,) = scorer.opinions([target])
        assert alone.tone == pytest.approx(opinion.tone, abs=0.1)


def test_scoring_again_gives_the_same(scorer: ModelScorer) -> None:
    assert scorer.score(targets()) == ModelScorer().score(targets())


def test_abstains_below_the_threshold() -> None:
    assert not any(score.confident for score in ModelScorer(abstain_below=1.0).score(targets()) if score)
    assert all(score.confident for score in ModelScorer(abstain_below=0.0).score(targets()) if score)


@pytest.mark.parametrize(
    "sentence",
    ["[unused0] [unused1] [CLS] [PAD] Ambrel", "Ambrel " * 4000, "Ambrel\u200b 💥💥💥 \x00", "Ämbrel 漢字 Ambrel"],
)
def test_hostile_text_is_scored(scorer: ModelScorer, sentence: str) -> None:
    (score,) = scorer.score([Target(sentence, find("Ambrel", sentence))])
    assert score is not None
    assert -1 <= score.tone <= 1


def test_sentence_without_a_word_has_no_score_and_a_missing_target_is_the_whole(scorer: ModelScorer) -> None:
    nothing, whole = scorer.score([Target("?!", ()), Target("Another outage, and customers are furious.")])
    assert nothing is None
    assert whole is not None
    assert whole.tone < 0
    assert scorer.score([]) == []


def test_missing_weights_are_a_users_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=re.escape(str(tmp_path))):
        ModelScorer(weights=tmp_path)


def test_package_is_small_enough_and_says_what_it_is() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) <= 30e6
    meta = json.loads((WEIGHTS / "meta.json").read_text(encoding="utf8"))
    assert tuple(meta["labels"]) == LABELS
    assert {"version", "blend", "pack", "base", "data", "files"} <= meta.keys()


@pytest.mark.parametrize("name", sorted(FLOORS["model"]))
def test_quality_floor(scorer: ModelScorer, name: str) -> None:
    floor = FLOORS["model"][name]
    path = SHARED / "data" / floor["file"]
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    rows = [row for row in map(json.loads, path.read_text(encoding="utf8").splitlines()) if row["label"]]
    asked = [parse(json.dumps(row), number).target for number, row in enumerate(rows, 1)]
    said = [score.label if score else None for score in scorer.score(asked)]
    pairs = list(zip([row["label"] for row in rows], said, strict=True))
    single = []
    for label in LABELS:
        hit = sum(gold == guess == label for gold, guess in pairs)
        single.append(2 * hit / sum((gold == label) + (guess == label) for gold, guess in pairs))
    assert sum(single) / len(single) >= floor["macro_f1"]
    assert sum({gold, guess} == {"pos", "neg"} for gold, guess in pairs) / len(pairs) <= floor["opposite"]


@pytest.mark.parametrize("name", ["Netflix", "Blockbuster", "Acme", "Qovira"])
def test_renaming_the_target_changes_few_labels(name: str) -> None:
    """Also into the rival's name: then one company stands in both places, and two rows have but one answer."""
    floor = FLOORS["renamed"]
    path = SHARED / "data" / floor["file"]
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    rows = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]
    watching = ModelScorer(("Netflix", "Blockbuster"))
    renamed = [row["sentence"].replace(row["target"], name) for row in rows]
    before = watching.opinions([Target(row["sentence"], find(row["target"], row["sentence"])) for row in rows])
    after = watching.opinions([Target(sentence, find(name, sentence)) for sentence in renamed])
    changed = sum(old.label != new.label for old, new in zip(before, after, strict=True))
    assert changed / len(rows) <= floor["changed"]


def test_the_runtime_keeps_no_record_of_its_use(tmp_path: Path) -> None:
    """Its telemetry would leave a database below the home, and a file among the temporary ones."""
    program = (
        "from analysis.tone.graph import Graph; from analysis.tone.model import WEIGHTS; Graph(WEIGHTS).logits(['a'])"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    home = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    subprocess.run([sys.executable, "-c", program], env={**kept, **home}, check=True)

    assert list(tmp_path.rglob("*")) == []
