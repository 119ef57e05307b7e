"""What is imported and may not be right: years to come, figures of one day, other orders of magnitude, more than the whole."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from import_files import Rows, write_xlsx

import benchlib as bl
from benchlib.errors import FiguresFileError, OptionError
from benchlib.indicators import check_data, load_surveys
from benchlib.indicators.imports import ImportOptions, ImportPlan, forget_data, plan_import, store_import
from benchlib.indicators.imports.figure_cells import is_difference
from benchlib.indicators.registry import Measure

EXPENSE = "social_protection_expenditure"
HEADER = ["Pašvaldība", "Gads", "Sociālās aizsardzības izdevumi"]
NEXT_YEAR = date.today().year + 1
ANSWERS = ["Pašvaldība", "Gads", "Jautājums", "n", "Vidējais"]


def plan_of(tmp_path: Path, rows: Rows, **options: object) -> ImportPlan:
    return plan_import(write_xlsx(tmp_path / "dati.xlsx", rows), ImportOptions(**options))  # type: ignore[arg-type]


def survey_of(tmp_path: Path, mean: float, **options: object) -> ImportPlan:
    given = {"kind": "survey", "scale": "1-5", "respondents": "users", "survey": "S"} | options
    return plan_of(tmp_path, [ANSWERS, ["Bauskas novads", 2023, "q", 25, mean]], **given)


# --- two imports of one day --------------------------------------------------------------------------------------------


def test_of_figures_of_one_day_those_imported_last_count(own: Path, tmp_path: Path) -> None:
    for value, id in ((4000, "zzz"), (5000, "aaa"), (6000, "mmm")):
        plan = plan_of(tmp_path, [HEADER, ["Bauskas novads", 2023, value]], id=id, vintage="2024-05-01")
        store_import(plan)
        table = bl.load_indicators(f"{EXPENSE}_per_inhabitant", years=2023, municipalities="Bauska", access="members")
        people = bl.load_indicators("population_annual_average", years=2023, municipalities="Bauska")["value"].item()
        assert table["value"].item() * people == pytest.approx(value)
        assert id in table["source"].item()
    assert any("both are of 2024-05-01, and what was imported last counts: yours" in note for note in plan.notes)


def test_own_figures_count_before_shipped_ones_of_the_same_day(own: Path, tmp_path: Path) -> None:
    (shipped,) = {
        s.vintage for s in bl.load_catalogue().registry.sources if s.id == "pmlp_register"
    }  # fmt: skip
    store_import(
        plan_of(
            tmp_path, [["Pašvaldība", "Gads", "registered_population"], ["Rīga", 2014, 700001]], id="a", vintage=shipped
        )
    )
    asked = {"years": 2014, "municipalities": "Rīga", "access": "members"}
    assert bl.load_indicators("registered_population", **asked)["value"].item() == 700001


def test_of_answers_of_one_day_those_imported_last_count(own: Path, tmp_path: Path) -> None:
    for mean, id in ((2.0, "zzz"), (3.0, "aaa"), (4.0, "mmm")):
        plan = survey_of(tmp_path, mean, id=id, vintage="2024-05-01")
        store_import(plan)
        found = load_surveys("q", municipalities="Bauska", access="members")
        assert found[["mean", "source"]].to_numpy().tolist() == [[mean, id]]
    assert any("Both are of 2024-05-01; what was imported last counts: yours." in note for note in plan.notes)


# --- years to come -----------------------------------------------------------------------------------------------------


def test_years_to_come_are_refused_with_all_else_that_is_wrong(tmp_path: Path) -> None:
    rows = [HEADER, ["Bauskas novads", NEXT_YEAR, 1], ["Cēsu novads", 24, 2], ["Talsu novads", 2023, 3]]
    with pytest.raises(FiguresFileError) as error:
        plan_of(tmp_path, rows)
    assert "sheet 'Dati': 2 problems" in str(error.value)
    assert f"row 2, column 'Gads': {NEXT_YEAR} lies after the day of the figures" in str(error.value)
    assert "row 3, column 'Gads': '24' is not a year" in str(error.value)


def test_a_year_to_come_in_a_heading_or_an_option_is_refused_too(tmp_path: Path) -> None:
    heading = f"Sociālās aizsardzības izdevumi {NEXT_YEAR}"
    with pytest.raises(FiguresFileError, match=f"row 1, column '{heading}': {NEXT_YEAR} lies after"):
        plan_of(tmp_path, [["Pašvaldība", heading], ["Bauskas novads", 1]])
    with pytest.raises(FiguresFileError, match=f"{NEXT_YEAR} lies after"):
        plan_of(tmp_path, [["Pašvaldība", EXPENSE], ["Bauskas novads", 1]], year=NEXT_YEAR)


def test_the_year_of_the_vintage_may_be_there_and_no_later_one(tmp_path: Path) -> None:
    rows = [HEADER, ["Bauskas novads", 2023, 1]]
    assert plan_of(tmp_path, rows, vintage="2023-01-31").rows == 1
    with pytest.raises(FiguresFileError, match=r"2023 lies after the day of the figures \(2022-12-31\).*--vintage"):
        plan_of(tmp_path, rows, vintage="2022-12-31")


def test_answers_of_years_to_come_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FiguresFileError, match=r"row 2, column 'Gads': 2023 lies after the day of the figures"):
        survey_of(tmp_path, 3.0, vintage="2022-05-01")


def test_a_vintage_that_lies_ahead_is_refused(tmp_path: Path) -> None:
    rows = [HEADER, ["Bauskas novads", 2023, 1]]
    tomorrow = (date.today() + timedelta(days=2)).isoformat()
    for options in ({}, {"kind": "survey"}):
        with pytest.raises(OptionError, match=f"vintage='{tomorrow}' lies ahead"):
            plan_of(tmp_path, rows, vintage=tomorrow, **options)
    path = write_xlsx(tmp_path / "dati.xlsx", rows)
    os.utime(path, (4e9, 4e9))
    with pytest.raises(OptionError, match=r"dati.xlsx was last changed on 2096-10-0.: that lies ahead.*--vintage"):
        plan_import(path)


def test_years_to_come_that_were_stored_once_are_found_by_the_check(own: Path, tmp_path: Path) -> None:
    store_import(plan_of(tmp_path, [HEADER, ["Bauskas novads", 2023, 1]], id="a"))
    store_import(survey_of(tmp_path, 3.0, id="b"))
    assert check_data() == []
    for name in ("registry.toml", "surveys.toml"):
        path = own / name
        path.write_text(
            path.read_text(encoding="utf-8").replace(date.today().isoformat(), "2021-05-01"), encoding="utf-8"
        )
    forget_data()
    assert [problem.split(" ", 1)[0] for problem in check_data()] == ["a", "b"]


# --- units -------------------------------------------------------------------------------------------------------------


def units(plan: ImportPlan) -> list[str]:
    return [column.unit for column in plan.columns]


def test_a_unit_that_nothing_says_is_called_assumed(tmp_path: Path) -> None:
    assert units(plan_of(tmp_path, [HEADER, ["Talsu novads", 2023, 1]])) == ["", "", "EUR (assumed)"]
    told = [[*HEADER[:2], "Sociālās aizsardzības izdevumi, EUR"], ["Talsu novads", 2023, 1]]
    assert units(plan_of(tmp_path, told))[2] == "EUR"
    around = [["Izdevumi, EUR", "", ""], HEADER, ["Talsu novads", 2023, 1]]
    assert units(plan_of(tmp_path, around))[2] == "EUR"
    counted = [[*HEADER[:2], "Sociālā dienesta klienti"], ["Talsu novads", 2023, 1]]
    assert units(plan_of(tmp_path, counted))[2] == "persons", "what is counted needs no unit"


def orders(plan: ImportPlan) -> list[str]:
    return [note for note in plan.notes if "times larger" in note or "times smaller" in note]


def test_figures_of_another_order_than_those_stored_are_told(own: Path, tmp_path: Path) -> None:
    names = ("Talsu novads", "Tukuma novads", "Saldus novads")
    store_import(plan_of(tmp_path, [HEADER, *([name, 2022, 4_000_000] for name in names)], id="before"))
    thousands = plan_of(tmp_path, [HEADER, *([name, 2023, 4100] for name in names)])
    assert orders(thousands) == [
        "social_protection_expenditure: these figures are about 980 times smaller than those of the same municipalities that are stored "
        'already (before). Look whether they are in EUR; if not, write the unit at the end of the heading, such as "tūkst. EUR".'
    ]
    assert "about 21 times larger" in orders(plan_of(tmp_path, [HEADER, [names[0], 2023, 84_000_000]]))[0]
    assert not orders(plan_of(tmp_path, [HEADER, [names[0], 2023, 80_000_000]])), "twenty times is not beyond it"
    assert not orders(plan_of(tmp_path, [HEADER, ["Bauskas novads", 2023, 4]])), (
        "nothing of this municipality is stored"
    )
    one_odd = [HEADER, *([name, 2023, 4_100_000] for name in names[:2]), [names[2], 2023, 4]]
    assert not orders(plan_of(tmp_path, one_odd)), "the median counts"


def test_shipped_figures_show_the_order_too(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Gads", "registered_population"], ["Rīga", 2014, 700]]
    assert "about 990 times smaller" in orders(plan_of(tmp_path, rows))[0]


def test_a_part_above_the_whole_is_told_and_a_growth_is_not(tmp_path: Path) -> None:
    header = ["Pašvaldība", "Gads", "Bezdarba līmenis, %"]
    rows = [header, ["Talsu novads", 2024, 5], ["Ogres novads", 2024, 730], ["Saldus novads", 2024, 100]]
    (note,) = (note for note in plan_of(tmp_path, rows).notes if "above 100 %" in note)
    assert "unemployment_rate is a part of a whole" in note
    assert "(row 3, column 'Bezdarba līmenis, %': 730 %)" in note
    growth = [["Pašvaldība", "Gads", "population_change"], ["Talsu novads", 2024, "150%"]]
    assert not [note for note in plan_of(tmp_path, growth).notes if "above 100 %" in note]


def below_zero(plan: ImportPlan) -> list[str]:
    return [note for note in plan.notes if "below 0" in note]


def test_spending_and_shares_below_zero_are_told(tmp_path: Path) -> None:
    header = [*HEADER, "Bezdarba līmenis, %"]
    names = ("Talsu", "Ogres", "Saldus", "Tukuma", "Limbažu")
    rows = [header, *([f"{name} novads", 2024, -5000, 730 if name == "Talsu" else -1] for name in names)]
    plan = plan_of(tmp_path, rows)
    assert below_zero(plan) == [
        "social_protection_expenditure is below 0 (row 2, column 'Sociālās aizsardzības izdevumi': -5000; row 3, column 'Sociālās "
        "aizsardzības izdevumi': -5000; row 4, column 'Sociālās aizsardzības izdevumi': -5000, and 2 more). Correct it, or the sign; only "
        "a balance, a change or a correction of earlier accounts can be less than nothing.",
        "unemployment_rate is below 0 (row 3, column 'Bezdarba līmenis, %': -1; row 4, column 'Bezdarba līmenis, %': -1; row 5, column "
        "'Bezdarba līmenis, %': -1, and 1 more). Correct it, or the sign; only a balance, a change or a correction of earlier accounts can "
        "be less than nothing.",
    ]
    assert [note for note in plan.notes if "above 100 %" in note], "and the others are looked at as ever"


def test_a_minus_hides_no_other_order(own: Path, tmp_path: Path) -> None:
    names = ("Talsu novads", "Tukuma novads", "Saldus novads")
    store_import(plan_of(tmp_path, [HEADER, *([name, 2022, 4_000_000] for name in names)], id="before"))
    plan = plan_of(tmp_path, [HEADER, *([name, 2023, 4100] for name in names), ["Bauskas novads", 2023, -4]])
    assert "980 times smaller" in orders(plan)[0]


@pytest.mark.parametrize("measure", ["natural_balance", "long_term_migration_balance", "population_change"])
def test_a_balance_may_be_below_zero(tmp_path: Path, measure: str) -> None:
    plan = plan_of(tmp_path, [["Pašvaldība", "Gads", measure], ["Talsu novads", 2024, -0.5]])
    assert plan.summary["smallest"].item() == -0.5
    assert not below_zero(plan)


def test_differences_are_known_by_their_names() -> None:
    for name, is_one in (("Pieaugušo skaits", False), ("Budžeta bilance", True), ("Skolēnu skaita pieaugums", True)):
        assert is_difference(Measure("own_x", {"lv": name, "en": "X"}, "persons", "additive")) == is_one


@pytest.mark.parametrize(("measure", "unit"), [("active_enterprises", "enterprises"), ("registered_crimes", "crimes")])
def test_nothing_can_be_counted_below_zero(tmp_path: Path, measure: str, unit: str) -> None:
    with pytest.raises(FiguresFileError, match=f"there cannot be less than 0 {unit}"):
        plan_of(tmp_path, [["Pašvaldība", "Gads", measure], ["Talsu novads", 2024, -1]])


def test_a_bare_number_among_per_cents_is_not_taken_for_a_share(tmp_path: Path) -> None:
    rows = [["Pašvaldība", "Gads", "Bezdarba līmenis"], ["Ādažu novads", 2024, 0.05], ["Talsu novads", 2024, 7.5]]
    with pytest.raises(FiguresFileError, match=r"row 3, .* look like percent \(the largest is 7.5\)"):
        plan_of(tmp_path, [*rows, ["Ogres novads", 2024, "5,3%"]])
    rows[2][2] = 0.075
    assert plan_of(tmp_path, [*rows, ["Ogres novads", 2024, "5,3%"]]).summary["largest"].item() == 0.075


@pytest.mark.parametrize(
    ("unit", "stored", "shown"),
    [
        ("EUR", "1999", "EUR_per_pupil"),
        ("tūkst. EUR", "1999000", "EUR_per_pupil (from tūkst. EUR, × 1000)"),
        ("EUR uz skolēnu", "1999", "EUR_per_pupil"),
    ],
)
def test_euro_for_each_pupil_may_be_called_euro(tmp_path: Path, unit: str, stored: str, shown: str) -> None:
    rows = [["Pašvaldība", "Gads", f"Izglītības izdevumi uz vienu skolēnu, {unit}"], ["Talsu novads", 2024, 1999]]
    plan = plan_of(tmp_path, rows)
    assert plan.files["figures/own_dati.csv"].decode().splitlines()[1].split(",")[3] == stored
    assert units(plan)[2] == shown


def test_thousands_in_a_title_are_not_said_of_euro_for_each(tmp_path: Path) -> None:
    header = ["Pašvaldība", "Gads", "Izglītības izdevumi uz vienu skolēnu", "Sociālās aizsardzības izdevumi"]
    rows = [["Izdevumi (tūkst. EUR)", "", "", ""], header, ["Talsu novads", 2024, 1999, 4000]]
    assert units(plan_of(tmp_path, rows))[2:] == ["EUR_per_pupil (assumed)", "EUR (from tūkst. EUR, × 1000)"]
    alone = [row[:3] for row in rows]
    with pytest.raises(FiguresFileError, match=r"speaks of 'tūkst. EUR', in which none of these measures can be"):
        plan_of(tmp_path, alone)


# --- columns without a heading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["C", "(column C)"])
def test_the_advice_for_a_column_without_a_heading_can_be_followed(tmp_path: Path, name: str) -> None:
    rows = [["Pašvaldība", "social_service_clients", ""], ["Talsu novads", 10, 12]]
    (note,) = (note for note in plan_of(tmp_path, rows, year=2024).notes if "left out" in note)
    assert note == (
        "Column '(column C)' holds numbers and is left out, for its heading is not known. Say what it is: --column \"C=MEASURE\"."
    )
    plan = plan_of(tmp_path, rows, year=2024, columns=(f"{name}=social_workers",))
    assert [column.role for column in plan.columns] == ["municipality", "social_service_clients", "social_workers"]
    assert not [note for note in plan.notes if "left out" in note]


def test_the_unit_of_a_column_without_a_heading_can_be_told_as_advised(tmp_path: Path) -> None:
    rows = [["Izdevumi tūkst. vienību", "", ""], ["Pašvaldība", "Gads", ""], ["Talsu novads", 2024, 12]]
    options = {"columns": (f"C={EXPENSE}",)}
    with pytest.raises(FiguresFileError, match=r'Say the unit in the file of --columns, for example "\(column C\)" = '):
        plan_of(tmp_path, rows, **options)
    told = tmp_path / "c.toml"
    told.write_text(f'[columns]\n"(column C)" = {{ role = "{EXPENSE}", unit = "tūkst. EUR" }}\n', encoding="utf-8")
    assert units(plan_of(tmp_path, rows, declared=told))[2] == "EUR (from tūkst. EUR, × 1000)"
