"""The report as a mail: bottom line, figures, one chart, top stories; the pictures travel inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from mimetypes import guess_type
from pathlib import Path

from analysis.design.charts import png
from analysis.design.colours import LIGHT
from analysis.design.figures import short_day, visible
from analysis.report import charts, claims, html, markdown
from analysis.report.model import Report

_WIDTH = 600
_LONGEST_SUBJECT = 120


@dataclass(frozen=True)
class Mail:
    """What a mail program shows; `html` names its pictures by `cid:KEY`."""

    subject: str
    """One line without control characters."""
    text: str
    html: str
    pictures: dict[str, bytes]
    """Content id -> PNG."""


def render(report: Report) -> Mail:
    """For mail programs: tables, styles on each element, nothing remote, nothing that runs."""
    pictures = {}
    if any(brand.stories for brand in report.brands):
        svg = charts.volume_chart(report, LIGHT, _WIDTH)
        pictures["volume"] = png(svg, background=LIGHT.paper)
    page = html.environment().get_template("mail.html").render(
        report=report, ink=LIGHT, pictures=pictures, said=claims.volume(report), width=_WIDTH
    )  # fmt: skip
    return Mail(subject(report), markdown.render(report), page, pictures)


def subject(report: Report) -> str:
    """`Netflix in the press, 25 Nov: ` and how the bottom line begins."""
    first = report.bottom_line.split(". ")[0]
    return visible(f"{report.brand} in the press, {short_day(report.until)}: {first}", _LONGEST_SUBJECT)


def message(mail: Mail, attached: Sequence[Path] = ()) -> EmailMessage:
    """`mail` as MIME: text beside HTML with its pictures, then the files."""
    found = EmailMessage(policy=SMTP.clone(max_line_length=200))  # the subject stays on its line; RFC 5322 allows 998
    found["Subject"] = mail.subject
    found.set_content(mail.text)
    found.add_alternative(mail.html, subtype="html")
    body = found.get_payload()[1]  # type: ignore[index]
    for key, picture in mail.pictures.items():
        body.add_related(picture, "image", "png", cid=f"<{key}>", filename=f"{key}.png", disposition="inline")  # type: ignore[union-attr]
    for path in attached:
        kind, _, sub = (guess_type(path.name)[0] or "application/octet-stream").partition("/")
        found.add_attachment(path.read_bytes(), maintype=kind, subtype=sub, filename=path.name)
    return found
