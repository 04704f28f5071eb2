"""The documentation is true: each command, option, view, column, reason, setting and link is what the code says.

docs/cli.md has a section `## presswatch NAME` for each command, with its help text between marks; `make docs`
writes those texts. docs/schema.md has a section `## NAME` for each public view, with a table row
`| column | type | ...` for each column.
"""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import presswatch
import settings
from analysis.store.database import reading, writing
from analysis.store.export import VIEWS
from analysis.trends import Answer, Filters, Question, coverage, journalists, mentions, outlets, rivals, share, sources
from analysis.trends.messages import carriers, missing, pull_through, response
from analysis.trends.narratives import narratives, sentences, words
from analysis.trends.quotes import quotes, said, voices
from analysis.trends.told import ALERTS, course_rows, event_rows
from analysis.watchlist import Message
from spiders.funnel import FILLS, STAGES

ROOT = Path(__file__).resolve().parents[1]
GLOBAL_OPTIONS = {"--watchlist", "--db", "--quiet", "--verbose", "--help"}
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("README.md")]
COMMANDS = presswatch.cli.list_commands(click.Context(presswatch.cli))
HELP = re.compile(r"<!-- help: presswatch ?([a-z ]*) -->\n```text\n(.*?)```", re.DOTALL)
NAME_IN_ROW = re.compile(r"^\| *`([a-z_0-9]+(?:<[a-z]+>)?)` *\|", re.MULTILINE)


def read(name: str) -> str:
    """A page of docs/."""
    return (ROOT / "docs" / name).read_text("utf-8")


def sections(page: str) -> dict[str, str]:
    """Text under each heading of level 2, by heading without backticks."""
    parts = re.split(r"^## +(.+)$", page, flags=re.MULTILINE)
    return {heading.replace("`", "").strip(): text for heading, text in zip(parts[1::2], parts[2::2], strict=True)}


def command(name: str) -> click.Command:
    """A sub-command of the real command line."""
    found = presswatch.cli.get_command(click.Context(presswatch.cli), name)
    assert found is not None
    return found


def family(name: str) -> dict[str, click.Command]:
    """A command and the sub-commands that it shows, by what is typed."""
    found = command(name)
    inner = found.commands if isinstance(found, click.Group) else {}
    return {name: found} | {f"{name} {sub}": each for sub, each in inner.items() if not each.hidden}


def help_text(name: str) -> str:
    """What `presswatch NAME --help` prints on a terminal of 80 columns."""
    arguments = [*name.split(), "--help"]
    return CliRunner().invoke(presswatch.cli, arguments, prog_name="presswatch", terminal_width=80).output


def with_help(page: str) -> str:
    """The page with today's help texts between its marks."""

    def written(match: re.Match[str]) -> str:
        return f"{match[0][: match[0].index('```')]}```text\n{help_text(match[1])}```"

    return HELP.sub(written, page)


# --- docs/cli.md


def test_help_texts_are_todays() -> None:
    """`make docs` writes them."""
    page = read("cli.md")

    assert {name for name, _ in HELP.findall(page)} == {
        "",
        *(typed for command in COMMANDS for typed in family(command)),
    }
    assert page == with_help(page)


def test_cli_page_has_exactly_the_commands_that_exist() -> None:
    """Neither a command without documentation nor documentation of a command that is gone."""
    documented = [h.split()[1] for h in sections(read("cli.md")) if h.startswith("presswatch ")]

    assert documented == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_is_documented(name: str) -> None:
    """Every option in the section of its command, and no other; the global ones once, before the commands."""
    texts = {heading.split()[1]: text for heading, text in sections(read("cli.md")).items() if " " in heading}
    parameters = [parameter for each in family(name).values() for parameter in each.params]
    options = {option for p in parameters for option in (*p.opts, *p.secondary_opts) if option[:2] == "--"}
    documented = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", texts[name]))

    assert options - GLOBAL_OPTIONS <= documented
    assert documented <= options | GLOBAL_OPTIONS


def test_global_options_are_documented() -> None:
    """They stand before the first command."""
    introduction = read("cli.md").split("\n## presswatch ")[0]

    assert {option for option in GLOBAL_OPTIONS if f"`{option}" not in introduction} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_does(name: str) -> None:
    """`presswatch --help` and `presswatch NAME --help` are documentation too."""
    found = family(name).values()
    assert all(each.get_short_help_str() for each in found), "a command needs a docstring"
    nameless = [p.name for each in found for p in each.params if isinstance(p, click.Option) and not p.help]

    assert nameless == [], "an option needs help"


MESSAGES = [Message(id="sorry", brand="acme", phrases=("sorry",))]
QUESTIONS = [
    ("trends", coverage("day", Filters(), "UTC")),
    ("share", share(Filters(), "UTC")),
    ("share", rivals("acme", Filters(), "UTC")),
    ("outlets", outlets(Filters(), "UTC")),
    ("outlets", journalists(Filters(), "UTC")),
    ("mentions", mentions(Filters(), "UTC")),
    ("sources", sources("UTC")),
    ("messages", pull_through(MESSAGES, Filters(), "UTC")),
    ("messages", response(MESSAGES, Filters(), "UTC")),
    ("messages", missing(MESSAGES, Filters(), "UTC")),
    ("messages", carriers(MESSAGES, Filters(), "UTC")),
    ("quotes", quotes(Filters(), "UTC")),
    ("quotes", voices(Filters(), "UTC")),
    ("quotes", said(Filters(), "UTC")),
    ("narratives", narratives(Filters(), "UTC")),
    ("narratives", words(Filters(since=date(2026, 3, 1)), "UTC", [])),
    ("narratives", sentences(Filters(), "UTC")),
    ("alerts", ALERTS),
]


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_each_column_of_an_answer_is_documented(name: str, question: Question, database: Path) -> None:
    """Programs read them, so they are part of the command."""
    with reading(database) as connection:
        columns = question.ask(connection).columns
    text = sections(read("cli.md"))[f"presswatch {name}"]

    assert [column for column in columns if f"`{column}`" not in text] == []


@pytest.mark.parametrize("answer", [event_rows([]), course_rows([])])
def test_each_column_of_an_event_is_documented(answer: Answer) -> None:
    """These rows no single query makes."""
    text = sections(read("cli.md"))["presswatch events"]

    assert [column for column in answer.columns if f"`{column}`" not in text] == []


# --- docs/schema.md


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new and empty database."""
    path = tmp_path_factory.mktemp("docs") / "presswatch.duckdb"
    with writing(path):
        pass
    return path


@pytest.fixture(scope="module")
def views(database: Path) -> dict[str, list[tuple[str, str]]]:
    """Columns and types of each public view."""
    found: dict[str, list[tuple[str, str]]] = {}
    public = Question(
        """SELECT table_name, column_name, data_type FROM duckdb_columns()
           WHERE schema_name = 'main' AND NOT internal
             AND table_name IN (SELECT view_name FROM duckdb_views() WHERE schema_name = 'main')
           ORDER BY table_name, column_index"""
    )
    with reading(database) as connection:
        for view, column, kind in public.ask(connection).rows:
            found.setdefault(view, []).append((column, kind))
    return found


def test_schema_page_has_exactly_the_views_that_exist(views: dict[str, list[tuple[str, str]]]) -> None:
    """Nothing public is undocumented; a documented view exists."""
    documented = {heading for heading in sections(read("schema.md")) if re.fullmatch(r"[a-z_]+", heading)}

    assert documented == set(views)


def test_schema_page_has_each_column_with_its_type(views: dict[str, list[tuple[str, str]]]) -> None:
    """In the order of the view. A view may say that it has the same columns as another."""
    row = re.compile(r"^\| *`?([a-z_0-9]+)`? *\| *`?([A-Z][A-Z0-9_ ,()\[\]]*?)`? *\|", re.MULTILINE)
    texts = sections(read("schema.md"))
    same = {view: re.search(r"same columns as \[`(\w+)`\]", texts.get(view, "")) for view in views}
    documented = {
        view: row.findall(texts[found[1]] if (found := same[view]) else texts.get(view, "")) for view in views
    }

    assert documented == {
        view: [(column, kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")) for column, kind in columns]
        for view, columns in views.items()
    }


def test_export_page_says_which_views_are_left_out(views: dict[str, list[tuple[str, str]]]) -> None:
    """None, in the long run."""
    text = sections(read("cli.md"))["presswatch export"]

    assert set(re.findall(r"all but `(\w+)`", text)) == set(views) - set(VIEWS)


# --- docs/how-it-works.md

REASON_AT = {
    "ExtractionError": 0,
    "BlockedAddress": 0,
    "Refused": 0,
    "HostUnavailable": 0,
    "count": 1,
    "dropped": 1,
    "failed": 1,
    "source_failed": 1,
    "_failed": 2,
}
"""Calls that name a reason, and at which place."""
GIVE_REASONS = {"reason_of", "name_of_error", "_trouble", "opted_out", "opted_out_page"}
KEPT_BY = {"keep": "reason", "url_record": "reason", "SourceAnswer": "reason", "Rules": "refusal"}
"""Calls that name one, and in which keyword."""


def reasons() -> set[str]:
    """Every reason that the code can give, `http_<...>` for `f"http_{status}"`."""
    found: set[str] = set()
    folders = (ROOT / "spiders", ROOT / "pipelines")
    for path in [ROOT / "analysis" / "workers.py", *(path for folder in folders for path in folder.rglob("*.py"))]:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for value in named(node):
                found |= spelled(value, module)
    return found - {*STAGES, *FILLS, "source_failed"}


def named(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions of a node that name a reason."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        yield from node.args[REASON_AT[name] :][:1] if name in REASON_AT else ()
        yield from (keyword.value for keyword in node.keywords if keyword.arg == KEPT_BY.get(name, ""))
    elif isinstance(node, ast.FunctionDef) and node.name in GIVE_REASONS:
        yield from (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value)
    elif isinstance(node, ast.Assign) and getattr(node.targets[0], "attr", "") == "closed":
        yield node.value  # of a host
    elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "_NAMES":
        yield from [node.value] if node.value else []
    elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "_IGNORED":
        assert isinstance(node.value, ast.Dict)
        yield from (key for key in node.value.keys if key is not None)


def spelled(value: ast.expr, module: str) -> set[str]:
    """The names that an expression holds: strings, constants, the fixed part of an f-string."""
    if isinstance(value, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "<...>" for part in value.values)
        return {text} if re.fullmatch(r"[a-z_]+<\.\.\.>", text) else set()
    if isinstance(value, ast.Name) and value.id.isupper():
        return {str(getattr(importlib.import_module(module), value.id))} - {""}
    if isinstance(value, ast.Constant):
        return {value.value} if isinstance(value.value, str) and re.fullmatch(r"[a-z_0-9]+", value.value) else set()
    if isinstance(value, ast.Compare | ast.Attribute):
        return set()
    return set().union(*(spelled(part, module) for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr)))


def test_each_reason_is_documented() -> None:
    """And no reason that the code cannot give."""
    text = sections(read("how-it-works.md"))["Why something went no further"]
    documented = [re.sub("<[a-z]+>", "<...>", name) for name in NAME_IN_ROW.findall(text)]

    assert sorted(documented) == sorted(reasons())


def test_each_reason_for_a_partial_text_is_documented() -> None:
    """Kept, but not the whole article."""
    path = ROOT / "spiders" / "extraction" / "completeness.py"
    functions = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.FunctionDef)]
    (function,) = [found for found in functions if found.name == "incomplete_reason"]
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
    said = set().union(*(spelled(value, "spiders.extraction.completeness") for value in returned))

    assert said
    assert set(NAME_IN_ROW.findall(sections(read("how-it-works.md"))["Kept, but not whole"])) == said


def test_each_setting_is_documented() -> None:
    """Scrapy's that we change, and ours, with today's value where it is one word."""
    text = sections(read("how-it-works.md"))["Settings"]
    documented = dict(re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)?", text, re.MULTILINE))
    values = {name: value for name, value in vars(settings).items() if name.isupper()}
    plain = {name: str(value) or "empty" for name, value in values.items() if isinstance(value, int | float | str)}

    assert set(documented) == set(values)
    assert {name: documented[name] for name in plain} == plain


# --- docs/choices.md


def test_each_dependency_is_justified() -> None:
    """One line a package: for what, and why this one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["model"], *extras["render"]]
    text = sections(read("choices.md"))["Dependencies"]
    documented = re.findall(r"^\| `([A-Za-z0-9_.-]+)` \|", text, re.MULTILINE)

    assert sorted(documented) == sorted(re.split("[<>=;]", line)[0].strip() for line in wanted)


def test_each_dependency_is_the_locked_one() -> None:
    """The date beside it says how well it is kept: look it up again after `make lock`."""
    lock = (ROOT / "requirements-dev.lock").read_text("utf-8")  # holds all of requirements.lock, and the browser
    rows = re.findall(r"^\| `([\w.-]+)` \|.*\| ([\w.]+), \d{4}-\d\d-\d\d \|$", read("choices.md"), re.MULTILINE)
    pinned = {(re.sub("[-_.]+", "-", name).lower(), version) for name, version in rows}

    assert len(rows) > 20
    assert {f"{name}=={version}" for name, version in pinned} <= set(re.findall(r"^[\w.-]+==\S+", lock, re.M))


# --- all pages


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_name_only_commands_that_exist(page: Path) -> None:
    """In code: `presswatch NAME` and `make NAME`."""
    code = re.findall(r"```.*?```|`[^`\n]+`", page.read_text("utf-8"), re.DOTALL)
    targets = re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    said = {name for part in code for name in re.findall(r"(?<![\w/.-])presswatch ([a-z]+)", part)}
    made = {name for part in code for name in re.findall(r"(?<![\w/.-])make ([a-z][a-z-]*)", part)}

    assert said - set(COMMANDS) == set()
    assert made - set(targets) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Links between files of the repository, and to headings inside them."""
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            dead.append(target)

    assert dead == []


def anchors(page: Path) -> set[str]:
    """The anchors that a Markdown page has for its headings."""
    headings = re.findall(r"^#+ +(.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


if __name__ == "__main__":  # make docs
    PAGE = ROOT / "docs" / "cli.md"
    PAGE.write_text(with_help(PAGE.read_text("utf-8")), "utf-8")
