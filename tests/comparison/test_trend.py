"""Development beside the group, and the former municipalities."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from few_units import UNITS, group_of, rows

from benchlib.comparison import comparison_group, former_figures, trend
from benchlib.errors import NoFiguresError, UnknownTerritoryError
from benchlib.indicators import load_indicators
from tests.indicators.made_up import BAUSKA, BAUSKA_PARTS, DataFolder


def test_own_figure_and_the_middle_of_the_group_by_hand(tmp_path: Path) -> None:
    folder = (
        DataFolder(tmp_path / "data").measure("x").measure("y").passport("x", measure="x").passport("y", measure="y")
    )
    years = {2011: [1.0, 2, 3, 10], 2012: [None, 4.0, 6, None], 2013: [5.0, 5, 5, 5]}
    folder.source("xs", [row for year, values in years.items() for row in rows("x", values, year)], territory="2025")
    folder.source("ys", rows("y", [7, 9], 2012), territory="2025")
    table = trend(["y", "x"], group=group_of(4), years=[2011, 2012, 2013], store=folder.store())
    assert table["indicator"].tolist() == ["y"] * 3 + ["x"] * 3
    y = table.loc[table["indicator"] == "y"].set_index("year")
    assert y["members_with_figure"].tolist() == [0, 2, 0], "a year in which nobody has a figure stays too"
    assert y["status"].tolist() == ["missing", "observed", "missing"]
    assert y["median"].isna().all(), "two figures have no median"
    x = table.loc[table["indicator"] == "x"].set_index("year")
    assert list(x.index) == [2011, 2012, 2013]
    assert x["median"].dropna().to_dict() == {2011: 2.5, 2013: 5}, "nor have the two of 2012"
    assert x["lower_quartile"].dropna().to_dict() == {2011: 1.75, 2013: 5}
    assert x["upper_quartile"].dropna().to_dict() == {2011: 4.75, 2013: 5}
    assert x["members_with_figure"].tolist() == [4, 2, 4]
    assert x["value"][[2011, 2013]].tolist() == [1, 5]
    assert math.isnan(x["value"][2012]), "a year without an own figure stays, as missing"
    assert x["status"].tolist() == ["observed", "missing", "observed"]
    others = trend("x", group=group_of(3), years=[2011], store=folder.store())
    assert others["members_with_figure"].tolist() == [3], "only the members count"
    assert others["median"].isna().all()


def test_trend_in_the_shipped_data() -> None:
    group = comparison_group("Bauskas novads", group="region", year=2013)
    ids = ["exam_grade9_mean", "education_expenditure_per_pupil"]
    table = trend(ids, group=group, years=range(2011, 2014))
    assert list(dict.fromkeys(table["indicator"])) == ids, "in the order asked for, not of the alphabet"
    assert table["year"].tolist() == [2011, 2012, 2013] * 2
    of_all = load_indicators(ids, years=2013)
    members = of_all.loc[of_all["territory"].isin(group.codes) & (of_all["indicator"] == ids[1]), "value"]
    last = table.iloc[-1]
    assert last["median"] == np.median(members)
    assert last["value"] == of_all.set_index(["territory", "indicator"])["value"][BAUSKA, ids[1]]
    with pytest.raises(NoFiguresError):
        trend(ids, group=group, years=[1999])


def test_former_municipalities_of_bauska() -> None:
    table = former_figures(["unemployment_rate"], municipality="Bauskas novads", year=2013)
    assert len(table) == 119
    parts = table.loc[table["is_part"]]
    assert tuple(sorted(parts["territory"])) == BAUSKA_PARTS
    assert set(parts["name"]) == {"Bauskas novads", "Iecavas novads", "Rundāles novads", "Vecumnieku novads"}
    assert (parts["share"] == 1).all()
    assert (table.loc[~table["is_part"], "share"] == 0).all()
    from_within = former_figures(["unemployment_rate"], municipality="Vecumnieku novads", year=2013, territory="2009")
    assert set(from_within.loc[from_within["is_part"], "territory"]) == set(BAUSKA_PARTS), "those it was joined with"


def test_a_split_municipality_belongs_to_both_heirs() -> None:
    def parts(name: str, territory: str = "2025") -> dict[str, float]:
        table = former_figures("unemployment_rate", municipality=name, year=2013, territory=territory)  # type: ignore[arg-type]
        return table.loc[table["is_part"]].set_index("name")["share"].to_dict()

    ropazi, sigulda = parts("Ropažu novads"), parts("Siguldas novads")
    assert 0 < ropazi["Inčukalna novads"] < 1
    assert ropazi["Inčukalna novads"] + sigulda["Inčukalna novads"] == pytest.approx(1)
    assert ropazi["Ropažu novads"] == sigulda["Siguldas novads"] == 1
    both = parts("Inčukalna novads", "2009")
    assert set(both) == set(ropazi) | set(sigulda)
    assert both["Inčukalna novads"] == pytest.approx(1)
    assert set(parts("Rīga")) == {"Rīga"}


def test_ranks_among_all_of_that_time(tmp_path: Path) -> None:
    # Direction decides what is first: more of one, less of another; without direction the lowest.
    folder = DataFolder(tmp_path / "data").measure("x")
    codes = ["0320200", "0321000", "0321400", "0326100"]
    folder.source("xs", [(code, 2013, "x", v) for code, v in zip(codes, [3, 1, 3, None], strict=True)])
    for name, direction in {"more": 1, "less": -1, "neither": 0}.items():
        folder.passport(name, measure="x", direction=direction)
    table = former_figures(["more", "less", "neither"], municipality="Rīga", year=2013, store=folder.store())
    ranks = table.loc[table["territory"].isin(codes)].pivot_table(index="territory", columns="indicator", values="rank")
    assert ranks["more"].tolist() == [1, 3, 1]
    assert ranks["less"].tolist() == ranks["neither"].tolist() == [2, 1, 2]
    assert set(table["of"]) == {3}, "who has no figure has no rank and is not counted"
    assert table.loc[table["territory"] == codes[3], "rank"].isna().all()


def test_a_year_for_each_indicator() -> None:
    ids = ["education_expenditure_per_pupil", "pupils_per_school"]
    table = former_figures(ids, municipality="Bauskas novads", year=2009)
    assert table.groupby("indicator")["year"].unique().map(list).to_dict() == {ids[0]: [2011], ids[1]: [2013]}


def test_unknown_names() -> None:
    with pytest.raises(UnknownTerritoryError):
        former_figures("unemployment_rate", municipality="Vecumnieku novads", year=2013)
    assert UNITS[0] == "0020000"
