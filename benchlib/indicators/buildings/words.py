"""The columns and words of a building register in Latvian and English, and how a cell is understood."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from benchlib.indicators.names import plain_text
from benchlib.indicators.readers.numbers import SPACES, SYMBOLS, NumberFormat, parse_number

#: Columns of the sheet of buildings, and the headings by which each is known; case, diacritics and a unit at the end do not matter.
REGISTER_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "building": ("building", "building id", "id", "ēka", "ēkas kods", "ēkas id", "kods", "kadastra apzīmējums"),
    "name": ("name", "building name", "nosaukums", "ēkas nosaukums"),
    "type": ("type", "use", "building type", "veids", "tips", "ēkas veids", "ēkas tips", "izmantošanas veids"),
    "municipality": ("municipality", "pašvaldība", "novads"),
    "area_m2": ("area_m2", "area", "floor area", "heated area", "heated floor area", "platība", "apkurināmā platība"),
    "year_built": ("year_built", "built", "year of construction", "būvēta", "būvgads", "uzbūvēta", "ekspluatācijā kopš"),
    "heat_source": ("heat_source", "heating", "source of heat", "siltumavots", "siltuma avots", "apkures veids", "kurināmais"),
    "year": ("year", "gads", "pārskata gads"),
    "heat_mwh": ("heat_mwh", "heat", "heat use", "siltums", "siltumenerģija", "siltumenerģijas patēriņš", "siltuma patēriņš",
                 "patērētā siltumenerģija"),
    "electricity_mwh": ("electricity_mwh", "electricity", "electricity use", "elektrība", "elektroenerģija", "elektroenerģijas patēriņš",
                        "elektrības patēriņš", "patērētā elektroenerģija"),
    "degree_days": ("degree_days", "degree days", "heating degree days", "grādu dienas", "apkures grādu dienas", "grāddienas"),
}  # fmt: skip
#: A saving is told in per cent or as energy; which of them it is shows in its unit.
_SAVINGS: Final = (
    "saving", "expected saving", "ietaupījums", "plānotais ietaupījums", "paredzētais ietaupījums", "sagaidāmais ietaupījums",
    "gaidāmais ietaupījums", "prognozētais ietaupījums", "aprēķinātais ietaupījums", "enerģijas ietaupījums",
)  # fmt: skip
#: Columns of the sheet of measures.
MEASURE_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "building": REGISTER_COLUMNS["building"],
    "year": ("year", "gads", "īstenošanas gads"),
    "kind": ("kind", "measure", "pasākums", "pasākuma veids", "veids"),
    "cost_eur": ("cost_eur", "cost", "costs", "izmaksas", "cena"),
    "saving_pct": ("saving_pct", *(f"{word} {unit}" for word in _SAVINGS for unit in ("%", "procentos"))),
    "saving_mwh": ("saving_mwh", *(f"{word} {unit}" for word in _SAVINGS for unit in ("mwh", "kwh", "gwh", "gj"))),
    "status": ("status", "state", "statuss", "stāvoklis"),
}
#: The sheets, and the names by which each is known.
REGISTER_SHEETS: Final[Mapping[str, tuple[str, ...]]] = {
    "buildings": ("buildings", "ēkas"),
    "measures": ("measures", "pasākumi"),
}
#: The words that a column may hold, and how they may be written in either language.
REGISTER_WORDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "type": {
        "school": (
            "skola", "skolas", "skolas ēka", "pamatskola", "vidusskola", "sākumskola", "ģimnāzija", "izglītības iestāde",
            "vispārējās izglītības iestāde",
        ),
        "kindergarten": (
            "bērnudārzs", "bērnudārzi", "bērnudārza ēka", "pirmsskolas izglītības iestāde", "pirmsskolas izglītības iestādes", "pirmsskola",
            "PII",
        ),
        "culture": (
            "kultūra", "kultūras nams", "kultūras nami", "kultūras centrs", "kultūras centri", "kultūras iestāde", "tautas nams",
            "tautas nami", "saieta nams", "bibliotēka", "bibliotēkas", "muzejs", "muzeji",
        ),
        "administration": (
            "pārvalde", "pārvaldes", "pārvaldes ēka", "pārvaldes ēkas", "administratīvā ēka", "administratīvās ēkas", "administrācija",
            "pagasta pārvalde", "pagasta pārvaldes ēka", "pašvaldības administrācija", "domes ēka", "birojs", "biroja ēka", "office",
        ),
        "social_care": (
            "sociālā aprūpe", "sociālās aprūpes centrs", "sociālās aprūpes centri", "sociālās aprūpes iestāde", "sociālās aprūpes nams",
            "aprūpes centrs", "pansionāts", "pansionāti", "social care",
        ),
        "housing": (
            "dzīvojamā māja", "dzīvojamās mājas", "dzīvojamā ēka", "dzīvojamās ēkas", "daudzdzīvokļu māja", "daudzdzīvokļu mājas",
            "daudzdzīvokļu dzīvojamā māja", "mājoklis", "mājokļi",
        ),
        "sports": (
            "sports", "sporta ēka", "sporta ēkas", "sporta halle", "sporta halles", "sporta zāle", "sporta zāles", "sporta centrs",
            "sporta nams", "sporta komplekss", "peldbaseins",
        ),
        "other": ("cita", "cits", "citas", "citi", "cita ēka", "citas ēkas"),
    },
    "heat_source": {
        "district": (
            "centralizētā siltumapgāde", "centralizēta", "centrālā apkure", "centralizētā apkure", "siltumtīkli", "siltumtīkls",
            "district heating",
        ),
        "natural_gas": ("dabasgāze", "dabas gāze", "gāze", "gāzes katls", "gāzes apkure", "gas", "natural gas"),
        "wood": (
            "šķelda", "granulas", "malka", "koksne", "biomasa", "koksnes šķelda", "koksnes granulas", "kokskaidu granulas", "malkas apkure",
            "wood chips", "pellets",
        ),
        "electricity": ("elektrība", "elektroenerģija", "elektriskā apkure", "siltumsūknis", "siltumsūkņi", "heat pump"),
        "oil": ("dīzeļdegviela", "dīzelis", "šķidrais kurināmais", "diesel"),
        "other": ("cits", "cita", "citi", "citas", "cits avots"),
    },
    "kind": {
        "walls": (
            "ārsienu siltināšana", "sienu siltināšana", "sienas", "ārsienas", "fasādes siltināšana", "fasāžu siltināšana",
            "ārsienu siltinājums", "wall insulation",
        ),
        "roof": (
            "jumta siltināšana", "jumtu siltināšana", "bēniņu siltināšana", "bēniņu pārseguma siltināšana", "jumta siltinājums", "jumts",
            "roof insulation",
        ),
        "windows": ("logu nomaiņa", "logu maiņa", "logi", "logi un durvis", "logu un durvju nomaiņa", "durvju nomaiņa"),
        "heating_system": (
            "apkures sistēma", "apkures sistēmas atjaunošana", "apkures sistēmas pārbūve", "apkures sistēmas rekonstrukcija",
            "apkures sistēmas renovācija", "siltummezgls", "siltummezgla nomaiņa", "heating system",
        ),
        "ventilation": (
            "ventilācija ar siltuma atgūšanu", "ventilācija", "ventilācijas sistēma", "ventilācijas sistēmas izbūve", "rekuperācija",
            "heat recovery",
        ),
        "lighting": ("apgaismojums", "apgaismojuma nomaiņa", "apgaismojuma modernizācija", "LED apgaismojums", "LED"),
        "automation": (
            "automatizācija", "automātika", "vadība un uzskaite", "energopārvaldība", "energopārvaldības sistēma", "energy management",
        ),
        "boiler": (
            "katls", "katla nomaiņa", "katlu nomaiņa", "apkures katla nomaiņa", "siltumavota nomaiņa", "katlumājas pārbūve",
            "siltumsūkņa uzstādīšana",
        ),
        "renovation": (
            "kompleksa atjaunošana", "kompleksā renovācija", "pilna renovācija", "ēkas atjaunošana", "atjaunošana", "renovācija",
            "deep renovation",
        ),
        "solar": ("saules paneļi", "saules paneļu uzstādīšana", "saules elektrostacija", "saules baterijas", "solar panels"),
        "other": ("cits", "cita", "citi", "citas", "cits pasākums"),
    },
    "status": {
        "done": (
            "īstenots", "īstenota", "īstenoti", "pabeigts", "pabeigta", "pabeigti", "paveikts", "paveikta", "paveikti", "veikts", "veikta",
            "veikti", "izpildīts", "izpildīta", "izpildīti", "realizēts", "realizēta", "realizēti", "ieviests", "ieviesta", "ieviesti",
            "completed",
        ),
        "planned": (
            "plānots", "plānota", "plānoti", "ieplānots", "ieplānota", "ieplānoti", "iecerēts", "iecerēta", "iecerēti", "paredzēts",
            "paredzēta", "paredzēti", "plan",
        ),
    },
}  # fmt: skip
_LONGEST: Final = {"building": 60, "name": 200, "municipality": 100}
_NUMBER: Final = NumberFormat(thousands=SPACES, example="1234,5")
#: Bounds of numbers: lowest, highest, and whether the lowest itself is allowed.
BOUNDS: Final[Mapping[str, tuple[float, float, bool]]] = {
    "area_m2": (0.0, 1e6, False),
    "heat_mwh": (0.0, 1e6, True),
    "electricity_mwh": (0.0, 1e6, True),
    "degree_days": (500.0, 9000.0, True),
    "cost_eur": (0.0, 1e9, False),
    "saving_pct": (0.0, 100.0, False),
    "saving_mwh": (0.0, 1e6, False),
    "year": (1990.0, 2100.0, True),
    "year_built": (1200.0, 2100.0, True),
}
WHOLE_COLUMNS: Final = frozenset({"year", "year_built"})


def guess_columns(headings: Sequence[str], columns: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Which heading means which column.

    Parameters
    ----------
    headings : sequence of str
        Headings of a sheet.
    columns : mapping
        `REGISTER_COLUMNS` or `MEASURE_COLUMNS`.

    Returns
    -------
    dict of str to str
        Heading by column; columns for which there is none are left out. A heading that is written like a synonym goes before one
        that only begins like it ("Apkurināmā platība, m²").
    """
    found: dict[str, str] = {}
    for is_exact in (True, False):
        for column, words in columns.items():
            spellings = tuple(_plain(word) + ("" if is_exact else " ") for word in words)
            for heading in headings:
                is_free = column not in found and heading not in found.values()
                text = _plain(heading)
                if is_free and (text in spellings if is_exact else text.startswith(spellings)):
                    found[column] = heading
    return found


def _plain(heading: str) -> str:
    """A heading as it is compared; the sign of per cent is a word, or two columns could not be told apart."""
    return plain_text(heading.replace("%", " pct "))


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN or pandas' NA."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _text(column: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # a spreadsheet makes 12.0 of the id 12
        text = "" if is_missing(value) else " ".join(str(value).split())
        if not text and column != "municipality":
            raise ValueError("this is empty; fill it in")
        if len(text) > _LONGEST[column]:
            raise ValueError(f"{len(text)} characters; at most {_LONGEST[column]} are allowed")
        return text

    return read


def _word(column: str) -> Callable[[Any], str]:
    words = REGISTER_WORDS[column]
    known = {plain_text(spelling): word for word, others in words.items() for spelling in (word, *others)}

    def read(value: Any) -> str:
        found = known.get(plain_text("" if is_missing(value) else str(value)))
        if found is None:
            listed = ", ".join(f"{word} ({others[0]})" for word, others in words.items())
            raise ValueError(f"{str(value)!r:.80} is not known here; known are {listed}")
        return found

    return read


def _number(column: str) -> Callable[[Any], float]:
    low, high, is_low_allowed = BOUNDS[column]
    allowed = f"{'from' if is_low_allowed else 'more than'} {low:g}, at most {high:g}"

    def read(value: Any) -> float:
        number = _as_number(value)
        if math.isnan(number):
            if column == "area_m2":
                raise ValueError("this is empty; without the floor area nothing can be compared")
            return number
        if not (low <= number <= high) or (number == low and not is_low_allowed):
            raise ValueError(f"{number:g} cannot be; allowed is {allowed}")
        if column in WHOLE_COLUMNS and not number.is_integer():
            raise ValueError(f"{number:g} is not a year")
        return number

    return read


def _as_number(value: Any) -> float:
    if is_missing(value):
        return math.nan
    if isinstance(value, bool):
        raise ValueError(f"{value} is not a number")
    if isinstance(value, (int, float)):
        return float(value)
    text = str(value).strip()
    if text in SYMBOLS:
        return math.nan
    return parse_number(text.replace(",", "."), _NUMBER)


#: What reads a cell of each column; it raises ValueError with what is wrong.
CELLS: Final[Mapping[str, Callable[[Any], Any]]] = {
    **{column: _text(column) for column in _LONGEST},
    **{column: _word(column) for column in REGISTER_WORDS},
    **{column: _number(column) for column in BOUNDS},
}
