"""The command line: `benchlib report`, `reports`, `site`, `lab`, `data`, `plans`, `practices`, `municipalities`.

It calls the rooms and holds no logic of its own. Exit codes: 0 done, 1 a run or a check failed, 2 wrong use, 130 stopped
by Ctrl-C, 143 by SIGTERM. Commands import what they need when they run, so that `--help` answers at once.
"""

from benchlib.cli.app import main

__all__ = ["main"]
