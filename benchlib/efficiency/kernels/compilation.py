"""One decorator for all kernels: compiled when first called, kept on disk where that is possible."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])

#: Changes when any kernel does.
SOURCES = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))).hexdigest()


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
            make_dependable(dispatcher._cache)
    return cast(Function, dispatcher)


def make_dependable(cache: Any) -> None:
    """Let numba's cache of one function notice changes in all kernels, and let a full disk pass.

    numba discards kept code when the function's own file changes; but the code contains the kernels that it calls, and these
    may stand in other files. And where code cannot be kept, it has been compiled nevertheless and can be run.

    Parameters
    ----------
    cache : numba.core.caching.FunctionCache
        Changed in place.
    """
    save = cache.save_overload

    def save_if_possible(signature: Any, code: Any) -> None:
        with suppress(OSError):
            save(signature, code)

    cache._cache_file._source_stamp = SOURCES
    cache.save_overload = save_if_possible
