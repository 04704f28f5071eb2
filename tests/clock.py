"""Another time for a process under test: Debian's faketime, preloaded; where it is not installed the tests are skipped.

presswatch(path, "nightly", **at("+3d"))
"""

from __future__ import annotations

from pathlib import Path

import pytest

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def at(when: str) -> dict[str, str]:
    """The environment of a process whose clock says `when`: `+3d`, `-3h` from now, or `@2027-01-01 12:00:00`."""
    if LIBRARY is None:
        pytest.skip("there is no libfaketime here; type: sudo apt-get install faketime")
    return {"LD_PRELOAD": str(LIBRARY), "FAKETIME": when}
