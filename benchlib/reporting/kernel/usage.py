"""What a kernel takes of the machine."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Fields of /proc/PID/stat after the name: seconds in the process and in the kernel, and those of children that have ended.
_TIMES: Final = slice(11, 15)
_PEAK: Final = "VmHWM:"
#: Bytes in a megabyte, and in what Linux calls kB.
_MB: Final = 1e6
_KB: Final = 1024


@dataclass(frozen=True)
class Usage:
    """What a process has taken.

    Parameters
    ----------
    cpu_seconds : float
        Processor time, with that of its children that have ended.
    peak_mb : float
        Most memory at one time, in megabytes. For a forked kernel this counts pages that it shares with its parent.
    """

    cpu_seconds: float
    peak_mb: float

    @classmethod
    def of_ended(cls, user: float, system: float, peak_kb: int) -> Usage:
        """Return the usage of a process from what `os.wait4` says of it.

        Parameters
        ----------
        user, system : float
            Seconds.
        peak_kb : int
            As Linux gives it.

        Returns
        -------
        Usage
        """
        return cls(user + system, peak_kb * _KB / _MB)

    @classmethod
    def of_running(cls, pid: int) -> Usage | None:
        """Return what a process has taken so far.

        Parameters
        ----------
        pid : int
            Its number.

        Returns
        -------
        Usage or None
            None if there is no such process any more, or the system does not tell.
        """
        about = Path("/proc", str(pid))
        with suppress(OSError, ValueError, StopIteration):
            ticks = sum(map(int, (about / "stat").read_text().rpartition(")")[2].split()[_TIMES]))
            lines = (about / "status").read_text().splitlines()
            peak = next(line for line in lines if line.startswith(_PEAK)).split()[1]
            return cls(ticks / os.sysconf("SC_CLK_TCK"), int(peak) * _KB / _MB)
        return None
