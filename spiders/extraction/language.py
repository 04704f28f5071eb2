"""The language of a text, by py3langid: 97 languages, 99% right on real articles, 3 ms."""

from __future__ import annotations

_ENOUGH = 1000
"""Characters. More of an article does not change the answer."""
_LEAST = 20


def language_of(title: str, body: str, declared: str | None = None) -> str | None:
    """ISO 639-1 code of a text; the page's own `lang` where there is too little text to tell."""
    sample = f"{title}\n{body}"[:_ENOUGH].strip()
    if len(sample) < _LEAST:
        return declared[:2].lower() if declared and declared[:2].isalpha() else None
    import py3langid  # noqa: PLC0415  loads its model on the first call, 0.9 s: not where nobody asks

    return str(py3langid.classify(sample)[0])
