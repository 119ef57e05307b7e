"""Kernels compile once; where nothing can be kept on disk they still run."""

from __future__ import annotations

from typing import Any

import pytest

from benchlib.efficiency import Sample, bootstrap, dea, fdh
from benchlib.efficiency.kernels import compilation, disposal, radial


def test_without_a_writable_folder_functions_are_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    njit = compilation.njit

    def refusing(**options: Any) -> Any:
        if options.get("cache"):
            raise RuntimeError("cannot cache function 'double': no locator available for file 'x.py'")
        return njit(**options)

    monkeypatch.setattr(compilation, "njit", refusing)

    @compilation.compiled
    def double(value: float) -> float:
        return 2.0 * value

    assert double(1.5) == 3.0


def test_each_kernel_has_one_signature(synth43: Sample) -> None:
    """A second signature would double the time of compilation; read-only or transposed arrays would bring one in."""
    dea(synth43)
    dea(synth43.subset(synth43.units[:40]), rts="crs", orientation="output", reference=synth43)
    fdh(synth43)
    bootstrap(synth43, replications=40, seed=1)
    for kernel in (radial.solve_units, disposal.compare_units):
        assert len(kernel.signatures) == 1, kernel.__name__
