"""The folder of the site: built aside, then put in place file by file, so that no page is ever half there.

A marker in the folder lists the files that benchlib wrote. By it a rebuilt site takes its own stale pages away and nothing else: a
CNAME, a .git or a page of somebody's own stays. A folder with other things in it and without the marker is refused.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from benchlib.errors import BenchlibError, OptionError, ReportError

MARKER: Final = "benchlib-site.json"
#: Pages that lead to all others come last: a reader in the meantime finds no link to a page that is not there yet.
_LAST: Final = ("index.html", "en/index.html")
_DRAFT: Final = ".benchlib-draft-"
_NO_SPACE: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def draft_of(out: Path) -> Iterator[Path]:
    """Give an empty folder to build in; when the block ends well, its files become the site.

    Parameters
    ----------
    out : pathlib.Path
        Folder of the site: absent, empty, or a site of before.

    Yields
    ------
    pathlib.Path
        The draft, on the same disk as the site.

    Raises
    ------
    OptionError
        If `out` is a file, or a folder with other things than a site; nothing has been touched.
    ReportError
        If the folder cannot be written to.
    """
    check_folder(out)
    # Inside a folder that is there already: its parent may belong to somebody else, or lie on another disk.
    home = out if out.is_dir() else out.parent
    draft = home / f"{_DRAFT}{os.getpid()}"
    try:
        _remove_drafts(home)
        draft.mkdir(parents=True)
        yield draft
        _put_in_place(draft, out)
    except OSError as error:
        if isinstance(error, BenchlibError):
            raise
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def check_folder(out: Path) -> None:
    """Refuse a folder that holds something else than a site.

    Parameters
    ----------
    out : pathlib.Path
        Folder for the site.

    Raises
    ------
    OptionError
        If it is a file, or a folder with files and without the marker of a site.
    """
    if out.exists() and not out.is_dir():
        raise OptionError(f"{out} is a file; the site needs a folder. Name another one.")
    if out.is_dir() and not (out / MARKER).is_file():
        other = next((path.name for path in sorted(out.iterdir()) if not path.name.startswith(_DRAFT)), None)
        if other is not None:
            raise OptionError(
                f"{out} is not empty and no site of benchlib (it holds {other!r}, but no {MARKER}), so nothing is written there. "
                "Name an empty or a new folder."
            )


def _remove_drafts(home: Path) -> None:
    """Take away what a killed process left; one that is still at work has a living process of that number."""
    for path in home.glob(f"{_DRAFT}*"):
        number = path.name.removeprefix(_DRAFT)
        if number.isdigit() and not _is_alive(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: int) -> bool:
    if os.name != "posix":
        return process != os.getpid()  # there is no harmless way to ask on Windows: leave what may be in use
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return process != os.getpid()


def _put_in_place(draft: Path, out: Path) -> None:
    names = sorted(path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file())
    if not out.is_dir():
        _write_marker(draft, names)
        draft.rename(out)
        return
    old = _listed(out)
    _write_marker(out, {*old, *names})  # whatever happens from here on, the next run knows which files are the site's
    for name in sorted(names, key=lambda name: (name in _LAST, name)):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).replace(out / name)
    _remove_stale(out, old - set(names))
    _write_marker(out, names)


def _write_marker(folder: Path, names: Iterable[str]) -> None:
    content = {"about": "Files of a site made by benchlib; the next run replaces them.", "files": sorted(names)}
    temporary = folder / f"{MARKER}.tmp"
    temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")
    temporary.replace(folder / MARKER)


def _listed(out: Path) -> set[str]:
    """Files of the site of before, as its marker names them; whoever wrote it, nothing outside the folder is touched by it."""
    try:
        names = json.loads((out / MARKER).read_text("utf-8"))["files"]
        return {name for name in names if isinstance(name, str) and "\0" not in name}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _remove_stale(out: Path, names: Iterable[str]) -> None:
    root = out.resolve()
    for name in sorted(names):
        path = out / name
        if path.parent.resolve().is_relative_to(root) and (path.is_file() or path.is_symlink()):
            path.unlink()
            _remove_empty(path.parent, out)


def _remove_empty(folder: Path, out: Path) -> None:
    """Remove a folder and those above it that have become empty, but not the site's own."""
    with suppress(OSError):  # it is not empty
        while folder != out:
            folder.rmdir()
            folder = folder.parent


def _unwritable(out: Path, error: OSError) -> ReportError:
    remedy = "Free some space" if error.errno in _NO_SPACE else "Check the permissions there"
    return ReportError(
        f"The site cannot be written to {out}: {error.strerror or error}. {remedy}, or choose another folder."
    )
