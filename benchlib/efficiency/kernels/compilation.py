"""One decorator for all kernels: compiled when first called, kept on disk where that is possible."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])

FOLDER = Path(__file__).parent
#: What a kernel imports from its neighbours: `from benchlib.efficiency.kernels.simplex import`, or `from inner import`.
NEIGHBOUR = re.compile(r"^(?:from|import) (?:[\w.]*\.)?(\w+)\b", re.MULTILINE)


def compiled(function: Function) -> Function:
    """Compile `function` with numba when it is first called, and keep the machine code on disk.

    The code is kept beside the package or, where that folder is read-only, in the user's cache folder. If neither can be
    written to, numba refuses to decorate the function; then it is compiled anew in each process, which takes
    seconds but gives the same numbers.

    Parameters
    ----------
    function : callable
        A function of arrays and numbers. It runs without the interpreter's lock, so that threads may share the work.

    Returns
    -------
    callable
        The compiled function.
    """
    try:
        dispatcher = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        dispatcher = njit(nogil=True, error_model="numpy")(function)
    else:
        if hasattr(dispatcher, "_cache"):  # not so with NUMBA_DISABLE_JIT=1, to step through kernels in a debugger
            make_dependable(dispatcher._cache, Path(function.__code__.co_filename).stem)
    return cast(Function, dispatcher)


@cache
def stamp(name: str) -> str:
    """Return a hash that changes with the kernels in file `name` and with every kernel file that these import.

    Parameters
    ----------
    name : str
        A file of this folder, without its ending.

    Returns
    -------
    str
    """
    found: dict[str, str] = {}
    waiting = [name]
    while waiting:
        path = FOLDER / f"{waiting.pop()}.py"
        if path.stem not in found and path.exists():
            found[path.stem] = path.read_text(encoding="utf-8")
            waiting += NEIGHBOUR.findall(found[path.stem])
    return hashlib.sha256("".join(found[stem] for stem in sorted(found)).encode()).hexdigest()


def make_dependable(kept: Any, name: str) -> None:
    """Let numba's cache of one function notice changes in the kernels it calls, and let a full disk or a stale file pass.

    numba discards kept code when the function's own file changes; but the code contains the kernels that it calls, and these
    may stand in other files. And where code cannot be kept, it has been compiled nevertheless and can be run.

    Parameters
    ----------
    kept : numba.core.caching.FunctionCache
        Changed in place.
    name : str
        The kernel file in which the function stands, without its ending.
    """
    save, load = kept.save_overload, kept.load_overload

    def load_if_readable(signature: Any, context: Any) -> Any:
        # An index of an earlier version may name kernel files that are gone; whatever then fails, compiling helps.
        try:
            return load(signature, context)
        except Exception:
            with suppress(OSError):
                kept._cache_file.flush()
            return None

    def save_if_possible(signature: Any, code: Any) -> None:
        with suppress(OSError):
            save(signature, code)

    kept._cache_file._source_stamp = stamp(name)
    kept.save_overload = save_if_possible
    kept.load_overload = load_if_readable
