"""Replications in pieces: scored here, or on the processes and machines of an executor, with the same numbers.

The draws are made before and travel with the pieces, and each replication is scored by itself. So neither the executor nor the
number of its workers can change a result.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor
from itertools import pairwise
from typing import Any, Final, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from benchlib.cache import code_stamp
from benchlib.efficiency.kernels.programme import Technology
from benchlib.errors import BenchlibError, OptionError, WorkerError

#: Arrays with a row per replication, and counts.
Scored = TypeVar("Scored", bound=tuple[Any, ...])

#: Rough number of multiplications that makes a piece worth sending: one to four seconds of one processor.
PIECE: Final = 40_000_000


def check_executor(executor: Any) -> Executor | None:
    """Return the executor, or raise OptionError if it is none."""
    if executor is None or isinstance(executor, Executor):
        return executor
    hint = " Use client.get_executor()." if hasattr(executor, "get_executor") else ""
    raise OptionError(
        f"executor is of type {type(executor).__name__}, not a concurrent.futures.Executor such as ProcessPoolExecutor.{hint}"
    )


def score_in_pieces(
    score: Callable[..., Scored], t: Technology, rows: NDArray[Any], executor: Executor | None = None
) -> Scored:
    """Return ``score(t, rows)``, computed by the workers of an executor where that is worth the transfer.

    Parameters
    ----------
    score : callable
        `replicate_radial` or `score_against_subsets`.
    t : Technology
        The n observed units.
    rows : ndarray, shape (B, k)
        What is drawn for each replication.
    executor : concurrent.futures.Executor, optional
        Each piece is one task that uses one thread; without an executor, all is done here in threads.

    Returns
    -------
    tuple
        Arrays with a row per replication, in the order of `rows`, and totals of counts.

    Raises
    ------
    WorkerError
        If a piece does not come back, or a worker has other code.
    """
    count = count_pieces(t, rows)
    if executor is None or count < 2:
        return score(t, rows)
    edges = np.linspace(0, len(rows), count + 1).astype(int).tolist()
    pieces = [rows[first:last] for first, last in pairwise(edges)]
    found = _collect(executor, score, t, pieces)
    joined = tuple(
        np.concatenate(parts) if isinstance(parts[0], np.ndarray) else sum(parts) for parts in zip(*found, strict=True)
    )
    return cast(Scored, joined)


def count_pieces(t: Technology, rows: NDArray[Any]) -> int:
    """Return into how many pieces the replications are cut: 1 if they are too little work to be shared.

    The technology travels with each piece. A piece has at least as many replications as there are variables, so that
    this at most doubles what is sent.
    """
    variables = t.X.shape[0] + t.Y.shape[0]
    return int(max(1, min(rows.size * t.X.size // PIECE, len(rows) // variables)))


def score_piece(stamp: str, score: Callable[..., Scored], t: Technology, rows: NDArray[Any]) -> Scored:
    """Score replications on a worker, in one thread, or raise WorkerError if the worker's code is not the caller's."""
    if code_stamp("efficiency") != stamp:
        raise WorkerError(
            "A worker of the executor has other code than this process: another version of benchlib, numpy, pandas, scipy or "
            "numba. Its numbers could differ, so nothing was computed. Install the same versions there and start it again."
        )
    # Some executors deliver arrays read-only, for which numba would compile everything anew.
    return score(t._replace(X=t.X.copy(), Y=t.Y.copy()), rows, threads=1)


def _collect(
    executor: Executor, score: Callable[..., Scored], t: Technology, pieces: list[NDArray[Any]]
) -> list[Scored]:
    """Return what the workers made of the pieces, in their order; whatever goes wrong, nothing is left running."""
    futures = []
    try:
        futures = [executor.submit(score_piece, code_stamp("efficiency"), score, t, piece) for piece in pieces]
        return [future.result() for future in futures]
    except BenchlibError:
        raise
    except Exception as error:  # executors raise what they like
        raise WorkerError(_explain(error)) from error
    finally:
        for future in futures:
            future.cancel()


def _explain(error: Exception) -> str:
    """Return what became of the replications and what to do; Dask's errors are known by name, for Dask need not be there."""
    if isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker":
        reason = "a worker process ended, as a rule because its memory was used up"
        remedy = "Start the executor again with fewer workers or more memory for each"
    elif isinstance(error, CancelledError):
        reason = "they were cancelled, or the connection to the scheduler was lost"
        remedy = "Start the executor again"
    else:
        reason = f"{type(error).__name__}: {error}"
        remedy = "Mend that"
    return (
        f"Replications did not come back from the executor: {reason}. All are needed, so there is no result. "
        f"{remedy}, or call again without executor: the numbers are the same."
    )
