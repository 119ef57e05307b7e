"""With which program a report was made, and what it warned of."""

from __future__ import annotations

import subprocess
import warnings
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from benchlib import __version__
from benchlib.errors import BenchlibWarning

#: Packages whose version can change a number or a picture.
_PACKAGES: Final = ("duckdb", "matplotlib", "numba", "numpy", "pandas", "scipy")


def collect_warnings() -> list[str]:
    """Keep every warning of benchlib from now on, so that the report can end with them; they are still shown.

    Returns
    -------
    list of str
        Grows with each new warning; a repeated one stands once.
    """
    kept: list[str] = []
    shown = getattr(warnings.showwarning, "shows_with", warnings.showwarning)

    def keep(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, BenchlibWarning) and str(message) not in kept:
            kept.append(str(message))
        shown(message, category, *where, **more)

    # A cell that is run again starts a new list instead of stacking one listener on another.
    keep.shows_with = shown  # type: ignore[attr-defined]
    warnings.showwarning = keep
    return kept


@cache
def provenance() -> dict[str, str]:
    """Versions of benchlib and of the packages that can change a number, and the revision of the code.

    Returns
    -------
    dict of str to str
        Name to version; "revision" only in a git checkout, with "+" after it where files were changed since.
    """
    found = {"benchlib": __version__}
    revision = _revision()
    if revision:
        found["revision"] = revision
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _revision() -> str:
    folder = Path(__file__).resolve().parents[2]
    if not (folder / ".git").exists():
        return ""
    try:
        head = _git(folder, "rev-parse", "--short=12", "HEAD")
        is_changed = bool(_git(folder, "status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.SubprocessError):
        return ""  # no git on the machine, or no commit yet: the version stands in
    return f"{head}+" if is_changed else head


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
