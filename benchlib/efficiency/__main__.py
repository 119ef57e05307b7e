"""Compile the kernels now rather than at the first score: `python -m benchlib.efficiency`, called by `make setup`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchlib.efficiency import Sample, additive, bootstrap, conditional_order_m, dea, fdh


def main() -> None:
    """Run every kernel once on six made-up units; numba keeps the machine code in its cache."""
    table = pd.DataFrame({"x": np.arange(1.0, 7.0), "y": [1.0, 3.0, 2.0, 4.0, 3.0, 4.5], "z": np.arange(6.0)})
    sample = Sample.from_table(table, inputs=["x"], outputs=["y"], context=["z"])
    for orientation in ("input", "output"):
        dea(sample, orientation=orientation)
        fdh(sample, orientation=orientation)
    bootstrap(sample, replications=40, seed=1)
    additive(sample)
    conditional_order_m(sample)


if __name__ == "__main__":
    main()
