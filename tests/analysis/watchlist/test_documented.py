"""docs/watchlist.md is true: each key of each table with its default and its choices, and no other key."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from analysis.watchlist import Watchlist

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "watchlist.md").read_text("utf-8")


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The table that a key of the watchlist holds, alone or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(model_in, get_args(annotation))), None)


def tables() -> dict[str, type[BaseModel]]:
    """Heading in the docs -> model."""
    found = {}
    for name, field in Watchlist.model_fields.items():
        model = model_in(field.annotation)
        assert model
        found[f"[{name}]" if field.annotation is model else f"[[{name}]]"] = model
    return found


def documented(table: str) -> dict[str, list[str]]:
    """Cells of each row of the first table under the heading of `table`, by key."""
    section = re.split(r"^## ", PAGE.partition(f"\n## `{table}`\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    first = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert first, table
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in first[0].splitlines()[2:]]
    return {row[0].strip("`"): row for row in rows}


def choices(annotation: Any) -> set[str]:
    if get_origin(annotation) is Literal:
        return {str(choice) for choice in get_args(annotation)}
    return set().union(*map(choices, get_args(annotation)))


def as_toml(field: FieldInfo) -> str:
    """The default as it would stand in the file; nothing where there is none."""
    if field.default is PydanticUndefined or field.default is None:
        return ""
    value = str(field.default) if isinstance(field.default, Path) else field.default
    return json.dumps(value)


def test_no_table_is_missing_or_made_up() -> None:
    assert set(re.findall(r"^## `(\[+\w+\]+)`$", PAGE, re.MULTILINE)) == set(tables())


@pytest.mark.parametrize("table", tables())
def test_every_key_is_documented(table: str) -> None:
    assert list(documented(table)) == list(tables()[table].model_fields)


@pytest.mark.parametrize(
    ("table", "key"), [(table, key) for table, model in tables().items() for key in model.model_fields]
)
def test_defaults_and_choices_are_right(table: str, key: str) -> None:
    _, kind, default, meaning = documented(table)[key]
    field = tables()[table].model_fields[key]

    assert field.description
    assert meaning.endswith(".")
    assert default.strip("`") == ("crawl.budget" if (table, key) == ("[[sources]]", "budget") else as_toml(field))
    assert choices(field.annotation) <= set(re.findall(r"`(\w+)`", kind))
