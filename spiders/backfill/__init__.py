"""History: `presswatch backfill warc|wayback|gdelt`, one module a kind, each a spider with all guards and stages.

A backfill says how much there is before it starts, can be stopped and taken up, and never replaces what was fetched
later by what was archived before.
"""
