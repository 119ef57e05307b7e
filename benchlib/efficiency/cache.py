"""Scores that many runs need are computed once: kept on disk under the hash of everything they depend on.

The Latvian and the English report of a municipality, and the reports of its neighbours, rest on the same bootstrap. `cached` finds
it again by the figures, the options and the code; nothing has to be declared out of date by hand.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import numba
import numpy as np
import pandas as pd
import platformdirs
import scipy

from benchlib.efficiency.sample import Sample
from benchlib.errors import BenchlibWarning, warn

Result = TypeVar("Result")

#: When the folder grows beyond this many bytes, what was not used for longest goes.
LARGEST: Final = 500_000_000
#: All that changes what a function gives besides its arguments: this room's code and the programs it rests on.
_CODE = Path(__file__).parent
_PROGRAMS = (np, pd, scipy, numba)


def cached(function: Callable[..., Result], /, *data: Any, **options: Any) -> Result:
    """Return ``function(*data, **options)``, from disk if the same was computed before.

    Parameters
    ----------
    function : callable
        A function of this room, such as `bootstrap`.
    *data
        What it is to be applied to: a Sample, or several in a mapping.
    **options
        Its options. With a Generator as seed nothing is kept, since the next number of a generator is not known beforehand.

    Returns
    -------
    object
        What the function returns. Warnings of the first time are given again, so that a report names them each time.

    Notes
    -----
    Kept in the user's cache folder, under benchlib/scores, readable by the user alone. A file that is damaged is computed anew; a
    folder that cannot be written to means only that nothing is kept.

    Examples
    --------
    >>> from benchlib.efficiency import dea
    >>> table = pd.DataFrame({"cost": np.arange(1.0, 9.0), "pupils": np.sqrt(np.arange(1.0, 9.0))})
    >>> sample = Sample.from_table(table, "cost", "pupils")
    >>> bool((cached(dea, sample, rts="crs").efficiency == dea(sample, rts="crs").efficiency).all())
    True
    """
    key = _key(function, data, options)
    if key is None:
        return function(*data, **options)
    folder = platformdirs.user_cache_path("benchlib") / "scores"
    path = folder / f"{key}.pickle"
    kept = _read(path)
    if kept is None:
        with warnings.catch_warnings(record=True) as raised:
            warnings.simplefilter("always")
            result = function(*data, **options)
        kept = result, [(str(w.message), w.category) for w in raised if issubclass(w.category, BenchlibWarning)]
        _write(path, kept)
    for message, category in kept[1]:
        warn(message, category)
    found: Result = kept[0]
    return found


def _key(function: Callable[..., Any], data: tuple[Any, ...], options: Mapping[str, Any]) -> str | None:
    """Return the hash of function, data, options and code; None if an argument has no lasting identity."""
    digest = hashlib.blake2b(_stamp().encode(), digest_size=20)
    try:
        _feed(digest, (f"{function.__module__}.{function.__qualname__}", data, dict(sorted(options.items()))))
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
    elif isinstance(value, Sample):
        _feed(digest, (value.units, value.names, value.inputs, value.outputs, value.context, value.X, value.Y, value.Z))
        _feed(digest, value.left_out)
    elif isinstance(value, Mapping):
        _feed(digest, [*value.items()])
    elif isinstance(value, tuple | list):
        digest.update(len(value).to_bytes(8, "little"))
        for item in value:
            _feed(digest, item)
    else:
        raise _NoIdentityError


@cache
def _stamp() -> str:
    """Return what identifies the code: this room's sources and the versions of the programs under it."""
    sources = [path.read_bytes() for path in sorted(_CODE.rglob("*.py"))]
    versions = " ".join(program.__version__ for program in _PROGRAMS)
    return hashlib.blake2b(b"".join([*sources, versions.encode()])).hexdigest()


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
