"""What the guards raise: a request that is not sent, with the reason that is counted."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    """Raised for a request that must not be sent, or an answer that must not be used; `reason` is counted."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class HostUnavailable(Refused):
    """Raised for a request that a host would not have answered now. The address itself is not to blame: its state
    does not change, and the next run asks for it."""
