"""Questions to the store: each a query over the public views, asked with bound values, kept beside its answer."""

from analysis.trends.coverage import coverage
from analysis.trends.evidence import mentions, sources
from analysis.trends.question import Answer, Filters, Question
from analysis.trends.recurrence import journalists, outlets
from analysis.trends.share import rivals, share

__all__ = [
    "Answer",
    "Filters",
    "Question",
    "coverage",
    "journalists",
    "mentions",
    "outlets",
    "rivals",
    "share",
    "sources",
]
