"""What is missing or doubtful in a register of buildings, and how the figures of the report come about."""

from __future__ import annotations

import pandas as pd

from benchlib.comparison import EnergyUse
from benchlib.comparison.energy.basis import DEGREE_DAYS_ERROR, LEVEL, SHARE_ERROR
from benchlib.indicators.buildings.register import PLAUSIBLE_ELECTRICITY_KWH_M2, PLAUSIBLE_KWH_M2, area_jumps
from benchlib.reporting.energy_words import measured
from benchlib.reporting.texts.energy.use import range_gap_sentence
from benchlib.reporting.values import some_listed
from benchlib.reporting.words import Words


def doubt_bullets(use: EnergyUse, words: Words) -> list[str]:
    """Everything a reader must know before trusting the figures.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    doubts, names = use.register.doubts, use.register.names
    texts = (
        ("no_years", _("Without figures for any year: {names}.")),
        ("no_heat", _("The figure of heat is missing: {names}.")),
        ("no_electricity", _("The figure of electricity is missing: {names}.")),
        ("no_degree_days", _("Degree days are missing, so that the use of heat stays uncorrected and is not compared: {names}.")),
        ("implausible_heat", _("The figure of heat cannot be right and is used nowhere ({bounds} kWh/m² would be plausible): {names}.")),
        ("implausible_electricity",
         _("The figure of electricity cannot be right and is used nowhere ({bounds} kWh/m² would be plausible): {names}.")),
    )  # fmt: skip
    bullets = []
    for doubt, text in texts:
        is_heat = doubt == "implausible_heat"
        bounds = words.interval(*(PLAUSIBLE_KWH_M2 if is_heat else PLAUSIBLE_ELECTRICITY_KWH_M2), 0 if is_heat else 1)
        shown = [_where(row, names, words) for row in doubts.loc[doubts["doubt"] == doubt].to_dict("records")]
        if shown:
            bullets.append(text.format(names=some_listed(shown, words), bounds=bounds))
    bullets += _area_bullets(use, words)
    if use.range_gap:
        bullets += [text for text in [range_gap_sentence(use, words)] if text]
    electric = use.buildings.loc[use.buildings["heat_source"] == "electricity", "name"]
    if len(electric):
        text = _(
            "Heated by electricity, which counts as it is metered; a heat pump gives more heat than that, so these look better: {names}."
        )
        bullets.append(text.format(names=some_listed(list(electric), words)))
    fuels = use.buildings.loc[use.buildings["heat_source"].isin(("natural_gas", "wood", "oil")), "name"]
    if len(fuels):
        text = _(
            "Heated by a boiler of their own: {n} of {all} buildings. If the register counts fuel, the boiler's losses are in it; with "
            "district heat they are not."
        )
        bullets.append(text.format(n=len(fuels), all=len(use.buildings)))
    bullets.append(
        _(
            "Size, hours of use and room temperature differ between buildings of a type; the comparison does not know them."
        )
    )
    unchecked = [f for f in use.factors_used if not f.verified and f.id not in use.basis.given]
    if unchecked:
        text = _(
            "{n} of {all} factors are assumptions or were not held against their source; the table of factors names them."
        )
        bullets.append(text.format(n=len(unchecked), all=len(use.factors_used)))
    return bullets


def _area_bullets(use: EnergyUse, words: Words) -> list[str]:
    """Heated areas that differ much between the years of a building, odd ones and lasting changes apart."""
    _ = words.gettext
    texts = (
        (True, _("The heated area differs by more than half from that of the other years; neither it nor the figure of heat of that year "
                 "is used: {names}.")),
        (False, _("The heated area has changed by more than half, so that total use before and after cannot be compared as it is: "
                  "{names}.")),
    )  # fmt: skip
    names, jumps, bullets = use.register.names, area_jumps(use.register.buildings), []
    for is_odd, text in texts:
        shown = [
            f"{names[j.building]} ({j.other_year}: {measured(j.other_m2, 'm²', words)}, {j.year}: {measured(j.area_m2, 'm²', words)})"
            for j in jumps
            if j.is_odd == is_odd
        ]
        if shown:
            bullets.append(text.format(names=some_listed(shown, words)))
    return bullets


def _where(row: dict, names: dict[str, str], words: Words) -> str:  # type: ignore[type-arg]
    name = names[row["building"]]
    if pd.isna(row["year"]):
        return name
    value = "" if pd.isna(row["value"]) else f": {measured(row['value'], 'kWh/m²', words)}"
    return f"{name} ({row['year']}{value})"


def method_bullets(use: EnergyUse, saving_margin: int, price_margin: int, words: Words) -> list[str]:
    """How the figures come about, in plain words.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    saving_margin, price_margin : int
        Per cent by which saving and price may miss what is expected.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    payback = _(
        "**Payback**: cost divided by the saving of a year, without interest, rising prices or upkeep. The range lets saving and price "
        "miss by {saving} and {price}, both in the same direction."
    )
    if saving_margin == price_margin:
        payback = _(
            "**Payback**: cost divided by the saving of a year, without interest, rising prices or upkeep. The range lets saving and "
            "price each miss by {saving}, both in the same direction."
        )
    saving, price = (words.percent(margin, 0) for margin in (saving_margin, price_margin))
    bullets = [
        _weather(use, words),
        _movement(use, words),
        _(
            "**Median and best quarter** are those of the buildings of this register, the building itself included. The interval of the "
            "median lies between two buildings in their order (David and Nagaraja, Order Statistics, 2003, section 7.1)."
        ),
        _(
            "**Before and after**: means of the full years on either side of the works in normal weather; measures of one year count "
            "together. Shares that are expected act one after the other: 30 % and 10 % are 37 %."
        ),
        payback.format(saving=saving, price=price),
        _("**Carbon dioxide**: use times the factor of the source of heat; what is not known stays unknown."),
    ]
    return [bullet for bullet in bullets if bullet]


def _weather(use: EnergyUse, words: Words) -> str:
    _ = words.gettext
    formula = _(
        "**Normal weather**: use × (w + (1 − w) × {normal} / degree days of the year), where w is the share of hot water, which does "
        "not follow the weather (T. Day, Degree-days: theory and application, CIBSE TM41, 2006)."
    ).format(normal=words.number(use.basis.degree_days))
    if use.share_error_pct == use.share_error_pct:
        text = _(
            "The corrected use of {year} would be changed by degree days that are {days} off by at most {days_error}, by a share that is "
            "{share} points off by at most {share_error}. Such errors are assumed here; no range holds them."
        )
        formula += " " + text.format(
            year=use.year,
            days=words.percent(DEGREE_DAYS_ERROR, 0),
            days_error=words.percent(use.degree_days_error_pct, 1),
            share=words.number(SHARE_ERROR),
            share_error=words.percent(use.share_error_pct, 1),
        )
    return formula


def _movement(use: EnergyUse, words: Words) -> str:
    _ = words.gettext
    if use.range_gap == "one year":
        text = _("**Ranges** are not given: up to {year} the register has figures for one year only.")
        return text.format(year=use.year)
    if use.range_gap:
        return _("**Ranges** are not given: too few buildings have two ordinary years in a row.")
    text = _(
        "**Ranges**: in ordinary years a building's use in normal weather misses its own level by about {movement} (median of the "
        "register). A range covers what that does in {level} of cases, and at least what was measured since the last works. For all "
        "buildings together it is reckoned as if each building moved apart from the others."
    )
    return text.format(movement=words.percent(100.0 * use.movement, 1), level=words.percent(100.0 * LEVEL, 0))
