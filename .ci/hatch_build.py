"""Build hook: in the wheel all of ours lies under presswatch/; an editable install points at the checkout.

Not `force-include` in pyproject.toml: hatchling (1.33) copies those files into editable installs too, where
the copy in site-packages comes before the checkout, and the command would run yesterday's code.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Nest(BuildHookInterface):
    """Takes the `nest` table of its configuration: path in the checkout -> path in the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_data["force_include"].update(self.config["nest"])
