"""Mistakes end in one line: file, line, key, what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import UserError, WatchlistError
from analysis.watchlist import TEMPLATE, Watchlist, load, loads

CONTRACT = """\
[crawl]
user_agent = "presswatch (+mailto:pr-tools@example.com)"
download_delay = 1.0
allow_private = []
archive = true

[report]
timezone = "America/Los_Angeles"

[store]
database = "data/presswatch.duckdb"

[[brands]]
id = "netflix"
name = "Netflix"
role = "ours"
aliases = ["Netflix Inc.", "NFLX"]
exclude = []
spokespeople = ["Steve Swasey", "Reed Hastings"]

[[brands]]
id = "blockbuster"
name = "Blockbuster"
role = "competitor"
case_sensitive = true
aliases = ["Blockbuster Inc.", "Total Access"]
exclude = ["Blockbuster drug", "Summer Blockbuster"]

[[topics]]
id = "outage"
query = 'netflix AND (outage OR down OR glitch OR "shipping delay" OR crash*)'

[[topics]]
id = "campaign"
query = 'blockbuster AND (campaign OR advert* OR "total access") NOT movie'

[[sources]]
id = "cnbc-technology"
outlet = "CNBC"
kind = "feed"
url = "https://example.com/feed.xml"
tier = 1

[[messages]]
id = "apology"
brand = "netflix"
phrases = ["apolog*", "sorry"]

[[events]]
id = "shipping-outage-2008"
brand = "netflix"
start = 2008-08-11T00:00:00-07:00
end = 2008-08-15T12:00:00-07:00

[[notify]]
url = "env:PRESSWATCH_NOTIFY_URL"
when = ["report", "alert", "failure"]
"""


def test_the_contracts_example() -> None:
    watchlist = loads(CONTRACT)

    assert watchlist.ours.name == "Netflix"
    assert watchlist.brand("blockbuster").exclude == ("Blockbuster drug", "Summer Blockbuster")
    assert str(watchlist.report.zone) == "America/Los_Angeles"
    assert watchlist.source("cnbc-technology").tier == 1
    assert watchlist.notify[0].variable == "PRESSWATCH_NOTIFY_URL"
    assert watchlist.events[0].start.utcoffset() is not None


def test_defaults() -> None:
    """What a watchlist with nothing but the necessary means."""
    watchlist = loads(
        '[crawl]\nuser_agent = "x (a@b.org)"\n[[brands]]\nid = "a"\nname = "A"\nrole = "ours"\n'
        '[[sources]]\nid = "s"\noutlet = "S"\nkind = "feed"\nurl = "http://s.example/"\n'
    )
    source = watchlist.sources[0]

    assert (watchlist.crawl.download_delay, watchlist.crawl.budget, watchlist.crawl.archive) == (1.0, 200, True)
    assert (watchlist.crawl.allow_private, watchlist.report.timezone) == ((), "UTC")
    assert (watchlist.store.database, watchlist.store.text) == (Path("data/presswatch.duckdb"), "full")
    assert watchlist.tone.abstain_below == 0.6
    assert (source.tier, source.topics, source.render, source.coverage) == (2, (), False, "earned")
    assert (source.language, source.country, watchlist.budget(source)) == (None, None, 200)
    assert (watchlist.topics, watchlist.messages, watchlist.events, watchlist.notify) == ((), (), (), ())


def test_template_is_right() -> None:
    watchlist = loads(TEMPLATE)

    assert watchlist.ours.id == "netflix"
    assert {topic.id for topic in watchlist.topics} == {"outage", "campaign"}


def test_template_without_its_comment_signs_is_right_too() -> None:
    """Every example that is switched off works when it is switched on."""
    lines = [
        line.removeprefix("# ") if "=" in line or line.startswith("# [[") else line for line in TEMPLATE.split("\n")
    ]
    watchlist = loads("\n".join(lines))

    assert watchlist.events
    assert watchlist.notify
    assert watchlist.budget(watchlist.source("example-search")) == 50


# Each row: what to replace in the contract's example, with what, the key and the message that are named.
MISTAKES = [
    ('kind = "feed"', 'kind = "rss"', "sources[0].kind",
     '"rss" is not allowed; one of feed, sitemap, section, gdelt, wayback, warc'),
    ('kind = "feed"', 'knid = "feed"', "sources[0].knid", 'is unknown; did you mean "kind"?'),
    ("[[sources]]", "[[sorces]]", "sorces", 'is unknown; did you mean "sources"?'),
    ("archive = true", "zzz = 1", "crawl.zzz",
     "is unknown; one of user_agent, download_delay, budget, allow_private, archive"),
    ("archive = true", 'archive = "yes"', "crawl.archive", 'true or false is wanted, not "yes"'),
    ("archive = true", "budget = 0", "crawl.budget", "0 is too small; at least 1"),
    ("archive = true", "budget = 1.5", "crawl.budget", "a whole number is wanted, not 1.5"),
    ("download_delay = 1.0", "download_delay = nan", "crawl.download_delay", "a finite number is wanted, not nan"),
    ("download_delay = 1.0", "download_delay = -1", "crawl.download_delay", "-1 is too small; at least 0.0"),
    ("pr-tools@example.com", "nobody", "crawl.user_agent",
     'names no contact; a mail address or URL is wanted, as in "presswatch (+mailto:pr@a.org)"'),
    ("presswatch (+", "prèsswatch (+", "crawl.user_agent", "one line of plain ASCII, as it goes into an HTTP header"),
    ("user_agent", "agent", "crawl.agent", 'is unknown; did you mean "user_agent"?'),
    ("allow_private = []", 'allow_private = ["10.0.0.5/8"]', "crawl.allow_private[0]",
     '"10.0.0.5/8" is no network; did you mean 10.0.0.0/8?'),
    ("allow_private = []", 'allow_private = ["0.0.0.0/0"]', "crawl.allow_private[0]",
     '"0.0.0.0/0" is not a private network'),
    ("allow_private = []", 'allow_private = ["localhost"]', "crawl.allow_private[0]",
     '"localhost" is no network (10.0.0.0/8) and no host:port (10.0.0.5:8080)'),
    ("America/Los_Angeles", "America/Los_Angles", "report.timezone",
     '"America/Los_Angles" is no time zone; did you mean America/Los_Angeles?'),
    ("America/Los_Angeles", "/etc/passwd", "report.timezone",
     '"/etc/passwd" is no time zone; a name such as Europe/Berlin or UTC'),
    ('"data/presswatch.duckdb"', '"x"\ntext = "all"', "store.text", '"all" is not allowed; one of full, snippet'),
    ('role = "ours"', 'role = "competitor"', "brands[0]", 'no brand is ours; one needs role = "ours"'),
    ('role = "competitor"', 'role = "ours"', "brands[1].role", "brands[0] is ours already; the others are competitor"),
    ('id = "blockbuster"', 'id = "NetFlix"', "brands[1].id", '"NetFlix" is the id of brands[0] already'),
    ('id = "blockbuster"', 'id = "block buster"', "brands[1].id",
     '"block buster" is no id; up to 64 of a-z, A-Z, 0-9, and . _ - after the first'),
    ('name = "Netflix"', 'name = "!"', "brands[0].name", '"!" holds no word'),
    ('name = "Netflix"\n', "", "brands[0].name", "is missing; its name in the news"),
    ('"NFLX"', "3", "brands[0].aliases[1]", "a string in quotes is wanted, not 3"),
    ('"Blockbuster drug"', '"*"', "brands[1].exclude[0]",
     "* may only stand at the end of a word, in * at character 1"),
    ('aliases = ["Netflix Inc.", "NFLX"]', 'aliases = "NFLX"', "brands[0].aliases", 'a list is wanted, not "NFLX"'),
    ("glitch OR", "glitch OR OR", "topics[0].query", "a word or phrase is wanted before OR at character 42"),
    ("https://", "ftp://", "sources[0].url",
     '"ftp://example.com/feed.xml" is no address; http://host/... or https://host/...'),
    ("https://", "https://[", "sources[0].url",
     '"https://[example.com/feed.xml" is no address; http://host/... or https://host/...'),
    ("https://", "https://me:hunter2@", "sources[0].url",
     "names a user or password; a secret is never written into a watchlist"),
    ("feed.xml", "feed.xml?page=1&api_key=hunter2", "sources[0].url",
     "holds a key (api_key); a secret is never written into a watchlist"),
    ("feed.xml", "{topic}", "sources[0].url",
     '"https://example.com/{topic}" holds a blank or a brace; the only placeholder is {query}'),
    ("tier = 1", "tier = 4", "sources[0].tier", "4 is not allowed; one of 1, 2, 3"),
    ("tier = 1", 'topics = ["outrage"]', "sources[0].topics[0]",
     'no topic has the id "outrage"; did you mean "outage"?'),
    ("tier = 1", 'language = "english"', "sources[0].language",
     '"english" is no language; two letters (ISO 639-1), e.g. en'),
    ("tier = 1", 'country = "us"', "sources[0].country", '"us" is no country; two capitals (ISO 3166), e.g. US'),
    ('phrases = ["apolog*", "sorry"]', "phrases = []", "messages[0].phrases", "is empty; at least one is wanted"),
    ('id = "apology"\nbrand = "netflix"', 'id = "apology"\nbrand = "zzz"', "messages[0].brand",
     'no brand has the id "zzz"; known are netflix, blockbuster'),
    ("end = 2008-08-15T12", "end = 2008-08-01T12", "events[0].end", "2008-08-01T12:00:00-07:00 is before start"),
    ("start = 2008-08-11T00:00:00-07:00", "start = 2008-08-11T00:00:00", "events[0].start",
     "a zone is wanted, as in 2008-08-11T00:00:00-07:00, not 2008-08-11 00:00:00"),
    ("start = 2008-08-11T00:00:00-07:00", "start = 2008-08-11", "events[0].start",
     "a date and time with its zone is wanted, as 2008-08-11T00:00:00-07:00, not 2008-08-11"),
    ('"env:PRESSWATCH_NOTIFY_URL"', '"slack://hunter2"', "notify[0].url",
     "must be env:NAME; a secret is named, never written"),
    ('"failure"', '"reports"', "notify[0].when[2]", '"reports" is not allowed; one of report, alert, failure'),
    ("[crawl]", "[[crawl]]", "crawl", "is one table; write [crawl]"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "message"), MISTAKES, ids=[row[1] or "nothing" for row in MISTAKES])
def test_a_mistake_names_file_line_key_and_what_is_allowed(old: str, new: str, key: str, message: str) -> None:
    document = CONTRACT.replace(old, new, 1)
    assert document != CONTRACT
    with pytest.raises(WatchlistError) as error:
        loads(document, "my/watchlist.toml")

    place, _, said = str(error.value).partition(f" {key}: ")
    assert said == message
    changed = CONTRACT[: CONTRACT.index(old)].count("\n") + new.count("\n") + 1
    header = CONTRACT[: CONTRACT.index("[[brands]]")].count("\n") + 1  # where nothing is left to point at
    assert place == f"my/watchlist.toml:{changed if new and key != 'brands[0]' else header}:"
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "w:1: crawl: is missing; how to fetch; `user_agent` must be given"),
        ("[crawl\n", "w:1:7: is no valid TOML: Expected ']' at the end of a table declaration"),
        ("a = 1\nb = ", "w:2:5: is no valid TOML: Invalid value"),
        ("a = '''x\n\n", "w:1:9: is no valid TOML: Expected \"'''\""),
        ("a = 1\na = 2\n",
         "w:2:6: is no valid TOML: this key or table is there already; each of several tables is written [[name]]"),
        ("a = " + "[" * 5000, "w: is nested too deeply"),
        ('"a\\nb" = 1',
         f"w:1: a?b: is unknown; one of {', '.join(Watchlist.model_fields)}"),
        ("\tbrands = {}\n[crawl]\n", "w:1: brands: is a list of tables; write [[brands]]"),
    ],
)  # fmt: skip
def test_broken_documents(document: str, message: str) -> None:
    with pytest.raises(WatchlistError) as error:
        loads(document, "w")

    assert str(error.value) == message


def test_the_first_mistake_of_several_is_named() -> None:
    document = CONTRACT.replace("tier = 1", "tier = 9").replace('"America/Los_Angeles"', "1")

    with pytest.raises(WatchlistError, match=r"^watchlist.toml:8: report.timezone: "):
        loads(document)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = '\xe9'"])
def test_a_file_that_is_no_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "watchlist.toml"
    path.write_bytes(content)

    with pytest.raises(WatchlistError, match=r"watchlist.toml: is not UTF-8 text$"):
        load(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(WatchlistError, match="there is no such file; `presswatch init` writes one"):
        load(tmp_path / "watchlist.toml")
    with pytest.raises(WatchlistError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_windows_files(tmp_path: Path) -> None:
    """A byte order mark and CR LF, as Windows editors write them."""
    path = tmp_path / "watchlist.toml"
    path.write_bytes(b"\xef\xbb\xbf" + CONTRACT.replace("\n", "\r\n").encode())

    assert load(path) == loads(CONTRACT)


def test_helpers_know_what_is_not_there() -> None:
    watchlist = loads(CONTRACT)

    with pytest.raises(UserError, match='no brand "hulu" in the watchlist; one of netflix, blockbuster'):
        watchlist.brand("hulu")
    with pytest.raises(UserError, match='no topic "x"'):
        watchlist.topic("x")
    with pytest.raises(UserError, match='no source "x"'):
        watchlist.source("x")


def search(**keys: str) -> Watchlist:
    extra = "".join(f"{key} = {value}\n" for key, value in keys.items())
    url = 'url = "https://e.example/{query}/?q={query}"\n'
    return loads(CONTRACT.replace('url = "https://example.com/feed.xml"\n', url + extra))


def test_search_feeds_are_asked_once_a_topic() -> None:
    watchlist = search()
    outage, campaign = watchlist.addresses(watchlist.sources[0])

    assert outage.startswith("https://e.example/netflix%20%28outage%20OR%20down")
    assert "%22shipping%20delay%22" in outage
    assert campaign.endswith("?q=blockbuster%20%28campaign%20OR%20advert%20OR%20%22total%20access%22%29%20-movie")
    assert watchlist.addresses(watchlist.sources[0], ["outage"]) == [outage]
    only = search(topics='["campaign"]')
    assert only.addresses(only.sources[0]) == [campaign]
    assert only.addresses(only.sources[0], ["outage"]) == []


def test_search_feeds_need_topics_that_can_be_said() -> None:
    document = CONTRACT.replace("feed.xml", "{query}")
    with pytest.raises(WatchlistError, match="no search can say the query of topic"):
        loads(document.replace("'netflix AND", "'NOT netflix OR"))
    without = "\n".join(part for part in document.split("\n\n") if not part.startswith("[[topics]]"))
    with pytest.raises(WatchlistError, match="but there are no topics to ask for"):
        loads(without)


@given(st.data())
def test_any_one_value_that_is_wrong_is_one_line(data: st.DataObject) -> None:
    """Every value of the example replaced by anything TOML knows: the watchlist loads, or one line says why not."""
    lines = CONTRACT.splitlines()
    place = data.draw(st.sampled_from([number for number, line in enumerate(lines) if " = " in line]))
    value = data.draw(
        st.sampled_from(
            ["1", "-0.5", "true", '""', '"x y"', "'\"'", "[]", "[1]", "{}", "{a = 1}", "1979-05-27", "inf", '"é"']
        )
    )
    lines[place] = f"{lines[place].partition(' = ')[0]} = {value}"
    said = "watchlist.toml: loads"
    try:
        loads("\n".join(lines))
    except WatchlistError as error:
        said = str(error)

    assert said.startswith("watchlist.toml:")
    assert len(said.splitlines()) == 1


def test_the_default_watchlist_watches_more_than_sixty_outlets() -> None:
    """Each with tier, language and country; both topics as search feeds; press releases as such; and it says that its
    addresses are unverified."""
    path = Path(__file__).resolve().parents[3] / "watchlist.toml"
    watchlist = load(path)
    searches = [source for source in watchlist.sources if "{query}" in source.url]
    papers = [s for s in watchlist.sources if s not in searches and s.coverage == "earned" and s.kind != "wayback"]
    releases = [source for source in watchlist.sources if source.coverage == "press_release"]

    assert len({source.outlet for source in papers}) >= 60
    assert all(source.country and source.language for source in papers)
    assert {source.tier for source in papers} == {1, 2, 3}
    assert {source.id for source in searches} == {"google-news", "bing-news", "gdelt"}
    assert all(len(watchlist.addresses(source)) == len(watchlist.topics) for source in searches)
    assert len(releases) >= 3
    assert "UNVERIFIED" in path.read_text("utf-8")
