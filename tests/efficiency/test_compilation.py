"""Kernels compile once; where nothing can be kept on disk they still run."""

from __future__ import annotations

import errno
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import pytest

from benchlib.efficiency.kernels import compilation


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


def test_a_full_disk_does_not_stop_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    @compilation.compiled
    def triple(value: float) -> float:
        return 3.0 * value

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(triple._cache._cache_file, "save", full)  # type: ignore[attr-defined]
    assert triple(1.5) == 4.5


def test_a_change_in_one_kernel_discards_what_was_kept_of_all(tmp_path: Path) -> None:
    """solve_units of one file contains choose_start of another; numba by itself would go on with the old one.

    The made-up package has the real decorator and two kernels in two files, the second of which changes.
    """
    package = tmp_path / "kernels"
    package.mkdir()
    source = Path(compilation.__file__).read_text(encoding="utf-8")
    (package / "compilation.py").write_text(source, encoding="utf-8")
    (package / "outer.py").write_text(
        "from compilation import compiled\nfrom inner import inner\n\n\n@compiled\ndef outer():\n    return inner()\n"
    )
    for answer in ("1", "22"):
        (package / "inner.py").write_text(
            f"from compilation import compiled\n\n\n@compiled\ndef inner():\n    return {answer}\n"
        )
        script = "from outer import outer; print(outer())"
        run = subprocess.run([sys.executable, "-c", script], cwd=package, capture_output=True, text=True, check=True)
        assert run.stdout.strip() == answer
    assert list((package / "__pycache__").glob("outer.outer-*.nbi")), "nothing was kept, so nothing was tested"


def test_code_kept_by_an_earlier_version_is_compiled_anew() -> None:
    """Its index may name kernel files that are gone; numba would raise ModuleNotFoundError at the first score."""

    @compilation.compiled
    def quadruple(value: float) -> float:
        return 4.0 * value

    index = Path(quadruple._cache._cache_file._index_path)  # type: ignore[attr-defined]
    index.parent.mkdir(exist_ok=True)
    index.write_bytes(pickle.dumps(numba.__version__) + b"cbenchlib.efficiency.kernels.gone\nfunction\n.")
    try:
        assert quadruple(1.5) == 6.0
    finally:
        index.unlink(missing_ok=True)


EVERY_CALLER = """
import numpy as np
import pandas as pd
from benchlib.efficiency import (
    Sample, bootstrap, dea, fdh, malmquist, mean_efficiency, separability_test, subsampling, super_efficiency
)
from benchlib.efficiency.kernels import disposal, radial

def sample_of(seed):
    table = pd.DataFrame(np.random.default_rng(seed).uniform(1.0, 9.0, (60, 5)), columns=list("abcde"))
    return Sample.from_table(table, ["a", "b"], ["c", "d"], context="e")

sample = sample_of(1)
dea(sample)
dea(sample.subset(sample.units[:40]), rts="crs", orientation="output", reference=sample)
fdh(sample)
super_efficiency(sample)
bootstrap(sample, replications=40, seed=1)
subsampling(sample, size=15, replications=40, seed=1)
mean_efficiency(sample, splits=2, seed=1)
malmquist({2019: sample, 2020: sample_of(2)})
separability_test(sample, splits=1, replications=40, seed=1)
for kernel in (radial.solve_units, disposal.compare_units):
    print(kernel.__name__, len(kernel.signatures))
"""


def test_each_kernel_has_one_signature() -> None:
    """A second signature would double the time of compilation; read-only or transposed arrays would bring one in.

    In an interpreter of its own: tests that call kernels directly bring in others.
    """
    run = subprocess.run([sys.executable, "-c", EVERY_CALLER], capture_output=True, text=True, check=False)
    assert run.stdout.split() == ["solve_units", "1", "compare_units", "1"], run.stderr
