"""The nightly timer: systemd's where there is systemd, else a line of cron.

`night` says what is to be started and when, `systemd` and `cron` each know how to install, show and remove it.
"""

from analysis.schedule.cron import Cron
from analysis.schedule.night import Night, Timer
from analysis.schedule.systemd import Systemd

__all__ = ["Cron", "Night", "Systemd", "Timer"]
