"""The service "schools" scored on the shipped figures, and on a service that is made up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from benchlib.comparison import ServiceScores, comparable_units, dominators, score_service
from benchlib.comparison.services.scores import certainty_of
from benchlib.efficiency import Sample, dea
from benchlib.errors import FewUnitsWarning, NoFiguresError
from benchlib.indicators import load_catalogue, load_indicators

SCHOOLS = load_catalogue().service("schools")
MONEY, RESULT = "education_expenditure_per_pupil", "exam_grade9_mean"


@cache
def scored(municipality: str, year: int = 2013, seed: int = 1, territory: str = "2025") -> ServiceScores:
    kin = comparable_units(municipality, year=year, territory=territory)  # type: ignore[arg-type]
    return score_service(SCHOOLS, kin, year=year, replications=100, seed=seed)


def test_bauska_among_all_novadi() -> None:
    scores = scored("Bauskas novads")
    assert scores.is_scored
    assert (len(scores.sample), len(scores.left_out)) == (35, 0)
    table = scores.table.set_index("method")
    assert list(table.index) == ["dea", "fdh", "dea_detail", "dea_all"]
    assert table["units"].tolist() == [35, 35, 35, 42]
    figures = load_indicators([MONEY, RESULT], years=2013, municipalities="Bauskas novads", wide=True).iloc[0]
    assert scores.own == {MONEY: figures[MONEY], RESULT: figures[RESULT]}


def test_the_scores_are_those_of_the_estimators() -> None:
    scores = scored("Bauskas novads")
    table = load_indicators([MONEY, RESULT], years=2013, wide=True)
    novadi = table.loc[table["territory"].isin(scores.sample.units)]
    again = dea(Sample.from_table(novadi, [MONEY], [RESULT], unit="territory"), orientation="input", rts="vrs")
    np.testing.assert_array_equal(again.efficiency, scores.dea.efficiency)
    row = scores.table.set_index("method").loc["dea"]
    place = scores.sample.units.index("0025000")
    assert row["efficiency"] == scores.dea.efficiency[place]
    assert row["efficient"] == (scores.dea.efficiency == 1).sum()
    sure = scores.certainty.scores.set_index("unit").loc["0025000"]
    assert row[["corrected", "low", "high"]].tolist() == sure[["corrected", "low", "high"]].tolist()
    assert row["low"] <= row["corrected"] <= row["efficiency"]
    everybody = Sample.from_table(table, [MONEY], [RESULT], unit="territory")
    of_all = dea(everybody).efficiency[everybody.units.index("0025000")]
    assert scores.table.set_index("method")["efficiency"]["dea_all"] == of_all
    assert scores.table[["corrected", "low", "rank_high"]].iloc[1:].isna().all(axis=None)


def test_fdh_is_never_stricter_than_dea() -> None:
    for scores in (scored("Bauskas novads"), scored("Jelgavas pilsēta"), scored("Aglonas novads", territory="2009")):
        assert (scores.fdh.efficiency >= scores.dea.efficiency - 1e-9).all()


def test_those_who_do_better_are_named() -> None:
    scores = scored("Bauskas novads")
    pd.testing.assert_frame_equal(scores.better, dominators(scores.sample, "0025000"))
    assert (scores.better[MONEY] <= scores.own[MONEY]).all()
    assert (scores.better[RESULT] >= scores.own[RESULT]).all()
    assert len(scores.better) == 8


def test_the_same_seed_gives_the_same_tables() -> None:
    kin = comparable_units("Bauskas novads", year=2013)
    again = score_service(SCHOOLS, kin, year=2013, replications=100, seed=1)
    other = score_service(SCHOOLS, kin, year=2013, replications=100, seed=2)
    pd.testing.assert_frame_equal(again.table, scored("Bauskas novads").table, check_exact=True)
    pd.testing.assert_frame_equal(again.certainty.scores, scored("Bauskas novads").certainty.scores, check_exact=True)
    assert not other.table["corrected"].equals(again.table["corrected"])


def test_reach_has_both_methods_both_ways() -> None:
    table = scored("Bauskas novads").reach(1000)
    ways = list(zip(table["method"], table["orientation"], strict=True))
    assert ways == [("FDH", "input"), ("DEA", "input"), ("FDH", "output"), ("DEA", "output")]
    assert table["saving_eur"].tolist() == (table["saving_per_user"] * 1000).tolist()


def test_a_state_city_is_compared_with_everybody() -> None:
    scores = scored("Jelgavas pilsēta")
    assert len(scores.sample) == 42
    assert list(scores.table["method"]) == ["dea", "fdh", "dea_detail"], "'among all' would say the same again"


@pytest.mark.parametrize("year", [2011, 2012])
def test_a_municipality_without_figures_has_no_score(year: int) -> None:
    scores = scored("Ādažu novads", year)
    assert not scores.is_scored
    assert scores.own == {}
    assert scores.better.empty
    assert list(scores.better.columns) == ["unit", MONEY, RESULT]
    assert scores.reach(1000).empty
    assert scores.table["efficiency"].isna().all()
    assert (scores.table["units"] > 20).all(), "the others are scored all the same"
    reasons = scores.left_out.set_index("unit")["reason"]
    assert reasons["0023000"] == f"no figure for {RESULT}"
    assert len(scores.left_out) + len(scores.sample) == 35, "nobody is lost in silence"


def test_a_year_without_figures_is_refused() -> None:
    with pytest.raises(NoFiguresError, match="2011, 2012, 2013"):
        scored("Bauskas novads", 2009)


def test_the_model_decides() -> None:
    kin = comparable_units("Bauskas novads", year=2013)
    constant = replace(SCHOOLS, rts="crs", detail_outputs=())
    scores = score_service(constant, kin, year=2013, replications=100, seed=1)
    assert scores.dea.info["rts"] == "crs"
    assert scores.certainty.info["rts"] == "crs"
    assert (scores.dea.efficiency <= scored("Bauskas novads").dea.efficiency + 1e-9).all()
    # Without parts of the result the "detail" is the result itself.
    assert scores.table["efficiency"][2] == scores.table["efficiency"][0]


def test_doubted_figures_used_as_published_are_named() -> None:
    scores = scored("Vecumnieku novads", territory="2009")
    assert "0604300" in scores.doubtful  # Aglonas novads: a third of the level of 2011
    assert set(scores.doubtful) <= set(scores.sample.units)
    assert "0025000" not in scored("Bauskas novads").doubtful  # none of its parts is doubted in 2013


def test_no_interval_where_everybody_is_efficient() -> None:
    table = pd.DataFrame({"money": [1.0, 2.0, 3.0], "result": [1.0, 2.0, 2.5]})
    sample = Sample.from_table(table, inputs=["money"], outputs=["result"])
    with pytest.warns(FewUnitsWarning):
        result = dea(sample)
    assert certainty_of(sample, result, rts="vrs", replications=40, level=0.95, seed=1) is None
