"""How much memory a program takes, its workers included."""

from __future__ import annotations

from pathlib import Path


def memory(pid: int) -> float:
    """Proportional set size of a process and its descendants, in MB: what they share counts once."""
    total = 0.0
    for number in [pid, *descendants(pid)]:
        try:
            text = Path(f"/proc/{number}/smaps_rollup").read_text("ascii")
        except OSError:
            continue
        total += sum(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:"))
    return total


def descendants(pid: int) -> list[int]:
    """All processes below one."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text("ascii").split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found
