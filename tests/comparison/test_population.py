"""How a population developed beside the group, and the chapters of a social plan."""

from __future__ import annotations

import numpy as np
import pytest

import benchlib as bl
from benchlib.comparison import POPULATION, population_change, social_chapters


def test_the_development_by_hand() -> None:
    group = bl.comparison_group("Bauskas novads", group="network:T2", year=2024)
    change = population_change(group, year=2024)
    figures = bl.load_indicators(POPULATION, years=[2012, 2024], municipalities=list(group.codes))
    wide = figures.pivot_table(index="territory", columns="year", values="value")
    index = 100 * wide[2024] / wide[2012]
    last = change.summary.iloc[-1]
    assert change.years == tuple(range(2012, 2025))
    assert last["value"] == wide.loc["0025000", 2024]
    assert last["index"] == pytest.approx(index["0025000"])
    assert last["median"] == pytest.approx(index.median())
    assert last["members_with_figure"] == 6
    assert change.has_own
    assert change.without == ()
    assert len(change.table) == 6 * 13


def test_a_state_city_has_none_and_is_named() -> None:
    group = bl.comparison_group("Jelgavas pilsēta", group="network:T2", year=2024)
    change = population_change(group, year=2024)
    assert not change.has_own
    assert change.without == (group.municipality.code,)
    assert change.summary["index"].isna().all()
    assert change.summary["members_with_figure"].iloc[-1] == 6


def test_fewer_than_four_members_have_no_median() -> None:
    three = bl.comparison_group("Bauskas novads", group="own: Talsu novads; Ogres novads", year=2024)
    summary = population_change(three, year=2024).summary
    assert summary["members_with_figure"].tolist() == [3] * 13
    assert summary["median"].isna().all()
    four = bl.comparison_group("Bauskas novads", group="own: Talsu novads; Ogres novads; Limbažu novads", year=2024)
    assert population_change(four, year=2024).summary["median"].notna().all()


@pytest.mark.parametrize(
    ("name", "territory", "year"), [("Vecumnieku novads", "2009", 2013), ("Bauskas novads", "2025", 2005)]
)
def test_no_years_are_no_rows(name: str, territory: str, year: int) -> None:
    group = bl.comparison_group(name, group="network:T2", year=year, territory=territory)  # type: ignore[arg-type]
    change = population_change(group, year=year)
    assert change.years == ()
    assert change.summary.empty
    assert not change.has_own


def test_later_years_are_not_looked_at() -> None:
    group = bl.comparison_group("Bauskas novads", group="network:T2", year=2015)
    assert population_change(group, year=2015).years[-1] == 2015


def test_the_chapters_hold_every_indicator_once() -> None:
    group = bl.comparison_group("Bauskas novads", group="network:T2", year=2024)
    chapters = social_chapters(group, year=2024)
    assert [chapter.key for chapter in chapters] == ["population", "work", "budget", "services"]
    listed = [name for chapter in chapters for name in chapter.indicators]
    assert len(listed) == len(set(listed))
    assert set(bl.load_catalogue().network("T2").indicator_ids) <= set(listed)
    assert "population_1_january" not in listed, "it is known of state cities only"
    population, work, budget, services = chapters
    assert population.absent == ("share_aged_65",)
    assert budget.absent == budget.indicators == ("social_protection_expenditure_per_inhabitant",)
    assert services.absent == services.indicators
    assert services.profile.table.empty
    assert set(work.development["indicator"]) == {"unemployment_rate", "income_tax_per_inhabitant"}
    assert POPULATION not in set(population.development["indicator"])
    assert population.development.groupby("indicator")["value"].count().min() > 1
    assert set(work.old["indicator"]) == {"unemployment_rate", "income_tax_per_inhabitant"}, "2013 is far from 2024"


def test_the_chapters_of_a_former_municipality_and_a_city() -> None:
    former = bl.comparison_group("Vecumnieku novads", group="network:T2", year=2013, territory="2009")
    chapters = social_chapters(former, year=2013)
    assert POPULATION in chapters[0].absent
    assert chapters[1].old.empty
    city = bl.comparison_group("Jelgavas pilsēta", group="network:T2", year=2024)
    first = social_chapters(city, year=2024)[0].profile
    assert np.isnan(first.row(POPULATION)["value"])
    assert first.row("population_1_january")["value"] > 50_000


def test_the_chapters_look_at_later_figures_only_where_there_are_no_others() -> None:
    """A plan of 2012: exams and taxes of 2012, though 2013 and 2014 are known; the share of children of 2015, with its year."""
    group = bl.comparison_group("Bauskas novads", group="network:T2", year=2012)
    chapters = social_chapters(group, year=2012)
    tables = {chapter.key: chapter.profile.table.set_index("indicator") for chapter in chapters}
    assert set(tables["work"]["year"]) == {2012}
    later = tables["population"]["year"]
    assert later["children_school_share"] == 2015
    assert later[POPULATION] == 2012
    listed = [name for name in chapters[0].indicators if name not in chapters[0].absent]
    assert tables["population"].index.tolist() == listed, "in the order of the chapter"
    assert chapters[0].profile.values["indicator"].unique().tolist() == listed


def test_the_chapters_know_the_doubts() -> None:
    """Sala, a part of Jēkabpils novads, has doubtful taxes and unemployment in 2011."""
    code = bl.find_municipality("Jēkabpils novads").code
    group = bl.comparison_group(code, group="network:T2", year=2011)
    work = social_chapters(group, year=2011)[1]
    assert {indicator for indicator, year, unit in work.doubts if (year, unit) == (2011, code)} == {
        "unemployment_rate",
        "income_tax_per_inhabitant",
    }
