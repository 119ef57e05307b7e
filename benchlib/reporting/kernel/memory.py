"""A limit to the memory of a kernel: a cell that wants more gets a MemoryError, and the machine goes on.

Where a cell has eaten the last byte in small pieces, another thread of the kernel may be refused first; then the kernel dies.
"""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Final

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

#: Bytes beyond the limit, for the traceback.
_RESERVE: Final = 100_000_000
#: Arguments of a kernel that is going to be limited. The line leaves no name behind in the notebook's namespace.
LIMITED_ARGUMENTS: Final = [
    f"--IPKernelApp.exec_lines=__import__({__name__!r}, fromlist=['_']).show_memory_errors(get_ipython())"
]


def limit_memory(pid: int, most: int) -> None:
    """Let a process have no more than so much memory for data.

    Parameters
    ----------
    pid : int
        Number of a process of this user.
    most : int
        Bytes. A kernel with all packages of a report has taken 0.4 GB of them before its first cell. Nothing happens where the
        system has no such limit (it is Linux that has).
    """
    if hasattr(resource, "prlimit"):
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (most, most + _RESERVE))


def show_memory_errors(shell: InteractiveShell) -> None:
    """Let a shell that has met its limit have a little more, or it could neither make nor send a traceback.

    Parameters
    ----------
    shell : InteractiveShell
        The shell of this process.
    """
    shell.set_custom_exc((MemoryError,), _show)  # type: ignore[no-untyped-call]


def _show(
    shell: InteractiveShell, kind: type[BaseException], error: BaseException, where: TracebackType, tb_offset: int
) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    shell.showtraceback((kind, error, where), tb_offset=tb_offset)
