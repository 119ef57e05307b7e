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
}
#: What the process that forks needs besides: no thread of its own (Arrow's allocator would start one), and the backend that
#: ipykernel gives matplotlib, which looks for it when it is imported.
PARENT_ENVIRONMENT: Final = KERNEL_ENVIRONMENT | {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
#: Read when the interpreter starts or a package is imported. To set them in a fork comes too late.
_READ_AT_START: Final = (
    *("PYTHON", "LD_", "LC_", "LANG", "TZ", "HOME", "MALLOC_", "GLIBC_"),
    *("OPENBLAS_", "GOTO_", "OMP_", "GOMP_", "KMP_", "MKL_", "BLIS_", "NPY_", "NUMPY_", "NUMBA_"),
    *("PANDAS_", "ARROW_", "JE_ARROW_", "MPL", "SCIPY_", "XDG_"),
)


def unlike(parent: Mapping[str, str], asked: Mapping[str, str]) -> str:
    """Return the first variable that a fork could not have as it was asked for, or an empty text.

    Parameters
    ----------
    parent : mapping
        Environment with which the process that forks was started.
    asked : mapping
        Environment for the kernel. Variables of `PARENT_ENVIRONMENT` that it leaves open may be those of the parent.

    Returns
    -------
    str
        The name of the variable.
    """
    here, there = ({name: env[name] for name in env if name.startswith(_READ_AT_START)} for env in (parent, asked))
    names = sorted(here.keys() | there.keys())
    wrong = (name for name in names if here.get(name) != there.get(name, PARENT_ENVIRONMENT.get(name)))
    return next(wrong, "")
