"""Notices: the report, alerts and failures go to whom `[[notify]]` names.

`notice` says what is told, `channel` brings it there with Apprise, `delivery` sees that everything is told once.
"""

from analysis.notices.delivery import deliver
from analysis.notices.notice import Notice, of_failure, of_report

__all__ = ["Notice", "deliver", "of_failure", "of_report"]
