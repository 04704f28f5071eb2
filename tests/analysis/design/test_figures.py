"""Figures in words and signs."""

from __future__ import annotations

from analysis.design.figures import signed


def test_a_tone_of_almost_nothing_has_no_minus() -> None:
    assert [signed(tone) for tone in (-0.001, 0.0, -0.006, None)] == ["+0.00", "+0.00", "-0.01", "–"]
