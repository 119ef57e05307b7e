"""What headings, units, numbers and names in people's files are taken for."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from benchlib.errors import CatalogueError, FiguresFileError, OptionError
from benchlib.indicators import load_catalogue
from benchlib.indicators.imports.cells import NumberText
from benchlib.indicators.imports.dialects import Numbers, choose_numbers
from benchlib.indicators.imports.headings import FIGURE_ROLES, MeasureNames, read_heading, role_of, years_in
from benchlib.indicators.imports.layout import find_layout
from benchlib.indicators.imports.options import ImportOptions, read_declared
from benchlib.indicators.imports.places import find_places, is_total, one_place, resolve
from benchlib.indicators.imports.survey_rows import SURVEY_ROLES
from benchlib.indicators.imports.units import (
    _KNOWN,
    _PLAIN,
    Conversion,
    conversion_between,
    split_unit,
    unit_of,
    unread_unit,
)
from benchlib.indicators.names import plain_text
from benchlib.indicators.readers.complaints import Complaints
from benchlib.indicators.readers.files import Row


def as_rows(*cells: list[str]) -> list[Row]:
    return [Row(number, tuple(row)) for number, row in enumerate(cells, 1)]


# --- headings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "year", "unit"),
    [
        ("Sociālās aizsardzības izdevumi, tūkst. EUR", "socialas aizsardzibas izdevumi", None, ("EUR", 3)),
        ("Izdevumi (tūkst. EUR) 2023. gadā", "izdevumi", 2023, ("EUR", 3)),
        ("Izdevumi 2023.gadā (EUR)", "izdevumi", 2023, ("EUR", 0)),
        ("Iedzīvotāju skaits uz 01.01.2015.", "iedzivotaju skaits", 2015, None),
        ("Klienti (2024)", "klienti", 2024, None),
        ("2023. gads", "", 2023, None),
        ("2023", "", 2023, None),
        ("Skolēni 2022/2023", "skoleni 2022 2023", None, None),
        ("Iedzīvotāju skaits 1. janvārī", "iedzivotaju skaits 1 janvari", None, None),
        ("Platība, m²", "platiba", None, ("m2", 0)),
        ("Bērni [skaits]", "berni", None, ("count", 0)),
        ("1000 iedzīvotāji", "1000 iedzivotaji", None, None),
        ("Izdevumi tūkst. EUR", "izdevumi", None, ("EUR", 3)),
        ("Izdevumi tukst eur 2023", "izdevumi", 2023, ("EUR", 3)),
        ("Izdevumi, EUR, tūkst.", "izdevumi", None, ("EUR", 3)),
        ("Siltumenerģija kWh", "siltumenergija", None, ("MWh", -3)),
        ("2023, tūkst. EUR", "", 2023, ("EUR", 3)),
        ("Iedzīvotāju skaits", "iedzivotaju skaits", None, None),
        ("Gaidīšanas dienas", "gaidisanas dienas", None, None),
        ("Skaits", "skaits", None, None),
        ("tūkst. EUR", "", None, ("EUR", 3)),
        ("Vērtība 12345", "vertiba 12345", None, None),
    ],
)
def test_headings(text: str, name: str, year: int | None, unit: tuple[str, int] | None) -> None:
    heading = read_heading(text)
    assert (heading.name, heading.year) == (name, year)
    assert (None if heading.unit is None else (heading.unit.base, heading.unit.power)) == unit


def test_years_of_a_text() -> None:
    assert years_in("uz 31.12.2022. un 2023. gadā") == [2022, 2023]
    assert years_in("izdevumi_2023".replace("_", " ")) == [2023]
    assert years_in("12023, 2023.5, 1899") == []


def test_roles_by_heading() -> None:
    known = {
        "Pašvaldība": "municipality",
        "ATVK kods": "code",
        "GADS": "year",
        "Nr. p. k.": "ignore",
        "Rādītājs": "measure",
    }
    assert {text: role_of(read_heading(text), FIGURE_ROLES) for text in known} == known
    assert role_of(read_heading("Izdevumi"), FIGURE_ROLES) is None
    assert role_of(read_heading("/"), FIGURE_ROLES) is None
    assert role_of(read_heading(""), FIGURE_ROLES) is None


@pytest.mark.parametrize(
    "text",
    [
        "Nosaukums",
        "Novads",
        "Pašvaldības nosaukums",
        "Nosaukums/Pašvaldība",
        "Pašvaldība (novads)",
        "PAŠVALDĪBA / Nosaukums",
        "Novads vai pilsēta",
        "Novads, valstspilsēta",
        "Pašvaldības nosaukums (2021)",
        "Novada nosaukums",
        "Teritorijas nosaukums",
        "Municipality/name",
    ],
)
def test_names_of_municipalities_have_many_headings(text: str) -> None:
    assert role_of(read_heading(text), FIGURE_ROLES) == "municipality"


@pytest.mark.parametrize(
    "text", ["Nosaukums / kods", "Pilsēta", "Pašvaldības iestāde", "Novads / centrs", "Gads (novads)"]
)
def test_a_heading_of_two_things_is_taken_for_neither(text: str) -> None:
    assert role_of(read_heading(text), FIGURE_ROLES) is None


def test_measures_by_name() -> None:
    names = MeasureNames(load_catalogue(), {})
    found = {
        "social_protection_expenditure": "social_protection_expenditure",
        "Sociālās aizsardzības izdevumi": "social_protection_expenditure",
        "EXPENDITURE ON SOCIAL PROTECTION": "social_protection_expenditure",
        "izdevumi socialajai aizsardzibai": "social_protection_expenditure",
        "Iedzīvotāju skaits": "registered_population",
    }
    assert {text: (measure.id if (measure := names.find(text)) else None) for text in found} == found
    assert names.find("izdevumi") is None
    assert names.advice("Sociālie izdevumi").startswith("Nearest: ")
    assert "social_protection_expenditure" in names.advice("socialas aizsardzibas izdevum")
    advice = names.advice("Sociālās aizsardzības izdevumi uz vienu iedzīvotāju")
    assert "computes from social_protection_expenditure and population_annual_average" in advice


def test_every_synonym_means_one_measure() -> None:
    catalogue = load_catalogue()
    names = MeasureNames(catalogue, {})
    doubled = {name for name, ids in names._by_name.items() if len(ids) > 1}
    assert doubled == set()


# --- units -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "wanted", "exponent"),
    [
        (None, "EUR", 0),
        ("tukst eur", "EUR", 3),
        ("TŪKST.EUR", "EUR", 3),
        ("EUR, tūkst.", "EUR", 3),
        ("MWh gadā", "MWh", 0),
        ("kWh/gadā", "MWh", -3),
        ("ha", "m2", 4),
        ("kWh", "kWh", 0),
        ("MWh", "kWh", 3),
        ("tūkst. EUR", "thousand EUR", 0),
        ("EUR", "thousand EUR", -3),
        ("tūkst. $", "EUR", None),
        ("tūkst. EUR", "EUR", 3),
        ("milj. eiro", "EUR", 6),
        ("€", "EUR", 0),
        ("%", "percent", 0),
        ("%", "share", -2),
        ("share", "percent", 2),
        ("kWh", "MWh", -3),
        ("ha", "km2", -2),
        ("skaits", "pupils", 0),
        ("tūkst.", "persons", 3),
        ("hours", "hours", 0),
        ("EUR", "persons", None),
        ("km", "EUR", None),
        ("parsecs", "km", None),
    ],
)
def test_units(unit: str | None, wanted: str, exponent: int | None) -> None:
    expected = None if exponent is None else Conversion(exponent)
    assert conversion_between(unit, wanted) == expected
    if unit is not None and (known := unit_of(unit)):
        assert conversion_between(known, wanted) == expected


def test_units_that_are_no_power_of_ten_of_each_other() -> None:
    # 1 EUR = 0.702804 LVL; 1 MWh = 3.6 GJ
    assert conversion_between("tūkst. Ls", "EUR") == Conversion(3, 0.702804)
    assert conversion_between("LVL", "EUR") == Conversion(0, 0.702804)
    assert conversion_between("GJ", "MWh") == Conversion(0, 3.6)
    assert conversion_between("TJ", "MWh") == Conversion(3, 3.6)
    assert conversion_between("GJ", "GJ") == conversion_between("LVL", "lvl") == Conversion(0)
    assert conversion_between("LVL", "persons") is None
    assert str(conversion_between("milj. latu", "EUR")) == "× 1000000, ÷ 0.702804"


def test_every_spelling_means_one_unit() -> None:
    assert len({plain_text(spelling) for spelling in _PLAIN}) == len(_PLAIN)
    assert all(unit_of(spelling) is not None for spelling in (*_KNOWN, *_PLAIN))
    for spelling, (base, power, divisor) in _KNOWN.items():
        found = unit_of(spelling.upper())
        assert found is not None
        assert (found.base, found.power, found.divisor) == (base, power, divisor), spelling
        plain = unit_of(plain_text(spelling)) if spelling in _PLAIN else found
        assert plain is not None


def test_no_name_of_a_measure_ends_in_what_is_taken_for_a_unit() -> None:
    names = MeasureNames(load_catalogue(), {})
    assert {name for name in names._by_name if read_heading(name).unit is not None} == set()
    synonyms = {name for roles in (FIGURE_ROLES, SURVEY_ROLES) for names in roles.values() for name in names}
    assert {name for name in synonyms if read_heading(name).unit is not None} == set()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Izdevumi tūkst. un milj.", "tukst"),
        ("Izdevumi LVL kopā", "lvl"),
        ("Izdevumi kopā", ""),
        ("Tūkstošgades skola", ""),
    ],
)
def test_words_of_units_that_were_not_understood(text: str, word: str) -> None:
    assert unread_unit(text) == word


def test_only_a_known_unit_is_taken_off() -> None:
    assert split_unit("Izdevumi (kopā)") == ("Izdevumi (kopā)", None)
    assert split_unit("(EUR)") == ("(EUR)", None)
    assert split_unit("Izdevumi, kopā, EUR")[0] == "Izdevumi, kopā"


# --- numbers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "comma", "point"),
    [
        ("1 234,5", 1234.5, None),
        ("1,234.5", None, 1234.5),
        ("1 234.5", None, 1234.5),
        ("1234", 1234.0, 1234.0),
        ("0,123", 0.123, None),
        ("1,234", 1.234, 1234.0),
        ("1 234 567,80 EUR", 1234567.8, None),
        ("€ 12,5", 12.5, None),
        ("-3,5", -3.5, None),
        ("−3", -3.0, -3.0),
        ("12,5 %", 12.5, None),
        ("1.234,5", None, None),
        ("12 34", None, None),
        ("007", None, None),
        ("nan", None, None),
        ("1e5", None, None),
        ("12 km", None, None),
    ],
)
def test_numbers_in_both_notations(text: str, comma: float | None, point: float | None) -> None:
    for decimal, expected in ((",", comma), (".", point)):
        if expected is None:
            with pytest.raises(ValueError, match="is not a number"):
                Numbers(decimal).read(text, percent=0)
        else:
            assert Numbers(decimal).read(text, percent=0).value == expected


def test_numbers_of_a_spreadsheet_are_the_same_in_both() -> None:
    for decimal in ",.":
        assert Numbers(decimal).read(NumberText("1234.5")).value == 1234.5
        assert Numbers(decimal).read(NumberText("4.5"), exponent=3).value == 4500.0
        assert Numbers(decimal).read(NumberText("12.5%"), percent=-2).value == 0.125
        with pytest.raises(ValueError, match="is a percentage"):
            Numbers(decimal).read(NumberText("12.5%"))


@pytest.mark.parametrize(
    ("text", "status"), [("", "missing"), ("…", "missing"), ("nav datu", "missing"), (":", "suppressed")]
)
def test_symbols_stay(text: str, status: str) -> None:
    figure = Numbers(",").read(text)
    assert math.isnan(figure.value)
    assert (figure.status, figure.symbol) == (status, text)


def test_the_notation_is_found_out_from_all_numbers() -> None:
    def chosen(*texts: str, decimal: str | None = None) -> str:
        return choose_numbers("f", ((n, "c", text) for n, text in enumerate(texts, 1)), decimal).decimal

    assert chosen("1,234", "5,5") == ","
    assert chosen("1,234", "5.5") == "."
    assert chosen("12", "…", "text") == ","
    assert chosen(NumberText("1.5"), "1,25") == ","
    assert chosen("1,234", decimal=".") == "."
    with pytest.raises(FiguresFileError, match=r"f, row 1, column 'c': '1,234' can be .* --decimal , or --decimal \."):
        chosen("1,234", "12")
    with pytest.raises(
        FiguresFileError, match=r"row 2, column 'c': '1.250' can be .* say --decimal \. and if not, write"
    ):
        chosen("2500", "1.250")
    assert chosen("1.250", "12.5") == chosen("1.250", "0.125") == chosen("1.250", decimal=".") == "."
    assert chosen("1.250", "2,5") == ","
    assert chosen(NumberText("1.250"), "2500") == ","
    with pytest.raises(FiguresFileError, match=r"row 2, column 'c': '1.25' stands here, '1,5' in row 1"):
        chosen("1,5", "1.25")
    with pytest.raises(OptionError, match=r"neither ',' nor '\.'"):
        chosen("1", decimal=";")


# --- layout ------------------------------------------------------------------------------------------------------------


def test_titles_above_and_two_rows_of_headings() -> None:
    rows = as_rows(
        ["Sociālie pakalpojumi 2023", "", "", "", ""],
        ["Pašvaldība", "Izdevumi, EUR", "", "Klienti", ""],
        ["", "2022", "2023", "2022", "2023"],
        ["Bauskas novads", "1", "2", "3", "4"],
    )
    layout = find_layout(rows, lambda text: text == "Pašvaldība")
    assert layout is not None
    assert layout.headings == ("Pašvaldība", "Izdevumi, EUR 2022", "Izdevumi, EUR 2023", "Klienti 2022", "Klienti 2023")
    assert (layout.number, [row.number for row in layout.rows]) == (2, [4])
    assert layout.titles == ("Sociālie pakalpojumi 2023",)


def test_a_row_of_figures_is_no_second_heading() -> None:
    rows = as_rows(["Pašvaldība", "Klienti"], ["", "12"], ["Bauskas novads", "3"])
    layout = find_layout(rows, lambda text: text == "Pašvaldība")
    assert layout is not None
    assert (layout.headings, len(layout.rows)) == (("Pašvaldība", "Klienti"), 2)


def test_headings_are_above_the_first_municipality() -> None:
    rows = as_rows(["", "Klienti"], ["Bauskas novads", "3"])
    layout = find_layout(rows, lambda _: False, lambda text: text == "Bauskas novads")
    assert layout is not None
    assert layout.headings == ("", "Klienti")
    assert find_layout(rows, lambda _: False) is None


# --- places ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "territory", "code"),
    [
        ("25000", "2025", "0025000"),
        ("0025000", "2025", "0025000"),
        ("1000", "2025", "0001000"),
        ("Bauskas novads", "2025", "0025000"),
        ("BAUSKA", "2025", "0025000"),
        ("Jelgava", "2025", "0003000"),
        ("Vecumnieku novads", "2009", "0409500"),
        ("Vecumnieku novads", "2025", None),
        ("99", "2025", None),
        ("Bausksa", "2025", None),
    ],
)
def test_places_by_code_and_name(text: str, territory: str, code: str | None) -> None:
    assert resolve(text, territory) == code  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["Kopā", "KOPĀ:", "Kopā novadi", "Latvija", "Vidēji", "Vidzemes reģions", "Total"])
def test_totals(text: str) -> None:
    assert is_total(text)
    assert not is_total("Kokneses novads")


def places(*cells: list[str], years: set[int] = frozenset(), territory: str | None = None):  # type: ignore[no-untyped-def, assignment]
    complaints = Complaints("f")
    columns = {"municipality": (0, "Pašvaldība")}
    found = find_places(complaints, as_rows(*cells), columns, years, territory)  # type: ignore[arg-type]
    complaints.raise_any()
    return found


def test_the_classification_is_found_out() -> None:
    assert places(["Vecumnieku novads", "1"]).territory == "2009"
    assert places(["Varakļānu novads", "1"], ["Rīga", "1"], years={2022}).territory == "2021"
    assert places(["Bauskas novads", "1"], years={2023}).territory == "2025"
    for year, territory in ((2013, "2009"), (2023, "2025")):
        untouched = places(["Rīga", "1"], ["Alūksnes novads", "1"], years={year})
        assert untouched.territory == territory, "no reform touched them"
    assert places(["Madonas novads", "1"], years={2026}).territory == "2025"
    assert places(["0400200", "1"]).territory == "2009"
    assert places(["25000", "1"], years={2013}).territory == "2025", "a code belongs to one border, whatever the year"
    found = places(["Bauskas novads", "1"], years={2013}, territory="2009")
    assert (found.territory, found.code_of) == ("2009", {1: "0400200"})


def test_a_name_with_two_borders_is_asked_about() -> None:
    with pytest.raises(
        FiguresFileError, match=r"'Bauskas novads' is a municipality of 2009 and of 2025.*--territory 2009"
    ):
        places(["Bauskas novads", "1"], years={2019})
    with pytest.raises(FiguresFileError, match="'Madonas novads' is a municipality of 2021 and of 2025"):
        places(["Rīga", "1"], ["Madonas novads", "1"], years={2023})


def test_a_misspelt_name_with_two_borders_is_not_called_a_municipality() -> None:
    meant = (
        "'Bauska novads' is taken for 'Bauskas novads', which is a municipality of 2009 and of 2025, with other borders"
    )
    with pytest.raises(FiguresFileError, match=meant):
        places(["Bauska novads", "1"], years={2019})
    with pytest.raises(FiguresFileError, match="f: 'BAUSKAS NOVADS' is a municipality of 2009 and of 2025"):
        places(["BAUSKAS NOVADS", "1"], years={2019})


def test_rows_that_are_no_municipality() -> None:
    found = places(["Rīga", "1"], ["Kopā", "1"], ["Avots: pašvaldības", ""])
    assert found.code_of == {1: "0001000"}
    assert [note.split(" is")[0] for note in found.notes] == ["Row 2 ('Kopā')", "Row 3 ('Avots: pašvaldības')"]
    two = "2 codes had lost their leading zeros, as spreadsheets do; they are restored."
    assert places(["25000", "1"], ["1000", "2"]).notes == [two]
    one = "1 code had lost its leading zeros, as spreadsheets do; it is restored."
    assert places(["25000", "1"], ["0001000", "2"]).notes == [one]
    with pytest.raises(FiguresFileError, match="row 2, column 'Pašvaldība': the row has figures and no municipality"):
        places(["Rīga", "1", "2"], ["", "1", "2"])


def test_unknown_municipalities_are_all_named() -> None:
    with pytest.raises(FiguresFileError) as caught:
        places(["Rīga", "1"], ["Bauskass novadz", "1"], ["99", "1"])
    lines = str(caught.value).splitlines()
    assert lines[0] == "f: 2 problems. Nothing of the file was imported."
    assert "row 2, column 'Pašvaldība'" in lines[1]
    assert "Nearest: Bauskas novads, " in lines[1]
    assert "row 3, column 'Pašvaldība': '99' is no ATVK code" in lines[2]


def test_code_and_name_must_agree() -> None:
    complaints = Complaints("f")
    rows = as_rows(["25000", "Cēsu novads"])
    find_places(complaints, rows, {"code": (0, "ATVK"), "municipality": (1, "Nosaukums")}, (), None)
    with pytest.raises(FiguresFileError, match="'25000' is Bauskas novads, 'Cēsu novads' is Cēsu novads"):
        complaints.raise_any()


def test_one_municipality_for_all_rows() -> None:
    assert one_place("f", as_rows(["1"], ["2"]), "bauska", None).code_of == {1: "0025000", 2: "0025000"}
    assert one_place("f", as_rows(["1"]), "Vecumnieku novads", "2009").code_of == {1: "0409500"}


# --- declarations ------------------------------------------------------------------------------------------------------


def test_declarations_of_file_and_command(tmp_path: Path) -> None:
    path = tmp_path / "columns.toml"
    path.write_text(
        'publisher = "Bauska"\nlicence = "CC0"\n[columns]\n"A" = "ignore"\n"B" = { role = "x", unit = "km", year = 2023 }\n'
        '[measures.x]\nname = { lv = "X", en = "X" }\nunit = "km"\nkind = "additive"\n',
        encoding="utf-8",
    )
    declared = read_declared(ImportOptions(declared=path, columns=("A=year", "a = b=value")))
    assert {name: says.role for name, says in declared.columns.items()} == {"A": "year", "B": "x", "a = b": "value"}
    assert (declared.columns["B"].unit, declared.columns["B"].year) == ("km", 2023)
    assert declared.measures["x"].unit == "km"
    assert declared.texts == {"publisher": {"lv": "Bauska", "en": "Bauska"}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colums = 1", "unknown entry 'colums'"),
        ("columns = 1", "columns: 1 is not a table"),
        ("[columns]\nA = { rol = 'x' }", "unknown field 'rol'"),
        ("[measures.x]\nunit = 'km'", "required field is missing"),
        ("publisher = 1", "publisher: 1 is not text"),
        ("[columns", "not valid TOML"),
    ],
)
def test_broken_declarations(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "c.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        read_declared(ImportOptions(declared=tmp_path / "c.toml"))
    with pytest.raises(CatalogueError, match="is absent"):
        read_declared(ImportOptions(declared=tmp_path / "nothing.toml"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "figs"}, "kind='figs' is not an option"),
        ({"access": "all"}, "access='all' is not an option"),
        ({"territory": "2010"}, "territory='2010' is not an option"),
        ({"id": "../x"}, "becomes the name of a file"),
        ({"id": "Ā"}, "becomes the name of a file"),
        ({"year": 12}, "year=12 is not a year"),
        ({"min_n": 2}, "at least 3"),
        ({"columns": ("A",)}, "is not HEADING=ROLE"),
    ],
)
def test_wrong_options(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        read_declared(ImportOptions(**wrong))  # type: ignore[arg-type]
