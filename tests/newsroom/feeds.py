"""What an outlet offers to machines: feeds in four formats, news sitemaps, robots.txt."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape

from tests.newsroom.story import Outlet, Piece

_XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def feed(outlet: Outlet, pieces: Sequence[Piece], base: str) -> tuple[str, bytes]:
    """Media type and bytes of the outlet's feed, in the order of `pieces`."""
    media, write = {
        "rss": ("application/rss+xml", _rss),
        "atom": ("application/atom+xml", _atom),
        "rdf": ("application/rdf+xml", _rdf),
        "json": ("application/feed+json", _json),
    }[outlet.feed]
    return f"{media}; charset=utf-8", write(outlet, pieces, base).encode()


def news_sitemap(outlet: Outlet, pieces: Sequence[Piece], base: str) -> bytes:
    """A news sitemap, as Google's extension of sitemaps.org has it."""
    rows = "".join(
        f"<url><loc>{escape(base + piece.path)}</loc>"
        + (f"<lastmod>{piece.modified.isoformat()}</lastmod>" if piece.modified else "")
        + f"<news:news><news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{piece.language}</news:language></news:publication>"
        f"<news:publication_date>{piece.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(piece.title)}</news:title></news:news></url>\n"
        for piece in pieces
    )
    return (
        f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{rows}</urlset>\n'
    ).encode()


def sitemap_index(children: Sequence[str], base: str) -> bytes:
    """A sitemap index that names each child."""
    rows = "".join(f"<sitemap><loc>{base}{child}</loc></sitemap>\n" for child in children)
    return f'{_XML}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</sitemapindex>\n'.encode()


def zipped(content: bytes) -> bytes:
    """Gzip with the same bytes each time, so that an ETag stands."""
    return gzip.compress(content, mtime=0)


def robots(outlet: Outlet, base: str) -> bytes:
    """Drafts are closed; outlets that are read by their sitemap announce it."""
    named = {"/robots.txt": "/sitemap_index.xml"}.get(outlet.source, outlet.source)
    line = f"Sitemap: {base}{named}\n" if outlet.kind == "sitemap" else ""
    return f"User-agent: *\nDisallow: /drafts/\nDisallow: /search\n\n{line}".encode()


def _rss(outlet: Outlet, pieces: Sequence[Piece], base: str) -> str:
    items = "".join(
        f"<item><title>{escape(p.title)}</title><link>{escape(base + p.path)}</link>"
        f'<guid isPermaLink="false">{outlet.id}:{p.slug}</guid>'
        f"<pubDate>{format_datetime(p.published)}</pubDate>"
        + "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in p.authors)
        + f"<category>{escape(p.section)}</category>"
        f"<description>{escape(_summary(p))}</description></item>\n"
        for p in pieces
    )
    return (
        f'{_XML}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{base}/</link>"
        f"<description>{escape(outlet.tagline)}</description><language>{outlet.language}</language>\n"
        f"{items}</channel></rss>\n"
    )


def _atom(outlet: Outlet, pieces: Sequence[Piece], base: str) -> str:
    newest = max((p.changed for p in pieces), default=None)
    entries = "".join(
        f"<entry><id>tag:{outlet.id}.example,2008:{p.slug}</id><title>{escape(p.title)}</title>"
        f'<link rel="alternate" type="text/html" href="{escape(base + p.path)}"/>'
        f"<published>{p.published.isoformat()}</published><updated>{p.changed.isoformat()}</updated>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in p.authors)
        + f'<summary type="html">{escape("<p>" + escape(_summary(p)) + "</p>")}</summary></entry>\n'
        for p in pieces
    )
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(outlet.name)}</title>'
        f"<id>tag:{outlet.id}.example,2008:feed</id><author><name>{escape(outlet.name)}</name></author>"
        + (f"<updated>{newest.isoformat()}</updated>" if newest else "")
        + f'<link rel="alternate" href="{base}/"/>\n{entries}</feed>\n'
    )


def _rdf(outlet: Outlet, pieces: Sequence[Piece], base: str) -> str:
    links = [escape(base + p.path) for p in pieces]
    order = "".join(f'<rdf:li rdf:resource="{link}"/>' for link in links)
    items = "".join(
        f'<item rdf:about="{link}"><title>{escape(p.title)}</title><link>{link}</link>'
        f"<dc:date>{p.published.isoformat()}</dc:date><description>{escape(_summary(p))}</description></item>\n"
        for p, link in zip(pieces, links, strict=True)
    )
    return (
        f'{_XML}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{base}/feed"><title>{escape(outlet.name)}</title><link>{base}/</link>'
        f"<description>{escape(outlet.tagline)}</description>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _json(outlet: Outlet, pieces: Sequence[Piece], base: str) -> str:
    items = [
        {
            "id": f"{outlet.id}:{p.slug}",
            "url": base + p.path,
            "title": p.title,
            "date_published": p.published.isoformat(),
            "date_modified": p.changed.isoformat(),
            "authors": [{"name": name} for name in p.authors],
            "summary": _summary(p),
            "content_text": _summary(p),
        }
        for p in pieces
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": outlet.name, "home_page_url": f"{base}/"}
    return json.dumps({**head, "language": outlet.language, "items": items}, ensure_ascii=False, indent=1)


def _summary(piece: Piece) -> str:
    """The first paragraph that is text."""
    return next(line for line in piece.paragraphs if not line.startswith("## "))
