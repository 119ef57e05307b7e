"""Scores against other tools: every cell of the files in tests/reference/efficiency, to 1e-8."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import FrontierResult, dea, fdh
from tests.efficiency.reference import ORIENTATION, REFERENCE, RTS, sample_of

pytestmark = [
    pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning"),
    pytest.mark.filterwarnings("ignore::benchlib.errors.UnsolvedUnitsWarning"),
]

SAMPLES = sorted(path.stem for path in (REFERENCE / "data").glob("*.csv"))
COMPARED = sorted(path.stem for path in (REFERENCE / "benchmarking").glob("*.csv"))


def assert_same(result: FrontierResult, expected: pd.DataFrame) -> None:
    factors = expected.set_index("dmu")["eff"].loc[list(result.sample.units)].to_numpy()
    np.testing.assert_allclose(result.farrell, factors, rtol=1e-8, atol=1e-8)


def test_the_reference_is_there() -> None:
    assert len(SAMPLES) >= 12
    assert len(COMPARED) >= 4


@pytest.mark.parametrize("name", SAMPLES)
def test_highs(name: str) -> None:
    sample = sample_of(name)
    table = pd.read_csv(REFERENCE / "highs" / f"{name}.csv", dtype={"dmu": str})
    cells = table.groupby(["rts", "orientation"])
    assert len(cells) == 8
    for (rts, orientation), expected in cells:
        assert_same(dea(sample, rts=RTS[rts], orientation=ORIENTATION[orientation]), expected)


@pytest.mark.parametrize("name", COMPARED)
def test_benchmarking(name: str) -> None:
    sample = sample_of(name)
    table = pd.read_csv(REFERENCE / "benchmarking" / f"{name}.csv", dtype={"dmu": str})
    table = table[table["rts"].isin([*RTS, "fdh"]) & table["orientation"].isin(ORIENTATION)]
    cells = table.groupby(["rts", "orientation"])
    assert len(cells) == 10
    for (rts, orientation), expected in cells:
        words = {"orientation": ORIENTATION[orientation]}
        assert_same(fdh(sample, **words) if rts == "fdh" else dea(sample, rts=RTS[rts], **words), expected)


@pytest.mark.parametrize("rts", RTS)
def test_leaving_a_unit_out_of_its_own_reference(rts: str) -> None:
    """The super-efficiencies of HiGHS: above 1 outside the technology, infeasible where no proportional change leads in."""
    sample = sample_of("synth43")
    table = pd.read_csv(REFERENCE / "highs" / "synth43.csv")
    table = table[(table["rts"] == rts) & (table["orientation"] == "in")].set_index("dmu")
    statuses = set()
    for unit in sample.units[:15]:
        others = sample.subset([other for other in sample.units if other != unit])
        expected = table.loc[unit]
        # Another unit comes along, because a run in which nobody has a score is an error.
        result = dea(sample.subset([unit, "D00002"] if unit != "D00002" else [unit]), rts=RTS[rts], reference=others)
        first = result.scores.iloc[0]
        statuses.add(first["status"])
        if expected["super_status"] == 2:
            assert first["status"] == "infeasible"
            assert np.isnan(first["efficiency"])
        else:
            assert first["efficiency"] == pytest.approx(expected["super_eff"], rel=1e-8)
            assert first["status"] == ("outside" if expected["super_eff"] > 1 else "solved")
    assert {"solved", "outside"} <= statuses
