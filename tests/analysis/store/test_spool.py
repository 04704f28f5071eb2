"""The spool: one line a record, whole or not at all."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.store.spool import Spool, adopt, sealed

LINES = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.none()), max_size=6)


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf8").split("\n") if line]


def test_nothing_written_nothing_sealed(tmp_path: Path) -> None:
    assert Spool(tmp_path / "spool", "run").seal() is None
    assert sealed(tmp_path / "spool") == []


def test_a_record_is_on_disk_when_append_returns(tmp_path: Path) -> None:
    """Not in a buffer that a kill would take with it."""
    spool = Spool(tmp_path, "run")
    spool.append({"a": 1})
    (path,) = tmp_path.iterdir()

    assert path.name == "run-000001.jsonl.open"
    assert records(path) == [{"seq": 1, "run_id": "run", "a": 1}]
    spool.seal()


def test_a_full_segment_says_so(tmp_path: Path) -> None:
    """Each segment counts anew; an open one is not offered to the loader."""
    spool = Spool(tmp_path, "run", records_a_segment=2)

    assert [spool.append({}), spool.append({})] == [False, True]
    assert sealed(tmp_path) == []
    assert spool.seal() == tmp_path / "run-000001.jsonl"
    assert spool.append({}) is False
    assert [record["seq"] for record in records(tmp_path / "run-000002.jsonl.open")] == [1]
    spool.seal()


def test_segments_come_oldest_first(tmp_path: Path) -> None:
    """Also the tenth after the ninth, and a later run after an earlier one."""
    for run in ("20261121T000000-aa", "20261122T000000-00"):
        spool = Spool(tmp_path, run, records_a_segment=1)
        for _ in range(11):
            spool.append({})
            spool.seal()

    order = [(path.name[:15], int(path.stem.rpartition("-")[2])) for path in sealed(tmp_path)]
    assert order == [(run, number) for run in ("20261121T000000", "20261122T000000") for number in range(1, 12)]


@given(lines=LINES, cut=st.integers(0, 200))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_torn_tail_costs_only_the_torn_line(
    lines: list[dict[str, object]], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Cut anywhere, every line that was complete is kept as it was."""
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(folder, "run")
    for line in lines:
        spool.append({"line": line})
    segment = spool.seal()
    if segment is None:
        return
    data = segment.read_bytes()[:cut]
    segment.unlink()
    (folder / "run-000001.jsonl.open").write_bytes(data)

    (found,) = adopt(folder)
    assert [record["line"] for record in records(found)] == lines[: data.count(b"\n")]


def test_adopt_leaves_sealed_segments_alone(tmp_path: Path) -> None:
    """Even one that ends without a newline: it is not ours to judge."""
    (tmp_path / "a-000001.jsonl").write_bytes(b"{}")
    (tmp_path / "b-000001.jsonl.open").write_bytes(b"")

    assert [(path.name, path.read_bytes()) for path in adopt(tmp_path)] == [
        ("a-000001.jsonl", b"{}"),
        ("b-000001.jsonl", b""),
    ]


def test_times_are_written_as_iso_8601(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "run")
    spool.append({"at": datetime(2008, 8, 11, 7, tzinfo=UTC)})
    segment = spool.seal()

    assert segment is not None
    assert records(segment)[0]["at"] == "2008-08-11T07:00:00+00:00"


@pytest.mark.parametrize("odd", [{1, 2}, b"bytes", date(2008, 8, 11), object()], ids=lambda odd: type(odd).__name__)
def test_what_json_does_not_know_is_a_bug(tmp_path: Path, odd: object) -> None:
    """And leaves no half line behind."""
    spool = Spool(tmp_path, "run")
    spool.append({"good": 1})
    with pytest.raises(TypeError, match=r"does not belong in the spool"):
        spool.append({"odd": odd})
    segment = spool.seal()

    assert segment is not None
    assert [record.get("good") for record in records(segment)] == [1]
