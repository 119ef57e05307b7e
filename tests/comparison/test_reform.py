"""What mergers promised: amounts by hand, and who can be assessed on the shipped figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from benchlib.comparison import ReformGains, reform_gains
from benchlib.efficiency import Sample, merger_gains
from benchlib.errors import NoFiguresError, OptionError
from benchlib.indicators import (
    Store,
    classification,
    find_municipality,
    former_municipalities,
    load_catalogue,
    load_indicators,
)
from benchlib.terms import Classification
from tests.indicators.made_up import BAUSKA, BAUSKA_PARTS

pytestmark = pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
SCHOOLS = load_catalogue().service("schools")
MADE = replace(
    SCHOOLS, id="made", inputs=("money",), outputs=("result",), detail_outputs=(), context=(), volume="users"
)
AGLONA = "0604300"
RIGA, OGRE_PARTS = "0010000", tuple(former_municipalities(find_municipality("Ogres novads").code)["code"])


@cache
def schools(year: int = 2013, territory: Classification = "2025") -> ReformGains:
    return reform_gains(SCHOOLS, year=year, territory=territory)


def reasons(gains: ReformGains, unit: str) -> dict[str, str]:
    rows = gains.left_out[gains.left_out["unit"] == unit]
    return dict(zip(rows["former"], rows["reason"], strict=True))


@pytest.fixture
def bauska() -> dict[str, dict[str, float]]:
    """Figures per user of the four parts of Bauska, all alike but the last, which spends double; and of a town of their joint size.

    Amounts: 100 users cost 2 000 (the last 4 000), 400 users cost 6 000; all with 50 points a user.
    """
    parts = dict.fromkeys(BAUSKA_PARTS, 20.0)
    parts[BAUSKA_PARTS[3]] = 40.0
    users = dict.fromkeys(BAUSKA_PARTS, 100.0)
    return {
        "money": parts | {RIGA: 15.0},
        "result": dict.fromkeys([*BAUSKA_PARTS, RIGA], 50.0),
        "users": users | {RIGA: 400.0},
    }


def made_of(
    figures: Mapping[str, Mapping[str, float]], made: Callable[..., Store], doubts: list[tuple[str, str]] | None = None
) -> Store:
    return made({name: (values, {}) for name, values in figures.items()}, territory="2009", doubts=doubts or ())


# --- by hand -----------------------------------------------------------------------------------------------------------


def test_amounts_and_savings_by_hand(bauska: dict[str, dict[str, float]], made: Callable[..., Store]) -> None:
    gains = reform_gains(MADE, year=2013, store=made_of(bauska, made))
    assert gains.sample.inputs == ("money",)
    assert gains.sample.outputs == ("users", "result")
    of_last = gains.sample.units.index(BAUSKA_PARTS[3])
    assert gains.sample.X[of_last].tolist() == [4000.0]
    assert gains.sample.Y[of_last].tolist() == [100.0, 5000.0]
    # Together they spend 10 000. Learning: the last spends 2 000 like the others (20 %). Their mix is the same (0 %).
    # Size: 8 000 are left, and the town shows that 400 users need 6 000 (20 %).
    row = gains.savings.set_index("unit").loc[BAUSKA]
    assert row["constituents"] == 4
    parts = row[["learning_pct", "harmony_pct", "size_pct", "merging_pct", "potential_pct"]].astype(float)
    assert parts.tolist() == pytest.approx([20.0, 0.0, 20.0, 20.0, 40.0])
    assert gains.volume_year == 2013
    assert gains.indicators == ("money", "result", "users")


def test_savings_add_up_and_agree_with_the_amounts() -> None:
    gains = schools()
    savings = gains.savings.set_index("unit")
    total = savings[["learning_pct", "harmony_pct", "size_pct"]].sum(axis=1)
    pd.testing.assert_series_equal(total, savings["potential_pct"], check_names=False)
    merging = savings[["harmony_pct", "size_pct"]].sum(axis=1)
    pd.testing.assert_series_equal(merging, savings["merging_pct"], check_names=False)
    amounts = gains.gains.gains.query("variable == @SCHOOLS.inputs[0]").set_index("unit")
    for part in ("learning", "harmony", "size"):
        euro = -100 * amounts[part] / amounts["merged"]
        pd.testing.assert_series_equal(euro.loc[savings.index], savings[f"{part}_pct"], check_names=False)
    assert savings["merging_pct"].is_monotonic_decreasing
    assert (savings["learning_pct"] >= 0).all()


def test_a_merger_beyond_all_that_is_known_comes_last_and_has_no_saving(
    bauska: dict[str, dict[str, float]], made: Callable[..., Store]
) -> None:
    small = {name: {code: value for code, value in values.items() if code != RIGA} for name, values in bauska.items()}
    for code in OGRE_PARTS:
        small["money"][code], small["result"][code], small["users"][code] = 20.0, 50.0, 10.0
    with pytest.warns(UserWarning, match="without a potential"):
        gains = reform_gains(MADE, year=2013, store=made_of(small, made))
    assert gains.savings["unit"].tolist() == [find_municipality("Ogres novads").code, BAUSKA]
    assert gains.savings.loc[1, ["potential_pct", "merging_pct", "size_pct"]].isna().all()


# --- who is left out ---------------------------------------------------------------------------------------------------


def test_a_doubted_part_leaves_the_merger_out(bauska: dict[str, dict[str, float]], made: Callable[..., Store]) -> None:
    for code in OGRE_PARTS:
        bauska["money"][code], bauska["result"][code], bauska["users"][code] = 20.0, 50.0, 10.0
    gains = reform_gains(MADE, year=2013, store=made_of(bauska, made, doubts=[("money", BAUSKA_PARTS[0])]))
    assert gains.gains.scores["unit"].tolist() == [find_municipality("Ogres novads").code]
    assert reasons(gains, BAUSKA) == {BAUSKA_PARTS[0]: "doubtful"}
    assert BAUSKA_PARTS[0] not in gains.sample.units, "a wrong figure must not span the frontier"
    assert BAUSKA in gains.unknown


def test_a_missing_part_leaves_the_merger_out(bauska: dict[str, dict[str, float]], made: Callable[..., Store]) -> None:
    for code in OGRE_PARTS:
        bauska["money"][code], bauska["result"][code], bauska["users"][code] = 20.0, 50.0, 10.0
    del bauska["users"][BAUSKA_PARTS[1]]
    gains = reform_gains(MADE, year=2013, store=made_of(bauska, made))
    assert reasons(gains, BAUSKA) == {BAUSKA_PARTS[1]: "no figures"}
    assert BAUSKA not in gains.gains.scores["unit"].tolist()


def test_every_municipality_of_today_is_accounted_for() -> None:
    for year, territory in ((2013, "2025"), (2012, "2025"), (2011, "2021")):
        gains = schools(year, territory)  # type: ignore[arg-type]
        assessed, left_out = set(gains.gains.scores["unit"]), set(gains.left_out["unit"])
        everybody = {unit.code for unit in classification(territory)}  # type: ignore[arg-type]
        assert assessed | left_out == everybody
        only_without_a_part = gains.left_out[gains.left_out["unit"].isin(assessed)]
        assert set(only_without_a_part["reason"]) <= {"split"}


def test_split_municipalities_count_for_no_heir() -> None:
    gains = schools()
    preili, ropazi, sigulda = (
        find_municipality(name).code for name in ("Preiļu novads", "Ropažu novads", "Siguldas novads")
    )
    assert reasons(gains, preili) == {AGLONA: "split"}
    scores = gains.gains.scores.set_index("unit")
    assert scores.loc[preili, "constituents"] == len(former_municipalities(preili)) - 1
    assert {preili, ropazi} <= set(gains.incomplete)
    inchukalns = find_municipality("Inčukalna novads", "2009").code
    assert reasons(gains, sigulda)[inchukalns] == "split"
    assert "doubtful" in reasons(gains, sigulda).values()
    assert sigulda in gains.unknown
    assert sigulda not in gains.incomplete


def test_doubtful_figures_span_no_frontier() -> None:
    gains = schools(2012)
    assert AGLONA not in gains.sample.units
    everybody = pd.DataFrame(gains.sample.to_frame())
    again = merger_gains(
        Sample.from_table(everybody, gains.sample.inputs, gains.sample.outputs, unit="unit"),
        {unit: list(former_municipalities(unit).query("share == 1")["code"]) for unit in gains.gains.scores["unit"]},
    )
    pd.testing.assert_frame_equal(again.scores.drop(columns="name"), gains.gains.scores.drop(columns="name"))


def test_the_amounts_are_figures_times_pupils() -> None:
    gains = schools(2012)
    assert gains.volume_year == 2013, "pupils are known for one year"
    figures = load_indicators([*SCHOOLS.inputs, *SCHOOLS.outputs], years=2012, territory="2009", wide=True).set_index(
        "territory"
    )
    pupils = load_indicators("pupils_grades_1_9", years=2013, territory="2009", wide=True).set_index("territory")
    unit = "0400200"
    place = gains.sample.units.index(unit)
    count = pupils.loc[unit, "pupils_grades_1_9"]
    assert gains.sample.X[place, 0] == pytest.approx(figures.loc[unit, SCHOOLS.inputs[0]] * count)
    assert gains.sample.Y[place].tolist() == pytest.approx([count, figures.loc[unit, SCHOOLS.outputs[0]] * count])


def test_what_was_not_merged_is_said_to_be_so() -> None:
    unmerged = schools().left_out.query("reason == 'not merged'")
    assert unmerged["former"].eq("").all()
    assert find_municipality("Rīga").code in unmerged["unit"].tolist()
    assert all(len(former_municipalities(unit)) < 2 for unit in unmerged["unit"])


# --- what is refused ---------------------------------------------------------------------------------------------------


def test_a_service_without_volume_is_refused() -> None:
    with pytest.raises(NoFiguresError, match=r"'schools' has no volume.*Name a measure under `volume`"):
        reform_gains(replace(SCHOOLS, volume=""), year=2013)


def test_a_volume_without_figures_is_refused(bauska: dict[str, dict[str, float]], made: Callable[..., Store]) -> None:
    empty = {**bauska, "users": dict.fromkeys(bauska["users"])}
    with pytest.raises(NoFiguresError, match="users"):
        reform_gains(MADE, year=2013, store=made_of(empty, made))  # type: ignore[arg-type]


def test_the_parts_are_not_their_own_merger() -> None:
    with pytest.raises(OptionError, match="these are the parts"):
        reform_gains(SCHOOLS, year=2013, territory="2009")


def test_no_merger_at_all_is_said(bauska: dict[str, dict[str, float]], made: Callable[..., Store]) -> None:
    only = {name: {RIGA: values[RIGA], BAUSKA_PARTS[0]: values[BAUSKA_PARTS[0]]} for name, values in bauska.items()}
    with pytest.raises(NoFiguresError, match="No merger has complete figures of all its parts for 2013"):
        reform_gains(MADE, year=2013, store=made_of(only, made))
