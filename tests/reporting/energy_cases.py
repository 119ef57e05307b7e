"""Building registers for the tests of the energy overview: the shipped one, and some that lack this or that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from benchlib import comparison
from benchlib.comparison import EnergyChange, EnergyUse
from benchlib.indicators import load_factors, load_register
from benchlib.reporting import Words, tables, texts
from benchlib.reporting.blocks import Table
from tests.comparison.registers import measure, rows_of, used

HOSTILE = "<script>alert(1)</script> **x** {m} $y$ \u202e =1+1"


def with_area(building: str, *areas: float) -> list[dict[str, Any]]:
    """Return the rows of a building whose heated area is another from year to year."""
    rows = rows_of(building, [100.0] * len(areas))
    return [{**row, "area_m2": area} for row, area in zip(rows, areas, strict=True)]


def _hostile() -> EnergyUse:
    rows = [row for k in range(5) for row in rows_of(f"h{k}", [100 + 20 * k] * 3)]
    for row in rows:
        row["name"] = f"{HOSTILE} {row['building']}"
    plans = [measure("h4", "walls", "planned", cost_eur=5_000, saving_pct=20)]
    works = [measure("h1", "walls", "done", year=2022, saving_pct=5)]
    return used(rows, [*plans, *works], year=2023)


def _demo(year: int) -> EnergyUse:
    return comparison.energy_use(load_register("demo"), comparison.energy_basis(load_factors()), year)


def _two_years() -> EnergyUse:
    """A register of one building with two years around works: a change, but nothing that tells how sure it is."""
    works = [measure("a", "walls", "done", year=2022, saving_pct=40), measure("a", "lighting", "done", year=2022)]
    return used(rows_of("a", [100, 80, 66]), works, year=2023)


def _few_pairs() -> EnergyUse:
    """Four schools with two years each: compared, but with four pairs of years only."""
    rows = [row for k in range(4) for row in rows_of(f"s{k}", [100 + 20 * k, 98 + 20 * k])]
    return used(rows, year=2022)


def _steady(heat: tuple[float, ...]) -> EnergyUse:
    """Forty schools that change alike."""
    return used([row for k in range(40) for row in rows_of(f"b{k}", heat)], year=2023)


MAKERS = {
    "demo": lambda: _demo(2024),
    "one year": lambda: _demo(2021),
    "two years": _two_years,
    "few pairs": _few_pairs,
    "no electricity": lambda: used(rows_of("a", [100, 110], electricity_mwh=None), year=2022),
    "lower": lambda: _steady((100, 80, 64)),
    "usual": lambda: _steady((100, 101, 100)),
    "one building": lambda: used(rows_of("a", [100])),
    "no degree days": lambda: used(rows_of("a", [100, 110], degree_days=None), year=2022),
    "no heat": lambda: used([*rows_of("a", [None]), *rows_of("b", [None])]),
    "implausible": lambda: used([*rows_of("a", [2]), *rows_of("b", [5000])]),
    "odd area": lambda: used(with_area("b", 1000, 99999, 1000), year=2022),
    "unknown measures": lambda: used(
        rows_of("a", [100]), [measure("a", "walls", "planned"), measure("a", "lighting", "done", year=2021)]
    ),
    "hostile": _hostile,
}


@dataclass(frozen=True)
class Case:
    use: EnergyUse
    trend: pd.DataFrame
    change: EnergyChange | None
    works: pd.DataFrame
    measures: pd.DataFrame
    kinds: pd.DataFrame
    first: dict[str, pd.DataFrame]


@cache
def case(name: str) -> Case:
    use = MAKERS[name]()
    measures = comparison.energy_measures(use)
    return Case(
        use,
        comparison.energy_trend(use),
        comparison.energy_change(use),
        comparison.energy_before_after(use),
        measures,
        comparison.energy_kinds(measures),
        comparison.energy_priorities(use, measures),
    )


def every_text(it: Case, words: Words) -> Iterator[tuple[str, str]]:
    """Name of the function and each of its texts, as the notebook calls them."""
    use, energy = it.use, texts.energy
    yield "title", energy.title(use.register, use.year, words)
    several = {
        "summary": energy.summary(use, it.change, it.works, it.first, words),
        "stock": energy.stock_sentences(use, words),
        "facts": [f"{f.label}: {f.value} ({f.detail})" for f in energy.facts(use, words)],
        "cost": [energy.cost_note(use, words)],
        "trend": energy.trend_sentences(use, it.change, words),
        "types": energy.type_sentences(use, words),
        "potential": energy.potential_sentences(use, words),
        "done": energy.done_sentences(it.works, words),
        "planned": energy.planned_sentences(it.measures, words),
        "priorities": energy.priority_bullets(use, it.first, it.works, words),
        "doubts": energy.doubt_bullets(use, words),
        "method": energy.method_bullets(use, 20, 20, words),
    }
    pictures = {
        "use figure": energy.use_texts(use, words),
        "trend figure": energy.trend_texts(it.trend, words),
        "works figure": energy.done_texts(it.works, words),
        "payback figure": energy.payback_texts(it.measures, 20, 20, words),
    }
    yield from ((name, text) for name, sentences in several.items() for text in sentences)
    yield from ((f"{name}, {part}", text) for name, pair in pictures.items() for part, text in pair.items())
    if sentence := energy.kinds_sentence(it.kinds, words):
        yield "kinds", sentence


def every_table(it: Case, words: Words) -> dict[str, Table]:
    use, energy = it.use, tables.energy
    shown = {
        "stock": energy.stock(use, words),
        "types": energy.types(use, words),
        "worst": energy.worst(use, words),
        "done": energy.done(it.works, words),
        "planned": energy.planned(it.measures, words),
        "kinds": energy.kinds(it.kinds, words),
        "factors": energy.factors(use, words),
        "source": energy.source(use, words),
    }
    return {name: block for name, block in shown.items() if block is not None}
