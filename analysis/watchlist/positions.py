"""Where each key of a TOML document stands, so that an error can name its line.

`tomllib` gives values without positions and tomlkit does not expose its own. This is a reader of structure
only: it runs after `tomllib` has accepted the document and may therefore trust it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the top of the document: `("sources", 3, "kind")`."""

_TOKEN = re.compile(
    r'''(?P<string>"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:'{0,2})|"(?:\\.|[^"\\])*"|'[^']*')'''
    r"""|(?P<newline>\n)|(?P<mark>[\[\]{}=,.])|(?P<bare>[^\s\[\]{}=,.#"']+)|(?P<comment>#[^\n]*)""",
    re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def key_lines(document: str) -> dict[KeyPath, int]:
    """The line, from 1, of each table, key and list element of a valid TOML document."""
    return _Reader(document).lines


class _Reader:
    """Recursive descent over the tokens; `lines` is complete when the constructor returns."""

    def __init__(self, document: str) -> None:
        self.tokens = list(_tokenise(document))
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self.tables: dict[KeyPath, int] = {}  # path of an array of tables -> how many there are so far
        table: KeyPath = ()
        while self.skip_newlines():
            if self.peek().text == "[":
                table = self.header()
            else:
                self.pair(table)

    def peek(self) -> _Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _Token("end", "", 0)

    def take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def skip_newlines(self) -> bool:
        """Goes to the next token that says something; False at the end."""
        while self.peek().kind == "newline":
            self.at += 1
        return self.peek().kind != "end"

    def header(self) -> KeyPath:
        line = self.take().line
        is_list = self.peek().text == "["
        *parents, name = self.key()
        path: KeyPath = ()
        for part in parents:
            path = self.current((*path, part))
            self.lines.setdefault(path, line)
        path = (*path, name)
        if is_list:
            self.lines.setdefault(path, line)
            self.tables[path] = self.tables.get(path, 0) + 1
        path = self.current(path)
        self.lines[path] = line
        while self.peek().text == "]":
            self.take()
        return path

    def current(self, path: KeyPath) -> KeyPath:
        """`path` or, where it names an array of tables, its last table."""
        return (*path, self.tables[path] - 1) if path in self.tables else path

    def key(self) -> list[str]:
        """The parts of a dotted key."""
        parts: list[str] = []
        while self.peek().text not in {"=", "]"}:
            token = self.take()
            if token.kind == "string":
                parts.append(tomllib.loads(f"key = {token.text}")["key"])
            elif token.kind == "bare":
                parts.append(token.text)
        return parts

    def pair(self, table: KeyPath) -> None:
        line = self.peek().line
        path = table
        for part in self.key():
            path = (*path, part)
            self.lines.setdefault(path, line)
        self.take()  # =
        self.value(path)

    def value(self, path: KeyPath) -> None:
        token = self.peek()
        if token.text == "[":
            self.array(path)
        elif token.text == "{":
            self.take()
            while self.skip_newlines() and self.peek().text != "}":
                self.pair(path)
                self.skip_newlines()
                if self.peek().text == ",":
                    self.take()
            self.take()
        else:  # a string, or 1.0, or a date: everything up to what ends a value
            while self.peek().kind not in {"newline", "end"} and self.peek().text not in {",", "]", "}"}:
                self.take()

    def array(self, path: KeyPath) -> None:
        self.take()
        index = 0
        while self.skip_newlines() and self.peek().text != "]":
            if self.peek().text == ",":
                self.take()
                continue
            self.lines[*path, index] = self.peek().line
            self.value((*path, index))
            index += 1
        self.take()


def _tokenise(document: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(document):
        if match.lastgroup != "comment":
            yield _Token(match.lastgroup or "", match[0], line)
        line += match[0].count("\n")
