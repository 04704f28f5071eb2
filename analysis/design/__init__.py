"""How presswatch looks, for every format and for the page: colours, type, figures in words, charts as SVG.

Nothing here knows the store or the report: `analysis.report` and `analysis.web` both build on it.
"""
