"""How pages name, in class names and in words, what stands in an article but is not of it.

Single words and pairs of words, as whole words of a class name: `related-links` is meant, `promoted-by-editor`
and `has-related` are not. General vocabulary of the trade only; nothing here is known of one outlet.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MODIFIERS = frozenset("has with is no not without hide show".split())

_NEVER = frozenset(
    """
    newsletter newsletters related relateds recirc recirculation recommended recommendation recommendations outbrain
    taboola zergnet revcontent subscribe subscription signup social share sharing sharebar shares comments
    commenting trending sponsored sponsor advert advertisement advertising promo promos promotion promobox
    breadcrumb breadcrumbs taglist tags nav navbar navigation menu submenu cookie cookies consent popup login donate
    donation factbox poll quiz toc tableofcontents
    """.split()
)
_HARDLY = frozenset(
    """
    copyright modal overlay dropdown caption captions credit credits byline teaser teasers footnotes disclaimer bio
    biography timestamp dateline carousel slider gallery infobox rating signin metadata keywords topics sidebar widget
    """.split()
)
_NEVER_PAIRS = frozenset(
    """
    read-more read-also read-next see-also most-read most-popular most-viewed most-shared author-bio author-box
    author-info author-card author-profile about-author bio-box sign-up more-on more-from more-stories more-news
    more-articles also-like dont-miss up-next follow-us tag-list ad-container ad-wrapper ad-slot ad-unit link-list
    article-tags inline-teaser story-links key-points key-takeaways fast-facts social-media table-contents
    """.split()
)
_HARDLY_PAIRS = frozenset(
    """
    post-meta entry-meta article-meta last-updated reading-time post-date line-clamp about-the author-content
    author-desc
    """.split()
)

NEVER, HARDLY, FINE = "never", "hardly", ""


@lru_cache(maxsize=20_000)
def purpose(label: str) -> str:
    """What a box is for, by its label: NEVER article text, HARDLY ever, or FINE."""
    found = FINE
    for token in label.split():
        words = [word.lower() for word in _WORD.findall(token)]
        if not words or words[0] in _MODIFIERS:
            continue
        pairs = {f"{one}-{two}" for one, two in pairwise(words)}
        if not _NEVER.isdisjoint(words) or pairs & _NEVER_PAIRS:
            return NEVER
        if not _HARDLY.isdisjoint(words) or pairs & _HARDLY_PAIRS:
            found = HARDLY
    return found


_SERVICE = re.compile(
    r"""^\W*(?:
    # elsewhere
    read\ (?:more|also|next|on|the\ (?:full|original))\b | see\ also\b | don.?t\ miss\b | watch\s?: | listen\s?: |
    listen\ to\ this | in\ other\ news\b | filed\ under | more\s?: |
    you\ (?:may|might)\ (?:also|like)\b | lesen\ sie\ (?:auch|mehr|hier) | lies\ auch | mehr\ zum\ thema | lire\ aussi |
    à\ lire | lee\ también | leer\ más | leggi\ anche | czytaj\ (?:więcej|też|także) | lees\ ook |
    läs\ (?:också|mer|även) | les\ (?:også|mer|flere) | ler\ mais | leia\ (?:também|mais) |
    (?:tags?|topics?|etiketler|stichworte?|schlagworte?|temas|sujets)\s?: |
    # please
    click\ here\b | klicken\ sie\ hier | sign\ up\b | subscribe\ (?:to|now|today|for)\b | follow\ (?:us|\w+\ on)\b |
    folgen\ sie\b | stay\ informed | have\ a\ (?:tip|story)\b | got\ a\ (?:story|tip|question)\b | get\ in\ touch\b |
    for\ more\ (?:stories|news)\b | get\ the\ latest\b | download\ (?:the|our)\ [^.]{0,30}\bapp\b | share\ this\b |
    join\ the\ (?:conversation|discussion)\b | what\ do\ you\ think\b | tell\ us\ what\b | please\ read\ our\b |
    would\ you\ like\ to\ comment | view\ (?:comments|gallery|this\ post) | email\ \w+\ \w+\ at\b |
    reach\ the\ (?:reporters?|authors?|writers?)\b |
    # credits and times
    © | \(c\)\ | copyright\ (?:©|\(c\)|\d) | all\ rights\ reserved | image\ credit |
    this\ (?:article|story|post)\ (?:was\ )?(?:originally|first)\ (?:appeared|published|posted) |
    (?:image|photo|foto|bild|picture|photograph)\s?: | \(?(?:additional\ )?reporting\ by\b | \(?editing\ by\b |
    with\ reports?\ from\b | redaktion\s?: | veröffentlicht\ am\b | stand\s?:
    )""",
    re.I | re.X,
)
_LABEL = re.compile(
    r"""^\W*(?:
    related\b | more\ (?:on|from|stories|to\ read)\b | most\ (?:read|popular)\b | recommended\b | up\ next\b |
    watch\ (?:more|now)\b | see\ more\b | auch\ interessant | zum\ thema\b | newsletter\b | subscribe\b | copyright\b |
    download\b | continue\ reading\b | (?:article|story)\ continues\b | article\ content$ | skip\ to\b |
    (?:comments?|kommentare?)$ | (?:advertisement|anzeige|werbung|reklama|publicidad|publicité|pubblicità)$ |
    (?:first\ |last\ )?(?:updated|published|aktualisiert)\b.{0,12}\d |
    (?:\(?mit\ )?(?:material\ (?:von|der)\ )?(?:dpa|afp|sid|apa|kna|epd)\b
    )""",
    re.I | re.X,
)
_SERVICE_END = re.compile(
    r"click here (?:for more|to (?:read|see|find|subscribe|sign|learn))|"
    r"contributed to this (?:report|story|article)\.?$|follow (?:him|her|them|us) (?:on|at)\b.{0,60}$",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")


def is_service_line(text: str) -> bool:
    """Whether a paragraph only points elsewhere, asks for something, or credits: "Read more: ...", "Sign up ...".

    Words that news sentences begin with too ("Related companies fell.") count only in what is no sentence.
    """
    if len(text) > 220:
        return False
    if _SERVICE.match(text) or _SERVICE_END.search(text):
        return True
    return len(text) <= 90 and _LABEL.match(text) is not None and _SENTENCE_END.search(text) is None


_DIGEST = re.compile(
    r"""^\W*(?:
    key\ (?:points|takeaways|facts) | at\ a\ glance | in\ (?:brief|short) | quick\ read | tl;?dr | the\ gist |
    highlights | summary | auf\ einen\ blick | das\ wichtigste(?:\ in\ kürze)? |
    kurz\ (?:gefasst|und\ bündig) | zusammenfassung | sammendrag | sammanfattning |
    en\ bref | l.essentiel | in\ breve | in\ sintesi | en\ resumen | (?:las\ )?claves | em\ resumo | resumo |
    w\ skrócie | özet
    )\W*$""",
    re.I | re.X,
)


def is_digest_heading(text: str) -> bool:
    """Whether a heading opens a list that says the article once more: "Key points", "Auf einen Blick"."""
    return len(text) < 60 and _DIGEST.match(text) is not None
