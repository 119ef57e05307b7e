"""What happens on a worker of a cluster: it says what its reports would depend on, and it runs tasks."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, Final

from benchlib import __version__
from benchlib.reporting.batch.identity import code_digest, figures_digest
from benchlib.reporting.batch.task import Outcome, Task
from benchlib.reporting.kernel.parent import AVAILABLE, shared_parent

#: Of these only a hash is known, so a difference has no name.
_HASHES: Final = ("code", "figures")


class UnwantedError(Exception):
    """Nobody waits for the run any more."""


def installation() -> dict[str, str]:
    """Return what reports made here depend on besides their task.

    Returns
    -------
    dict of str to str
        Versions of Python, of benchlib and of the packages that it requires; hashes of "code" and "figures".
    """
    about = {"Python": platform.python_version(), "benchlib": __version__}
    with suppress(PackageNotFoundError):
        for line in requires("benchlib") or []:
            requirement, _, marker = line.partition(";")
            name = re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]
            if "extra" not in marker:
                with suppress(PackageNotFoundError):
                    about[name] = version(name)
    return about | {"code": code_digest(), "figures": figures_digest()}


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Say how another installation differs from this one.

    Parameters
    ----------
    here, there : mapping of str to str
        From `installation`.

    Returns
    -------
    str
        Empty if they are equal.
    """
    named = [name for name in {**here, **there} if name not in _HASHES and here.get(name) != there.get(name)]
    parts = [f"{name} {there.get(name, 'is missing')} (here {here.get(name, 'missing')})" for name in named]
    parts += [f"other {name}" for name in _HASHES if here.get(name) != there.get(name)]
    return ", ".join(parts)


def run_task(task: Task, *, is_warm: bool) -> Outcome:
    """Run a task in a thread of a worker.

    Parameters
    ----------
    task : Task
        What to run.
    is_warm : bool
        Whether the kernel is a fork of a warm parent, where the system can; all runs of a worker share it, and it ends with
        the worker.

    Returns
    -------
    Outcome
        Also of a run that failed.

    Raises
    ------
    UnwantedError
        If the run was cancelled meanwhile; its kernel has ended.
    """
    from distributed import get_worker

    from benchlib.reporting.batch.work import work

    if task.folder is not None and not Path(task.folder).is_dir():
        return Outcome(
            task.stem,
            failure=f"on its worker, {platform.node()}: the notebook's folder {task.folder} is not there. Put the notebook on a drive "
            "that all workers see under the same name, or run it on this machine.",
        )
    worker = get_worker()
    key = worker.get_current_task()

    def go_on(done: int, cells: int) -> None:
        if not is_wanted(worker, key):
            raise UnwantedError

    warm = shared_parent().address if is_warm and AVAILABLE else None
    return work(task, warm=warm, progress=go_on)


def is_wanted(worker: Any, key: Any) -> bool:
    """Return whether somebody still waits for what a worker computes under a key."""
    known = worker.state.tasks.get(key)
    return known is not None and known.state != "cancelled"
