"""Open JupyterLab at the notebooks: those of a checkout, or a working copy of those that came with the package.

An installed package is no place to work in: it may be read-only, and the next version would overwrite it. So its notebooks are copied,
and a copy that somebody has changed is theirs from then on: it is never written to again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchlib import __version__
from benchlib.errors import OptionError
from benchlib.indicators import notebooks_folder

#: Where the working copies go if no folder is named, in the current one.
WORKING_FOLDER: Final = "benchlib-notebooks"
#: Remembers, in a folder of working copies, what each was copied from.
RECORD: Final = ".benchlib-notebooks.json"
_CHECKPOINTS: Final = ".ipynb_checkpoints"  # what JupyterLab leaves behind


def open_lab(folder: Path | None = None, arguments: Sequence[str] = (), *, say: Callable[[str], object] = print) -> int:
    """Open JupyterLab at the notebooks and return when it has ended.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Folder for working copies of the notebooks; it is made if needed. By default the notebooks of the checkout themselves, or
        `benchlib-notebooks` in the current folder where benchlib is installed without one.
    arguments : sequence of str
        Further arguments for JupyterLab, for example `--no-browser`.
    say : callable
        Takes each line about what was copied and where JupyterLab opens.

    Returns
    -------
    int
        The exit code of JupyterLab.

    Raises
    ------
    OptionError
        If the folder is none, or cannot be written to.
    """
    place = prepare_notebooks(folder, say)
    say(f"JupyterLab opens at {place}. To end it, press Ctrl-C here.")
    process = subprocess.Popen(lab_command(place, arguments), env=lab_environment(os.environ))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # JupyterLab has got the same Ctrl-C, and asks in this terminal whether to end


def lab_command(folder: Path, arguments: Sequence[str] = ()) -> list[str]:
    """The command that starts JupyterLab at a folder, with the interpreter that runs benchlib.

    Parameters
    ----------
    folder : pathlib.Path
        The folder that JupyterLab shows.
    arguments : sequence of str
        Further arguments; they come last, so they win.

    Returns
    -------
    list of str
    """
    return [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", *arguments]


def lab_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of JupyterLab: the kernel `python3` is this interpreter's, whatever the user's own settings call so.

    Parameters
    ----------
    environment : mapping of str to str
        The present environment.

    Returns
    -------
    dict of str to str
    """
    return {**environment, "JUPYTER_PREFER_ENV_PATH": "1"}


def prepare_notebooks(folder: Path | None, say: Callable[[str], object]) -> Path:
    """Return the folder to open, with a working copy of each notebook if it is not the checkout's own.

    Parameters
    ----------
    folder : pathlib.Path, optional
        As in `open_lab`.
    say : callable
        Takes each line about what was copied.

    Returns
    -------
    pathlib.Path
        Absolute.

    Raises
    ------
    OptionError
        If the folder is none, or cannot be written to.
    """
    shipped = notebooks_folder()
    is_checkout = shipped.name == "notebooks"
    if folder is None and is_checkout:
        return shipped
    place = (folder or Path(WORKING_FOLDER)).absolute()
    if place == shipped:
        return shipped
    try:
        place.mkdir(parents=True, exist_ok=True)
        copy_notebooks(shipped, place, say)
    except OSError as error:
        raise OptionError(
            f"The notebooks cannot be copied to {place}: {error.strerror or error}. "
            "Name a folder that can be written to: benchlib lab FOLDER"
        ) from error
    return place


def copy_notebooks(shipped: Path, place: Path, say: Callable[[str], object]) -> None:
    """Bring working copies up to date without touching one that was changed.

    A copy that nobody changed is replaced when benchlib brings a new version. Where it was changed, the new version is put beside it
    under a name with the version of benchlib.

    Parameters
    ----------
    shipped, place : pathlib.Path
        Folder of the notebooks that came with benchlib, and of the working copies.
    say : callable
        Takes a line about each notebook that was written.
    """
    record = _read_record(place / RECORD)
    for source in sorted(path for path in shipped.rglob("*.ipynb") if _CHECKPOINTS not in path.parts):
        name = source.relative_to(shipped).as_posix()
        copy, new = place / name, _hash_of(source)
        known, record[name] = record.get(name), new
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            _put(source, copy)
            say(f"Copied {name}.")
        elif new in (known, _hash_of(copy)):
            continue  # nothing new
        elif _hash_of(copy) == known:
            _put(source, copy)
            say(f"Brought {name} up to date.")
        else:
            beside = copy.with_name(f"{source.stem}-{__version__}.ipynb")
            if not beside.exists():
                _put(source, beside)
            say(f"{name} has your changes and stays as it is; the new version is {beside.name}.")
    _put_text(json.dumps(record, indent=1, sort_keys=True) + "\n", place / RECORD)


def _read_record(path: Path) -> dict[str, str]:
    """What was copied before; nothing if the record is not there or broken: then every other copy counts as changed."""
    try:
        record = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(value) for name, value in record.items()} if isinstance(record, dict) else {}


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _put(source: Path, target: Path) -> None:
    """Copy a file under a temporary name first: an interruption leaves no half a notebook."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        shutil.copyfile(source, temporary)  # not its mode: the package's files may be read-only
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _put_text(text: str, target: Path) -> None:
    temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
