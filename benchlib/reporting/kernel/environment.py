"""The variables of the environment that make a kernel what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: One thread per kernel for linear algebra: the matrices are small, sums come out the same on every machine, and two
#: kernels on two cores do not get in each other's way.
KERNEL_ENVIRONMENT: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # Arrow's allocator takes a gigabyte at its first text, of which it uses little; a limit of memory would count it all.
    "MIMALLOC_ARENA_EAGER_COMMIT": "0",
}
#: What the process that forks needs besides, unless it is set otherwise: no thread of its own (Arrow's allocator would start
#: one), and the backend that ipykernel gives matplotlib, which looks for it when it is imported.
_PARENT_DEFAULTS: Final = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
#: Read when the interpreter starts or a package is imported. To set them in a fork comes too late.
_READ_AT_START: Final = (
    *("PYTHON", "LD_", "LC_", "LANG", "TZ", "HOME", "MALLOC_", "MIMALLOC_", "GLIBC_"),
    *("OPENBLAS_", "GOTO_", "OMP_", "GOMP_", "KMP_", "MKL_", "BLIS_", "NPY_", "NUMPY_", "NUMBA_"),
    *("PANDAS_", "ARROW_", "JE_ARROW_", "MPL", "SCIPY_", "XDG_"),
)


def parent_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for the process that forks.

    Parameters
    ----------
    environment : mapping
        Environment of its owner.

    Returns
    -------
    dict
    """
    return {**_PARENT_DEFAULTS, **environment, **KERNEL_ENVIRONMENT}


def unlike(parent: Mapping[str, str], asked: Mapping[str, str]) -> str:
    """Return the first variable that a fork could not have as it was asked for, or an empty text.

    Parameters
    ----------
    parent : mapping
        Environment with which the process that forks was started.
    asked : mapping
        Environment for the kernel. What `parent_environment` adds may be missing there.

    Returns
    -------
    str
        The name of the variable.
    """
    there = {**_PARENT_DEFAULTS, **KERNEL_ENVIRONMENT, **asked}
    names = sorted(name for name in parent.keys() | there.keys() if name.startswith(_READ_AT_START))
    return next((name for name in names if parent.get(name) != there.get(name)), "")
