"""Finds who says something: the subject of a verb of speech, where it is clear.

Four patterns, in English, outside quotation marks:

- subject, verb: "Swasey said", "Steve Swasey, a spokesman, also said", "a Netflix spokesman told CNBC";
- verb, subject, after a quotation or a comma: "…,” said chief executive Jim Keyes";
- "according to" and a subject;
- *say* and *tell* always count; verbs that also mean other things (add, note, write, warn) only beside a quotation
  or with a *that*: "he added that", not "Netflix added a tab".

A subject is a name (capitalised words), a person or body named by what it is ("a spokesman", "the company", "company
officials"), or he, she, it. Everything else is unclear: a subject after a preposition ("the head of Netflix said"),
in a subordinate clause ("when Netflix said"), one of two ("Swasey and Osier said").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from analysis.matching.sentences import Span
from analysis.text import Text

Kind = Literal["name", "generic", "pronoun", "unclear"]

_SAYING = frozenset("said says say told tells".split())
_OTHER_VERBS = frozenset(
    "acknowledged acknowledges added adds admitted admits announced announces argued argues asked asks blogged "
    "claimed claims commented complained conceded concedes concluded confirmed confirms continued declared denied "
    "denies emailed emphasised emphasized estimated estimates explained explains insisted insists joked noted notes "
    "observed posted predicted predicts promised promises quipped recalled recalls remarked replied reported reports "
    "responded stated states stressed suggested suggests tweeted warned warns writes wrote".split()
)
_VERBS = _SAYING | _OTHER_VERBS | {"according"}

_UP = "A-ZÀ-ÖØ-ÞČŁŚŠŽ"
_CAP = (
    rf"(?:(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Jr|Sr|St|Inc|Corp|Co|[{_UP}](?:\.[{_UP}])*)\."
    rf"|(?:[{_UP}]['’])?[{_UP}][\w&-]*)"
)
RUN = rf"(?>{_CAP}(?: (?:(?:al|bin|da|de|del|der|di|du|la|van|von|&) )*{_CAP}){{0,5}})"
"""Capitalised words in a row, as a name is and the titles before it."""
PERSON = (
    r"(?:[Ss]pokes(?:m[ae]n|wom[ae]n|person|people)|representatives?|officials?|executives?|analysts?|"
    r"(?:co-)?C[EFIOT]O|chief|director|head|manager|president|chair(?:man|woman)?|(?:co-)?founder|engineer|employee|lawyer|attorney|source|"
    r"tipster|insider|customer|subscriber|user|viewer|critic|blogger|author|writer|reporter|observer|expert|"
    r"professor|researcher|scientist|minister|secretary|senator|judge|leader|man|woman)"
)
"""People named by what they are, one of them."""
BODY = (
    r"(?:company|firm|service|retailer|streamer|chain|giant|group|airline|bank|network|studio|agency|union|ministry|"
    r"department|government|regulator|commission|council|court|newspaper|magazine|paper|site|blog|report|study)"
)
"""Companies and other bodies named by what they are."""
MANY = (
    r"(?i:(?:(?:company|government|industry|senior|local|federal|state|some|many|most|several|other) )?"
    r"(?:officials|executives|representatives|analysts|customers|subscribers|users|viewers|critics|sources|experts|"
    r"researchers|scientists|authorities|police|prosecutors|lawyers|investigators|people|fans))"
)
"""People named by what they are, several of them."""
_NO_NAME = (
    r"(?!(?:an?|the|of|in|at|on|to|by|for|with|from|as|and|or|but|that|which|who|whose|is|are|was|were|had|has|have|"
    r"said|says|told|added|adds|wrote|will|would|after|during|when|while|before|last|late|early|this|about|without)\b)"
)
_NOUN = rf"(?:{PERSON}|{BODY})\b"
_DETERMINER = rf"(?:[Aa]n?|[Tt]he|[Aa]nother|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ne|{RUN}['’]s)"
_GENERIC = (
    rf"(?:{_DETERMINER}(?: {_NO_NAME}(?:(?:[{_UP}]\.)+|\w[\w&’'-]*)){{0,4}}? {_NOUN}(?! {_NOUN})|(?:{RUN} )?{MANY})"
    rf"(?: (?:for|at|of|from|with) (?:the |its )?(?:{RUN}|[a-z]+))?"
)
OFFICE = rf"(?:(?:the |an? )?(?:{RUN}(?:['’]s)? )?(?:{_NO_NAME}[a-z-]+ ){{0,3}}{PERSON})"
"""What a person is, before the name: "Netflix spokesman", "chief executive"."""
_ADVERB = r"(?: (?:also|later|then|again|still|once|first|now|just|has|have|had|even|[a-z]+ly))"

_BEFORE = re.compile(
    rf"(?<![\w’'-])(?:(?P<generic>{_GENERIC})|(?P<name>{RUN})(?: (?:of|at|from|for) (?:the )?{RUN})?"
    rf"|(?P<pronoun>[Hh]e|[Ss]he|[Ii]t))(?:, \d\d)?(?:, (?P<aside>(?!and )[^,\"\n]{{2,90}}),)?{_ADVERB}{{0,2}} $"
)
_AFTER = re.compile(
    rf" (?:(?:{OFFICE} |{RUN}['’]s |{RUN} {_NO_NAME}[a-z]+ )?(?P<name>{RUN})(?!['’]s\b)"
    rf"|(?P<generic>{_GENERIC})|(?P<pronoun>he|she|it)\b)(?:, (?P<aside>[^,.;\"\n]{{2,90}}))?"
)
_UNCLEAR_AFTER = re.compile(
    r"\b(?:about|after|at|because|before|by|for|from|how|if|in|near|of|on|since|than|that|to|unless|until|what|when|"
    r"where|whether|which|while|why|with|(?-i:[A-Z])\w+ (?:and|or))\s+(?:the\s+|\w+['’]s\s+)?$",
    re.IGNORECASE,
)
_UNCLEAR_FIRST = re.compile(
    r"(?:After|Because|Before|How|If|Since|That|Unless|Until|What|When|Where|Whether|While|Why)\b", re.IGNORECASE
)
_GOES_ON = re.compile(
    r" (?!(?:about|after|and|as|at|but|by|for|has|have|his|her|in|is|it|its|last|on|of|that|the|their|to|was|who)\b)"
    r"[a-z]"
)
_THAT = re.compile(r"(?: [^\s,.;\"]+){0,6}? that\b")
_INTRODUCES = re.compile(r"[^.;\"]{0,60}[:,]\s+\"")
_NOT_SAID = re.compile(r" (?:to (?:be|have)|(?:a|the) (?:story|tale|truth))\b")  # "is said to be"
_BEGINS = frozenset(
    "a an another company experts fans federal government he her his industry investigators it its lawyers local many "
    "most officials one other people police prosecutors representatives researchers scientists senior several she some "
    "sources state subscribers the their users viewers analysts authorities critics customers executives".split()
)
"""Words in small letters that a subject may begin with."""
_REACH = 160
"""Characters after a verb in which its subject is looked for, and around one that needs a quotation."""
_NEAR, _FAR = 12, 30
"""Tokens before a verb in which its subject may begin; more where a comma stands between."""
_BEFORE_INVERTED = {",", '"', "—", "–", "-"}
_NEVER_FIRST = {"told", "tell"}
"""First letters of verbs that follow their subject: "…,” told CNBC" says nothing of CNBC."""
_NEAR_CHARS = 40
"""Characters before a subject in which a word may make it unclear."""


class Claim(NamedTuple):
    """That somebody says something, at one place of a text."""

    span: Span
    """Characters of subject and verb."""
    kind: Kind
    who: str = ""
    """The subject as written; empty where unclear."""
    aside: str = ""
    """What stands between commas after the subject."""
    beside: bool = False
    """Whether it stands next to a quotation."""


def claims(text: Text, own: str) -> Iterator[Claim]:
    """All claims in reading order; `own` is `text.raw` with its quotations masked."""
    for token in sorted(token for verb in _VERBS & text.index.keys() for token in text.index[verb]):
        verb = text.folded[token]
        start, end = text.starts[token], text.ends[token]
        if own[start] == '"' or _NOT_SAID.match(own, end):
            continue
        if verb == "according":
            found = _after(own, (start, end + 3)) if own.startswith(" to ", end) else None
            if found and not _GOES_ON.match(own, found.span[1]):
                yield found
            continue
        surely = verb in _SAYING or _THAT.match(own, end) is not None
        if surely or '"' in own[max(start - _REACH, 0) : end + _REACH]:
            found = _before(text, own, token) or _after(own, (start, end))
            if surely or found.beside:
                yield found


def _before(text: Text, own: str, token: int) -> Claim | None:
    """The claim whose subject stands before its verb; None where nothing like a subject does."""
    start, end = text.starts[token], text.ends[token]
    words = _FAR if own[start - 2 : start] == ", " else _NEAR
    for first in range(max(token - words, 0), token):
        if not (text.surface[first][:1].isupper() or text.folded[first] in _BEGINS):
            continue
        subject = text.starts[first]
        if found := _BEFORE.match(own, subject, start):
            before = own[max(subject - _NEAR_CHARS, 0) : subject]
            beside = before.rstrip(" ,—–-")[-1:] == '"' or _INTRODUCES.match(own, end) is not None
            if _UNCLEAR_AFTER.search(before) or _UNCLEAR_FIRST.match(own, subject):
                return Claim((subject, end), "unclear", beside=beside)
            if found["aside"] and _UNCLEAR_AFTER.match(text.surface[first] + " "):  # In Ohio, without a word, said
                return Claim((subject, end), "unclear", beside=beside)
            return _made(found, (subject, end), beside)
    return None


def _after(own: str, verb: Span) -> Claim:
    """The claim whose subject stands after its verb: after a comma or quotation, but never after *told*."""
    start, end = verb
    before = own[max(start - 3, 0) : start].rstrip()[-1:]
    inverted = before in _BEFORE_INVERTED and own[start : start + 4].lower() not in _NEVER_FIRST
    if (inverted or own[end - 3 : end] == " to") and (found := _AFTER.match(own, end, end + _REACH)):
        return _made(found, (start, found.end()), before == '"')
    return Claim(verb, "unclear", beside=before == '"')


def _made(found: re.Match[str], span: Span, beside: bool) -> Claim:
    kinds: tuple[Kind, ...] = ("name", "generic", "pronoun")
    kind = next(kind for kind in kinds if found[kind])
    return Claim(span, kind, found[kind], found["aside"] or "", beside)
