"""One decorator for all kernels: compiled when first called, kept on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


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
        return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        return cast(Function, njit(nogil=True, error_model="numpy")(function))
