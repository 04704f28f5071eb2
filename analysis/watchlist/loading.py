"""Reads a watchlist and says in one line what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from analysis.errors import WatchlistError
from analysis.watchlist.models import Watchlist
from analysis.watchlist.positions import KeyPath, key_lines
from analysis.watchlist.rules import Problem, broken
from analysis.watchlist.values import nearest, shown

TEMPLATE = Path(__file__).with_name("template.toml").read_text("utf-8")


def load(path: Path) -> Watchlist:
    """The watchlist in `path`.

    Raises WatchlistError, one line: `watchlist.toml:41: sources[3].kind: "rss" is not allowed; one of feed, ...`.
    Lines count from 1, places in a list from 0.
    """
    try:
        document = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise WatchlistError(f"{path}: is not UTF-8 text") from None
    except FileNotFoundError:
        raise WatchlistError(f"{path}: there is no such file; `presswatch init` writes one to start from") from None
    except OSError as error:
        raise WatchlistError(f"{path}: cannot be read: {error.strerror or error}") from None
    return loads(document, str(path))


def loads(document: str, name: str = "watchlist.toml") -> Watchlist:
    """The watchlist that `document` holds; `name` stands in errors. Raises WatchlistError as `load` does."""
    document = document.replace("\r\n", "\n")
    try:
        data = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise WatchlistError(_syntax(name, str(error), document)) from None
    except RecursionError:
        raise WatchlistError(f"{name}: is nested too deeply") from None
    try:
        watchlist = Watchlist.model_validate(data)
    except ValidationError as error:
        raise _first(_readable(error), name, document) from None
    if problems := list(broken(watchlist)):
        raise _first(problems, name, document)
    return watchlist


def _syntax(name: str, message: str, document: str) -> str:
    """tomllib's message with its place in front: `watchlist.toml:3:7: ...`."""
    what, _, place = message.rpartition(" (at ")
    lines = document.rstrip("\n").split("\n")
    line, column = re.findall(r"\d+", place) or (len(lines), len(lines[-1]) + 1)
    if "overwrite" in what or "twice" in what:
        what = "this key or table is there already; each of several tables is written [[name]]"
    return f"{name}:{line}:{column}: is no valid TOML: {what}"


def _first(problems: list[Problem], name: str, document: str) -> WatchlistError:
    """The problem that stands first in the file, as an error."""
    lines = key_lines(document)

    def line(path: KeyPath) -> int:
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path, 1)

    path, message = min(problems, key=lambda problem: line(problem[0]))
    return WatchlistError(f"{name}:{line(path)}: {_said(path)}: {message}")


def _said(path: KeyPath) -> str:
    """A path as people write it: `sources[3].kind`."""
    said = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(char if char.isprintable() else "?" for char in said).lstrip(".")


def _readable(error: ValidationError) -> list[Problem]:
    """What pydantic found, in our words. Unknown keys go first: a key that is mistyped is also missing."""
    details = [detail for detail in error.errors() if detail["type"] != "too_short" or not detail["input"]]
    unknown = [detail for detail in details if detail["type"] == "extra_forbidden"]
    return [(detail["loc"], _explain(detail)) for detail in unknown or details]


_WANTED = {
    "string_type": "a string in quotes is wanted",
    "path_type": "a path in quotes is wanted",
    "bool_type": "true or false is wanted",
    "int_type": "a whole number is wanted",
    "float_type": "a number is wanted",
    "finite_number": "a finite number is wanted",
    "tuple_type": "a list is wanted",
    "model_type": "a table is wanted",
    "datetime_type": "a date and time with its zone is wanted, as 2008-08-11T00:00:00-07:00",
    "timezone_aware": "a zone is wanted, as in 2008-08-11T00:00:00-07:00",
}


def _explain(detail: ErrorDetails) -> str:
    kind, path, given, context = detail["type"], detail["loc"], detail["input"], detail.get("ctx", {})
    match kind:
        case "extra_forbidden":
            known = _fields(path[:-1])
            near = nearest(str(path[-1]), known)
            return f'is unknown; did you mean "{near}"?' if near else f"is unknown; one of {', '.join(known)}"
        case "missing":
            return f"is missing; {_description(path)}"
        case "value_error":
            return str(context["error"])
        case "literal_error":
            allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
            return f"{shown(given)} is not allowed; one of {allowed}"
        case "too_short":
            return "is empty; at least one is wanted"
        case "greater_than_equal":
            return f"{shown(given)} is too small; at least {context['ge']}"
        case "less_than_equal":
            return f"{shown(given)} is too large; at most {context['le']}"
        case "tuple_type" if isinstance(given, dict):
            return f"is a list of tables; write [[{path[-1]}]]"
        case "model_type" if isinstance(given, list):
            return f"is one table; write [{path[-1]}]"
        case _:
            return f"{_WANTED.get(kind, detail['msg'])}, not {shown(given)}"


def _model(path: KeyPath) -> type[BaseModel]:
    """The model of the table at `path`."""
    model: type[BaseModel] = Watchlist
    for part in path:
        if isinstance(part, str):
            model = _table(model.model_fields[part].annotation) or model
    return model


def _table(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_table, get_args(annotation))), None)


def _fields(path: KeyPath) -> list[str]:
    return list(_model(path).model_fields)


def _description(path: KeyPath) -> str:
    """What the key is for, from its documentation."""
    said = _model(path[:-1]).model_fields[str(path[-1])].description or ""
    return said[:1].lower() + said[1:].rstrip(".").replace("\n", " ")
