"""What the own simplex method cannot certify goes to HiGHS; what HiGHS cannot solve is said, never guessed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample, bootstrap, dea
from benchlib.efficiency.kernels import radial
from benchlib.efficiency.kernels.status import UNCERTIFIED
from benchlib.efficiency.nonparametric import solution
from benchlib.efficiency.nonparametric.fallback import Answer
from benchlib.errors import SolverError, UnsolvedUnitsWarning

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")

FIRST = 5


@pytest.fixture
def giving_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The own method gives up on the first five units."""
    solve = radial.solve_units

    def unsure(*arguments: Any) -> None:
        solve(*arguments)
        arguments[7][:FIRST] = np.nan
        arguments[8][:FIRST] = UNCERTIFIED
        for array in arguments[9:]:
            array[:FIRST] = -1

    monkeypatch.setattr(solution.radial, "solve_units", unsure)


@pytest.mark.parametrize("orientation", ["input", "output"])
@pytest.mark.parametrize("rts", ["crs", "vrs", "nirs", "ndrs"])
def test_highs_gives_the_same_answer(
    synth43: Sample, rts: str, orientation: str, request: pytest.FixtureRequest
) -> None:
    own = dea(synth43, rts=rts, orientation=orientation)
    request.getfixturevalue("giving_up")
    other = dea(synth43, rts=rts, orientation=orientation)
    assert other.info["n_highs"] == FIRST
    assert other.info["n_certified"] == 43
    pd.testing.assert_frame_equal(other.to_frame(), own.to_frame(), rtol=1e-8, atol=1e-9)
    pd.testing.assert_frame_equal(other.peers, own.peers, rtol=1e-7)
    pd.testing.assert_frame_equal(other.slacks, own.slacks, rtol=1e-6, atol=1e-5)


@pytest.mark.usefixtures("giving_up")
def test_multipliers_of_highs_certify_the_score(synth43: Sample) -> None:
    result = dea(synth43)
    for j in range(FIRST):
        v, u, w = np.split(result.solution.multipliers[j], [2, 5])
        assert synth43.X[j] @ v == pytest.approx(1.0)
        assert synth43.Y[j] @ u + w[0] == pytest.approx(result.farrell[j])
        assert (synth43.Y @ u + w[0] <= synth43.X @ v + 1e-8).all()


@pytest.mark.usefixtures("giving_up")
def test_infeasible_units_are_infeasible_for_highs_too(five: Sample) -> None:
    with pytest.warns(UnsolvedUnitsWarning):
        result = dea(five, reference=five.subset(["A", "B", "D"]))
    assert result.scores["status"].tolist() == ["solved", "solved", "infeasible", "solved", "infeasible"]


def test_bootstrap_asks_highs_too(synth43: Sample, request: pytest.FixtureRequest) -> None:
    own = bootstrap(synth43, replications=40, seed=1)
    request.getfixturevalue("giving_up")
    monkey = bootstrap(synth43, replications=40, seed=1)
    assert monkey.info["n_highs"] == 40 * FIRST
    np.testing.assert_allclose(monkey.replicates, own.replicates, rtol=1e-8)


@pytest.mark.usefixtures("giving_up")
def test_what_no_solver_certifies_has_no_score(synth43: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solution, "solve_unit", lambda *_: Answer(UNCERTIFIED))
    with pytest.warns(UnsolvedUnitsWarning, match=r"D00001 \(neither solver.*D00005") as caught:
        result = dea(synth43)
    assert caught[0].filename == __file__
    assert result.scores["status"].tolist() == ["unsolved"] * FIRST + ["solved"] * 38
    assert result.scores["efficiency"].isna().sum() == FIRST
    assert (result.info["n_highs"], result.info["n_unsolved"]) == (FIRST, FIRST)
    assert result.multipliers.loc[result.multipliers["unit"] == "D00001", "multiplier"].isna().all()


@pytest.mark.usefixtures("giving_up")
def test_if_nobody_has_a_score_it_is_an_error(five: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solution, "solve_unit", lambda *_: Answer(UNCERTIFIED))
    with pytest.raises(SolverError, match="No unit could be scored: neither solver"):
        dea(five)
