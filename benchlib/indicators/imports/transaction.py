"""Storing in the own folder, wholly or not at all.

Whoever stores holds the lock of the folder. What is new is written to a hidden folder beside, together with copies of the catalogue
and of all lists as they would be; that copy is loaded and checked. Only then the data files are moved into place, and the list that names
them last: until that one rename nothing has changed for any reader. A process that is killed before it leaves a file that no list names.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

import tomli_w
from filelock import FileLock, Timeout

from benchlib.errors import BenchlibError, OptionError, StoreError
from benchlib.indicators.folder import data_folder, own_folder
from benchlib.indicators.forget import forget_data
from benchlib.indicators.imports.lists import INDEXES, ids_of, named_files, without_entry

_LOCK: Final = ".lock"
_STAGE: Final = ".importing-"
#: Letters of an id beside which a number has room.
_ROOM: Final = 56
#: Seconds to wait for another import; each takes less than one.
_PATIENCE: Final = 30.0


def add(
    index: str,
    addition: Mapping[str, Any],
    files: Mapping[str, bytes],
    check: Callable[[Path], None],
    data: Path | None = None,
) -> Path:
    """Add data files and their entry to the own folder.

    Parameters
    ----------
    index : str
        List of the own folder, such as "registry.toml".
    addition : mapping
        What is appended to it; its entries have an `id`.
    files : mapping of str to bytes
        Data files by their path in the own folder.
    check : callable
        Takes the data folder of the staged copy and raises if anything in it is wrong.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    pathlib.Path
        The own folder.

    Raises
    ------
    OptionError
        If the id is taken.
    StoreError
        If the folder cannot be written to, or another import does not end. Nothing has been stored.
    BenchlibError
        What the check raises. Nothing has been stored.
    """
    own = own_folder(data)
    with _alone(own):
        taken = ids_of(data)
        for entry in (entry for key, listed in addition.items() if key in INDEXES.values() for entry in listed):
            if entry["id"] in taken:
                raise taken_error(entry["id"], taken, index)
        _refuse_named(own, files, data)
        before = _read(own / index)
        between = b"" if not before or before.endswith(b"\n\n") else b"\n" if before.endswith(b"\n") else b"\n\n"
        after = before + between + tomli_w.dumps(addition).encode()
        with _staged(own, data, {**files, index: after}) as stage:
            _checked(check, stage, own)
            _publish(stage / "own", own, list(files), index)
    forget_data()
    return own


def _refuse_named(own: Path, files: Mapping[str, bytes], data: Path | None) -> None:
    """A file that a list names is somebody's data, whatever it is called."""
    owners = dict(named_files(data))
    for name in files:
        owner = owners.get((own / name).resolve())
        if owner is not None:
            raise OptionError(
                f"{name} in your own folder belongs to {owner!r:.80}, and nothing stored is ever overwritten. Choose another id: --id."
            )


def remove(id: str, check: Callable[[Path], None], data: Path | None = None) -> tuple[str, ...]:
    """Take an own source, survey or register out again: its entry first, with the measures that nothing else uses, then its files.

    Parameters
    ----------
    id : str
        Its id.
    check : callable
        As in `add`.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    tuple of str
        Measures that went with it.

    Raises
    ------
    OptionError
        If nothing of one's own has this id.
    StoreError, BenchlibError
        As in `add`; nothing has been removed.
    """
    own = own_folder(data)
    with _alone(own):
        index = ids_of(data).get(id, "")
        if index not in INDEXES:
            where = f"it belongs to benchlib's own data ({index})" if index else "nothing that you imported has this id"
            raise OptionError(f"{id!r:.80}: {where}. What can be taken out: benchlib data where.")
        rest = without_entry(own / index, id)
        others = {path for path, owner in named_files(data) if owner != id}
        with _staged(own, data, {index: rest.content}) as stage:
            _checked(check, stage, own)
            _publish(stage / "own", own, [], index)
        gone = [path for file in rest.files if (path := (own / file).resolve()) not in others]
        for path in gone + ([] if rest.content.strip() else [own / index]):
            if not path.resolve().is_relative_to(own.resolve()):
                continue  # somebody has changed the list by hand
            with suppress(OSError):
                path.unlink()
                path.parent.rmdir()  # refused by the system unless it is empty
    forget_data()
    return rest.measures


def taken_error(id: str, taken: Mapping[str, str], index: str) -> OptionError:
    """The error for an id that is there already.

    Parameters
    ----------
    id : str
        The id.
    taken : mapping of str to str
        From `ids_of`.
    index : str
        The list to which it was to be added; it says how an id may be written there.

    Returns
    -------
    OptionError
        To be raised by the caller; it proposes an id that is free.
    """
    sign = "-" if index == "buildings.toml" else "_"
    free = next(name for number in count(2) if (name := f"{id[:_ROOM].rstrip(sign)}{sign}{number}") not in taken)
    return OptionError(
        f"There is a {id!r} already ({taken[id]}), and nothing stored is ever overwritten. Later figures get an id of their own: "
        f"--id {free}, for example; or take the old ones out first: benchlib data remove {id}."
    )


@contextmanager
def _alone(own: Path) -> Iterator[None]:
    """Hold the lock of the own folder; whatever the system refuses becomes an error that says what to do."""
    lock = FileLock(own / _LOCK)
    try:
        own.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=_PATIENCE)
        for left in own.glob(f"{_STAGE}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    except Timeout as error:
        raise StoreError(
            f"Another import is writing to {own}. Wait for its end and try again. Nothing was stored."
        ) from error
    except OSError as error:
        if isinstance(error, BenchlibError):
            raise
        raise StoreError(
            f"{own} cannot be written to ({_reason(error)}). Free some space there or make it writable, or let your data lie "
            "elsewhere: set XDG_DATA_HOME (Linux). Nothing was stored."
        ) from error
    finally:
        lock.release()


def _reason(error: OSError) -> str:
    """What the system says, in short; copying a folder tells it for each file, and the first is enough."""
    text = str(error.args[0][0][-1]) if isinstance(error, shutil.Error) else error.strerror or str(error)
    return text.partition("] ")[2].partition(":")[0] or text


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


@contextmanager
def _staged(own: Path, data: Path | None, files: Mapping[str, bytes]) -> Iterator[Path]:
    """A data folder as it would be: the catalogue and the lists, and of the data files the new ones only."""
    with tempfile.TemporaryDirectory(dir=own, prefix=_STAGE, ignore_cleanup_errors=True) as folder:
        stage = Path(folder)
        shipped = data or data_folder()
        shutil.copy2(shipped / "registry.toml", stage)
        shutil.copytree(shipped / "catalogue", stage / "catalogue")
        copied = stage / "own"
        copied.mkdir()
        if (own / "catalogue").is_dir():
            shutil.copytree(own / "catalogue", copied / "catalogue")
        for path in own.glob("*.toml"):
            shutil.copy2(path, copied)
        for name, content in files.items():
            path = copied / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        yield stage


def _checked(check: Callable[[Path], None], stage: Path, own: Path) -> None:
    try:
        check(stage)
    except BenchlibError as error:
        # The reader knows the own folder, not the copy.
        text = str(error).replace(str(stage / "own"), str(own)).replace(str(stage), str(own.parent))
        raise type(error)(text) from error


def _publish(staged: Path, own: Path, files: list[str], index: str) -> None:
    """Move the data files into place, then the list; if anything comes between, the files go again."""
    moved: list[Path] = []
    try:
        for name in files:
            target = own / name
            target.parent.mkdir(parents=True, exist_ok=True)
            moved.append(target)
            (staged / name).replace(target)
        (staged / index).replace(own / index)
    except BaseException:
        for target in moved:
            with suppress(OSError):
                target.unlink(missing_ok=True)
        raise
