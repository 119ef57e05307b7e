"""What many runs need is computed once: kept on disk under the hash of everything it depends on.

The Latvian and the English report of a municipality, and the reports of its neighbours, rest on the same harmonised figures and the
same bootstrap. `cached` finds them again by the figures, the options and the code; nothing has to be declared out of date by hand.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar, runtime_checkable

import numpy as np
import pandas as pd
import platformdirs
from filelock import FileLock

from benchlib.errors import BenchlibWarning, warn

Result = TypeVar("Result")

#: Options that have no part in what a function gives.
WITHOUT_EFFECT: Final = {"executor"}
#: When the folder grows beyond this many bytes, what was not used for longest goes.
LARGEST: Final = 500_000_000
#: The rooms whose code a result may depend on, each with those before it, and the programs that they rest on.
_ROOMS: Final = ("indicators", "efficiency", "comparison", "reporting")
_PROGRAMS: Final = ("numpy", "pandas", "scipy", "numba", "duckdb")
_PACKAGE: Final = Path(__file__).parent


@runtime_checkable
class Identified(Protocol):
    """What can be an argument of a function whose results are kept: it knows all that it consists of."""

    @property
    def identity(self) -> tuple[Any, ...]:
        """Values that are the same for equal things only."""


def cached(function: Callable[..., Result], /, *data: Any, **options: Any) -> Result:
    """Return ``function(*data, **options)``, from disk if the same was computed before.

    Parameters
    ----------
    function : callable
        A function of benchlib, such as `bootstrap`.
    *data
        What it is to be applied to: a Sample, several in a mapping, a Store.
    **options
        Its options. With a Generator as seed nothing is kept, since the next number of a generator is not known beforehand. An
        `executor` changes where numbers are made, not the numbers: with another one, or none, the same file is found.

    Returns
    -------
    object
        What the function returns. Warnings of the first time are given again, so that a report names them each time.

    Notes
    -----
    Kept in the user's cache folder, under benchlib/results, readable by the user alone. Processes that ask for the same at the same
    time wait for the first of them. A file that is damaged is computed anew; a folder that cannot be written to means only that
    nothing is kept.

    Examples
    --------
    >>> from benchlib.efficiency import Sample, dea
    >>> table = pd.DataFrame({"cost": np.arange(1.0, 9.0), "pupils": np.sqrt(np.arange(1.0, 9.0))})
    >>> sample = Sample.from_table(table, "cost", "pupils")
    >>> bool((cached(dea, sample, rts="crs").efficiency == dea(sample, rts="crs").efficiency).all())
    True
    """
    key = _key(function, data, options)
    if key is None:
        return function(*data, **options)
    path = platformdirs.user_cache_path("benchlib") / "results" / f"{key}.pickle"
    kept = _read(path)
    if kept is None:
        with _alone(path):
            # Whoever had to wait finds what the other has written.
            kept = _read(path) or _computed(function, data, options, path)
    for message, category in kept[1]:
        warn(message, category)
    found: Result = kept[0]
    return found


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes from computing the same; where no lock can be had, they may."""
    lock = FileLock(path.with_suffix(".lock"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire()
    except OSError:
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):
            path.with_suffix(".lock").unlink()
        lock.release()


def _computed(
    function: Callable[..., Any], data: tuple[Any, ...], options: Mapping[str, Any], path: Path
) -> tuple[Any, list[tuple[str, type[BenchlibWarning]]]]:
    """Compute a result with its warnings and keep both."""
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        result = function(*data, **options)
    kept = result, [(str(w.message), w.category) for w in raised if issubclass(w.category, BenchlibWarning)]
    _write(path, kept)
    return kept


def _key(function: Callable[..., Any], data: tuple[Any, ...], options: Mapping[str, Any]) -> str | None:
    """Return the hash of function, data, options and code; None if an argument has no lasting identity."""
    digest = hashlib.blake2b(code_stamp(_room_of(function)).encode(), digest_size=20)
    effective = {name: value for name, value in sorted(options.items()) if name not in WITHOUT_EFFECT}
    try:
        _feed(digest, (f"{function.__module__}.{function.__qualname__}", data, effective))
    except _NoIdentityError:
        return None
    return digest.hexdigest()


class _NoIdentityError(Exception):
    """An argument that cannot be told from another by its content."""


def _feed(digest: Any, value: Any) -> None:
    """Add a value to a hash: its type, its size and its content, so that no two values look alike."""
    digest.update(type(value).__name__.encode())
    if value is None or isinstance(value, str | bool | int | float | np.generic):
        text = repr(value).encode()
        digest.update(len(text).to_bytes(8, "little") + text)
    elif isinstance(value, np.ndarray) and value.dtype != object:
        digest.update(repr((value.shape, value.dtype.str)).encode() + np.ascontiguousarray(value).tobytes())
    elif isinstance(value, pd.DataFrame | pd.Series | pd.Index):
        digest.update(pd.util.hash_pandas_object(value, index=True).to_numpy().tobytes())
        _feed(digest, [str(name) for name in getattr(value, "columns", [])])
    elif isinstance(value, Identified):
        _feed(digest, value.identity)
    elif isinstance(value, Mapping):
        _feed(digest, [*value.items()])
    elif isinstance(value, tuple | list):
        digest.update(len(value).to_bytes(8, "little"))
        for item in value:
            _feed(digest, item)
    else:
        raise _NoIdentityError


def _room_of(function: Callable[..., Any]) -> str:
    parts = function.__module__.split(".")
    return parts[1] if parts[0] == "benchlib" and len(parts) > 1 and parts[1] in _ROOMS else _ROOMS[-1]


@cache
def code_stamp(room: str) -> str:
    """Return what identifies the code of a room: its sources, those of the rooms before it, and the programs under them."""
    rooms = _ROOMS[: _ROOMS.index(room) + 1]
    sources = [path for name in rooms for path in sorted((_PACKAGE / name).rglob("*.py"))]
    digest = hashlib.blake2b(b"".join(path.read_bytes() for path in sources))
    for program in _PROGRAMS:
        with suppress(PackageNotFoundError):
            digest.update(f"{program} {version(program)}".encode())
    return digest.hexdigest()


def _read(path: Path) -> Any:
    """Return what a file holds, None if it is not there or damaged (whatever the damage makes pickle say)."""
    try:
        content = path.read_bytes()
        kept = pickle.loads(content)
        os.utime(path)
    except Exception:
        return None
    return kept


def _write(path: Path, kept: Any) -> None:
    """Write a file whole or not at all, and let the oldest go; a full or read-only disk is no reason to stop."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with suppress(OSError):
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary.write_bytes(pickle.dumps(kept, protocol=pickle.HIGHEST_PROTOCOL))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _prune(path.parent)


def _prune(folder: Path) -> None:
    """Delete the files that were not used for longest until the folder is small enough."""
    files = sorted(((path.stat(), path) for path in folder.glob("*.pickle")), key=lambda pair: -pair[0].st_mtime)
    total = 0
    for facts, path in files:
        total += facts.st_size
        if total > LARGEST:
            path.unlink(missing_ok=True)
