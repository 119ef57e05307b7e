"""The arithmetic of change: indices and their parts from distances, on arrays.

Everywhere ``e[k, l]`` is the efficiency of the figures of period `l` against the technology of period `k` (0 before, 1 after): 1 on
the frontier, above 1 beyond it, for either orientation. It is Shephard's output distance, or the reciprocal of Shephard's input
distance. Thus a ratio above 1 is progress for either orientation. Further axes (replications, units) are carried along.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchlib.terms import Decomposition

Floats = NDArray[np.float64]


def malmquist_index(e: Floats) -> Floats:
    """Return the geometric mean of the change seen from either technology."""
    index: Floats = np.sqrt(e[0, 1] / e[0, 0] * (e[1, 1] / e[1, 0]))
    return index


def efficiency_change(e: Floats) -> Floats:
    """Return by how much units came nearer to the frontier of their own period."""
    change: Floats = e[1, 1] / e[0, 0]
    return change


def technical_change(e: Floats) -> Floats:
    """Return by how much the frontier moved, as the geometric mean of where the unit was and where it is."""
    change: Floats = np.sqrt(e[0, 1] / e[1, 1] * (e[0, 0] / e[1, 0]))
    return change


def malmquist_parts(crs: Floats, vrs: Floats, decomposition: Decomposition) -> dict[str, Floats]:
    """Return the Malmquist index and its parts, by the names of their columns.

    Parameters
    ----------
    crs, vrs : ndarray, shape (2, 2, ...)
        Efficiencies under constant and variable returns to scale; "fgnz" needs of `vrs` only the own periods.
    decomposition : {"fgnz", "ray-desli"}
        See `malmquist`.

    Returns
    -------
    dict of ndarray, shape (...)
        "fgnz": malmquist = efficiency_change * technical_change, efficiency_change = pure_efficiency_change * scale_change.
        "ray-desli": malmquist = pure_efficiency_change * technical_change * scale_change.
    """
    index, pure = malmquist_index(crs), efficiency_change(vrs)
    if decomposition == "ray-desli":
        technical = technical_change(vrs)
        return {
            "malmquist": index,
            "technical_change": technical,
            "pure_efficiency_change": pure,
            "scale_change": index / (pure * technical),
        }
    change = efficiency_change(crs)
    return {
        "malmquist": index,
        "efficiency_change": change,
        "technical_change": technical_change(crs),
        "pure_efficiency_change": pure,
        "scale_change": change / pure,
    }


def hicks_moorsteen_parts(inputs: Floats, outputs: Floats) -> dict[str, Floats]:
    """Return the Hicks-Moorsteen index and its parts, by the names of their columns.

    Parameters
    ----------
    inputs : ndarray, shape (2, 2, ...)
        Input efficiencies of the inputs of period `l` with the outputs of period `k` against its technology.
    outputs : ndarray, shape (2, 2, ...)
        Output efficiencies of the outputs of period `l` with the inputs of period `k` against its technology.

    Returns
    -------
    dict of ndarray, shape (...)
        hicks_moorsteen = output_change / input_change.
    """
    output_change, input_change = malmquist_index(outputs), 1.0 / malmquist_index(inputs)
    return {
        "hicks_moorsteen": output_change / input_change,
        "output_change": output_change,
        "input_change": input_change,
    }


def luenberger_parts(beta: Floats) -> dict[str, Floats]:
    """Return the Luenberger indicator and its parts, by the names of their columns.

    Parameters
    ----------
    beta : ndarray, shape (2, 2, ...)
        Directional distances ``[technology, figures]``: 0 on the frontier, positive below it, negative beyond it.

    Returns
    -------
    dict of ndarray, shape (...)
        luenberger = efficiency_change + technical_change.
    """
    return {
        "luenberger": ((beta[0, 0] - beta[0, 1]) + (beta[1, 0] - beta[1, 1])) / 2.0,
        "efficiency_change": beta[0, 0] - beta[1, 1],
        "technical_change": ((beta[1, 1] - beta[0, 1]) + (beta[1, 0] - beta[0, 0])) / 2.0,
    }
