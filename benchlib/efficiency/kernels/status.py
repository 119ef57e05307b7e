"""What became of a unit, as a small whole number that fits into a compiled function."""

from __future__ import annotations

from typing import Final

#: An optimum with a certificate: primal and dual feasible, duality gap below `TOLERANCE`.
SOLVED: Final = 0
#: No combination of reference units does what the unit does (only outside the reference technology).
INFEASIBLE: Final = 1
#: The outputs could grow without limit (a reference unit needs no input).
UNBOUNDED: Final = 2
#: The simplex method stopped without a certificate; another solver has to look at the unit.
UNCERTIFIED: Final = 3
#: All inputs of the unit are zero, so there is nothing to shrink or nothing to limit the outputs.
NO_INPUT: Final = 4
#: All outputs of the unit are zero, so there is nothing to expand or nothing to be kept up.
NO_OUTPUT: Final = 5
#: The Farrell factor of the inputs is 0: reference units bring about the outputs without any input.
FREE_OUTPUT: Final = 6

#: Bound on primal infeasibility, dual infeasibility and duality gap, all relative to the evaluated unit.
TOLERANCE: Final = 1e-9
