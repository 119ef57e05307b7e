"""Tables of need, and of cost, access, quality and demography in one reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from benchlib.comparison import EqualisedCost
from benchlib.comparison.doubts import NO_DOUBTS, Doubts
from benchlib.indicators import Passport
from benchlib.reporting.blocks import Cell, Column, Table
from benchlib.reporting.compose import table
from benchlib.reporting.tables.municipality import light_word
from benchlib.reporting.texts.need import equalised_note
from benchlib.reporting.texts.services.reading import dimension_words, table_notes
from benchlib.reporting.values import (
    cost_mark,
    cost_note,
    doubt_note,
    label_with_unit,
    marked,
    ranked,
    short_value,
)
from benchlib.reporting.words import Words

if TYPE_CHECKING:  # both load statsmodels, which a report without them does not need
    from benchlib.comparison import NeedResult, ServiceReading

_DASH: Final = "–"
#: The dimensions with a good and a bad, in their order.
JUDGED: Final = ("cost", "coverage", "quality")


def reading(
    found: ServiceReading,
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
    *,
    only: Collection[str] = (),
    doubts: Doubts = NO_DOUBTS,
) -> Table:
    """Cost, cost adjusted for demography, access, quality and the place in all of them, a row per municipality.

    Parameters
    ----------
    found : ServiceReading
        From `comparison.service_reading`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.
    only : collection of str
        Codes to show, all if empty. Lights and ranks are those among all in any case.
    doubts : frozenset of (str, int, str)
        From `comparison.doubtful_figures`; these, and what is adjusted of them, get their mark.

    Returns
    -------
    Table
    """
    _ = words.gettext
    shown = [i for dimension in JUDGED for i in found.indicators[dimension]]
    columns = [Column("name", _("Municipality"), is_row_header=True)]
    columns += [Column(i, _label(found, i, passports, words), align="right") for i in shown]
    if found.need is not None:
        columns.insert(2, Column("adjusted", _("Adjusted for demography (interval)") + "†", align="right"))
    if found.composite is not None:
        columns.append(Column("place", _("All together: rank"), align="right"))
    places, adjusted = _places(found, words), _adjusted(found, passports, doubts, words)
    codes = [code for code in found.units if not only or code in only]
    rows = [
        {
            "name": names[code],
            **{i: _judged(found.cell(i, code), passports[i], doubts, words) for i in shown},
            "adjusted": adjusted.get(code, _DASH),
            "place": places.get(code, _DASH),
        }
        for code in codes
    ]
    caption = _("Cost, access and quality of all municipalities, the best in all together first")
    if only:
        caption = _("Cost, access and quality of the region's municipalities among all, the best in all together first")
    notes = table_notes(found, words, has_doubts=_has_doubts(found, shown, codes, doubts))
    return table(columns, rows, caption=caption, note=" ".join(notes))


def reading_ranks(
    found: ServiceReading,
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
    *,
    only: Collection[str] = (),
    doubts: Doubts = NO_DOUBTS,
) -> Table:
    """Ranks among all in cost, access and quality with the range of the years around, beside the figures on demography.

    Parameters
    ----------
    found : ServiceReading
        From `comparison.service_reading`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.
    only : collection of str
        Codes to show, all if empty.
    doubts : frozenset of (str, int, str)
        From `comparison.doubtful_figures`; these, and their ranks, get their mark.

    Returns
    -------
    Table
    """
    _ = words.gettext
    judged = [i for dimension in JUDGED for i in found.indicators[dimension]]
    demography = found.indicators["demography"]
    columns = [Column("name", _("Municipality"), is_row_header=True)]
    columns += [Column(i, _label(found, i, passports, words), align="right") for i in judged]
    columns += [
        Column(i, f"{label_with_unit(passports[i], words)}, {found.years[i]}", align="right") for i in demography
    ]
    codes = [code for code in found.units if not only or code in only]
    rows = [
        {
            "name": names[code],
            **{i: _ranked(found.cell(i, code), doubts, words) for i in judged},
            **{i: _value(found.cell(i, code), passports[i], doubts, words) for i in demography},
        }
        for code in codes
    ]
    has_doubts = _has_doubts(found, [*judged, *demography], codes, doubts)
    remark = _("In brackets: best and worst rank in the years around, or that there is one year only.")
    remarks = " ".join([remark, *([doubt_note(words)] if has_doubts else []), cost_note(words)])
    return table(columns, rows, caption=_("Ranks among all municipalities, and demography"), note=remarks)


def _label(found: ServiceReading, indicator: str, passports: Mapping[str, Passport], words: Words) -> str:
    """The dimension where one indicator stands for it, else the indicator."""
    passport = passports[indicator]
    dimension = next(d for d, ids in found.indicators.items() if indicator in ids)
    if len(found.indicators[dimension]) == 1:
        return dimension_words(words)[dimension] + cost_mark(passport)
    return label_with_unit(passport, words) + cost_mark(passport)


def _is_doubtful(row: pd.Series, doubts: Doubts) -> bool:
    return (row["indicator"], int(row["year"]), row["territory"]) in doubts and not np.isnan(row["value"])


def _has_doubts(found: ServiceReading, shown: Collection[str], codes: Collection[str], doubts: Doubts) -> bool:
    return any(_is_doubtful(found.cell(indicator, code), doubts) for indicator in shown for code in codes)


def _value(row: pd.Series, passport: Passport, doubts: Doubts, words: Words) -> str:
    return marked(short_value(row["value"], passport, words), _is_doubtful(row, doubts))


def _judged(row: pd.Series, passport: Passport, doubts: Doubts, words: Words) -> Cell:
    """A figure with its light."""
    if np.isnan(row["value"]):
        return Cell(words.missing, "none", "")
    return Cell(_value(row, passport, doubts, words), row["light"], light_word(row["light"], words))


def _ranked(row: pd.Series, doubts: Doubts, words: Words) -> str:
    """A rank among all with its range."""
    if np.isnan(row["rank"]):
        return words.missing if np.isnan(row["value"]) else _DASH
    return marked(_breakable(row, row["members_with_figure"], words), _is_doubtful(row, doubts))


def _breakable(row: Any, count: int, words: Words) -> str:
    """A rank whose range may stand on a line of its own: several share the width of the page."""
    among = row.get("fewest_members"), row.get("most_members")
    rank = ranked(row["rank"], row["rank_low"], row["rank_high"], count, words, among=among)
    return rank.replace("\N{NO-BREAK SPACE}(", " (")


def _places(found: ServiceReading, words: Words) -> dict[str, str]:
    """Rank in the composite with its range under other weights."""
    if found.composite is None:
        return {}
    scores = found.composite.scores.dropna(subset="rank")
    return {str(row["unit"]): _breakable(row, len(scores), words) for row in scores.to_dict("records")}


def _adjusted(found: ServiceReading, passports: Mapping[str, Passport], doubts: Doubts, words: Words) -> dict[str, str]:
    """Adjusted costs with their interval in brackets, the unit written once."""
    if found.need is None:
        return {}
    passport, shown = passports[found.need.indicator], {}
    for row in found.need.table.dropna(subset="adjusted").to_dict("records"):
        value = short_value(row["adjusted"], passport, words)
        ends = words.interval(row["adjusted_low"], row["adjusted_high"], passport.decimals)
        code = str(row["territory"])
        shown[code] = f"{marked(value, _is_doubtful(found.cell(passport.id, code), doubts))} ({ends})"
    return shown


def conditions(need: NeedResult | None, passports: Mapping[str, Passport], words: Words) -> Table | None:
    """What each condition goes with in the cost.

    Parameters
    ----------
    need : NeedResult or None
        From `comparison.need_adjusted_cost`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None where nothing could be estimated.
    """
    if need is None:
        return None
    _ = words.gettext
    cost = passports[need.indicator]
    columns = [
        Column("term", _("Condition"), is_row_header=True),
        Column("meaning", _("When it is greater by")),
        Column("change", _("the cost changes by"), align="right"),
        Column("interval", _("95% interval"), align="right"),
    ]
    rows = [
        {
            "term": f"{label_with_unit(passports[row['term']], words)}, {need.years[row['term']]}",
            "meaning": _("a doubling")
            if row["is_logarithmic"]
            else _("{step} (standard deviation)").format(step=short_value(row["usual"], passports[row["term"]], words)),
            "change": words.euro(row["estimate"] * _scale(row), cost.decimals, sign=True),
            "interval": _("{low} to {high}").format(
                **{end: words.euro(row[end] * _scale(row), cost.decimals, sign=True) for end in ("low", "high")}
            ),
        }
        for row in need.coefficients.loc[need.coefficients["term"] != "constant"].to_dict("records")
    ]
    caption = _("Conditions and cost: what goes together, other conditions being equal")
    robust = _(
        "A connection is not a cause. Intervals are robust against unequal variation (HC3); {n} municipalities."
    ).format(n=words.number(need.units))
    return table(columns, rows, caption=caption, note=robust)


def _scale(row: Mapping[Any, Any]) -> float:
    """From a coefficient to what a step that a reader can picture goes with: a doubling, or a usual difference."""
    return float(np.log(2.0)) if row["is_logarithmic"] else float(row["usual"])


def equalised(
    found: EqualisedCost,
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
    *,
    only: Collection[str] = (),
) -> Table:
    """Expenditure for each equalised unit beside the plain unit cost, the dearest first.

    Parameters
    ----------
    found : EqualisedCost
        From `comparison.equalised_cost`.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.
    only : collection of str
        Codes to show, all if empty.

    Returns
    -------
    Table
    """
    _ = words.gettext
    passport = passports[found.indicator]
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("cost", f"{label_with_unit(passport, words)}{cost_mark(passport)}, {found.year}", align="right"),
        Column("units", _("Equalised units"), align="right"),
        Column("each", _("Expenditure per equalised unit") + cost_mark(passport), align="right"),
    ]
    ordered = found.table.sort_values(["cost_per_unit_eur", "territory"], ascending=[False, True])
    rows = [
        {
            "name": names[str(row["territory"])],
            "cost": short_value(row["cost"], passport, words),
            "units": words.number(row["units"]),
            "each": words.euro(row["cost_per_unit_eur"], 2),
        }
        for row in ordered.to_dict("records")
        if not only or row["territory"] in only
    ]
    caption = _("Expenditure per equalised unit (to be verified)")
    if found.units.key.is_verified:
        caption = _("Expenditure per equalised unit")
    return table(columns, rows, caption=caption, note=f"{equalised_note(found, passports, words)} {cost_note(words)}")
