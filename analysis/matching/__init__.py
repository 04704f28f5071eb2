"""Names, aliases, exclusions, topic queries: an Article in, the same Article with topics and mentions out."""

from __future__ import annotations

from analysis.matching.matcher import Matcher
from analysis.matching.prefilter import Prefilter

__all__ = ["Matcher", "Prefilter"]
