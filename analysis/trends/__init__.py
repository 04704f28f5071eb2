"""Questions to the store: each a query over the public views, asked with bound values, kept beside its answer."""

from analysis.trends.coverage import coverage, mentions, sources
from analysis.trends.question import Answer, Filters, Question

__all__ = ["Answer", "Filters", "Question", "coverage", "mentions", "sources"]
