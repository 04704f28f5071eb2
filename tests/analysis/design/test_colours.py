"""Colours can be told apart and read (WCAG 2.2), on light and on dark paper."""

from __future__ import annotations

import pytest

from analysis.design.colours import DARK, LIGHT, SCREEN, Ink, contrast, css_variables

BOTH = pytest.mark.parametrize("ink", [LIGHT, DARK], ids=["light", "dark"])


@BOTH
@pytest.mark.parametrize("name", ["ink", "soft", "accent", "pos", "neg", "good", "amber", "red"])
def test_text_can_be_read(ink: Ink, name: str) -> None:
    """4.5:1, on the paper and on what lies on it (1.4.3)."""
    for ground in (ink.paper, ink.wash):
        assert contrast(getattr(ink, name), ground) >= 4.5
    if name in {"ink", "amber"}:
        assert contrast(getattr(ink, name), ink.event) >= 4.5


@BOTH
def test_marks_stand_out(ink: Ink) -> None:
    """3:1 against the paper (1.4.11); text on a mark 4.5:1."""
    for name in ("pos", "neg", "neu", *(f"brand{n}" for n in range(6))):
        assert contrast(getattr(ink, name), ink.paper) >= 3, name
        assert contrast(ink.on(name), getattr(ink, name)) >= 4.5, name


def test_the_page_has_both_schemes() -> None:
    css = css_variables()

    assert css.count("--paper:") == 2
    assert "prefers-color-scheme:dark" in css
    assert SCREEN.neg == "var(--neg)"
    assert SCREEN.on("neg") == "var(--on-neg)"
    assert f"--on-neg:{LIGHT.on('neg')};" in css


def test_known_contrasts() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
