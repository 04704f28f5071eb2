"""What is remembered: one DuckDB file, written in short transactions by one process at a time.

The crawl appends to a spool of plain JSON lines (`spool`), a loader moves whole segments of it into the database
(`load`), and a copy for readers is published after each load (`snapshot`). Readers open the copy, so that
they never block a night and never fail because one runs.
"""
