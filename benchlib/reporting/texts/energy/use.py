"""How the use of energy developed, how the buildings stand among their like, and what that is worth."""

from __future__ import annotations

import pandas as pd

from benchlib.comparison import EnergyChange, EnergyUse
from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.reporting.energy_words import capital, measured, ranged, round_amount, round_euro, type_word
from benchlib.reporting.texts.energy.change import (
    certainty_sentence,
    change_sentence,
    electricity_sentence,
    errors_sentence,
)
from benchlib.reporting.values import listed
from benchlib.reporting.words import Words


def range_gap_sentence(use: EnergyUse, words: Words) -> str:
    """Why no figure of the report has a range; "" if they have, or if there is no figure to have one.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    texts = {
        "one year": _(
            "There are no ranges: up to {year} the register has figures for one year only, so how far they move from year to year is not "
            "known."
        ),
        "few pairs": _(
            "There are no ranges: too few buildings have two ordinary years in a row, so how far figures move from year to year is not "
            "known."
        ),
    }
    return texts.get(use.range_gap, "").format(year=use.year)


def trend_sentences(use: EnergyUse, change: EnergyChange | None, words: Words) -> list[str]:
    """How the use of the same buildings changed, with and without the weather, how sure that is, and what no range holds.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    change : EnergyChange or None
        From `comparison.energy_change`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    sentences = [_("There are too few years with corrected figures to speak of a development.")]
    if change is None:
        return sentences
    if change.buildings:
        sentences = [
            change_sentence(change, words),
            certainty_sentence(change, words),
            range_gap_sentence(use, words),
            errors_sentence(change, words),
        ]
    if change.electricity_buildings:
        sentences.append(electricity_sentence(change, words))
    return [sentence for sentence in sentences if sentence]


def trend_texts(trend: pd.DataFrame, words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of the development.

    Parameters
    ----------
    trend : pandas.DataFrame
        From `comparison.energy_trend`.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    line = _("{year}: {raw} MWh measured, {corrected} MWh in normal weather")
    years = [
        line.format(year=row["year"], raw=words.number(row["heat_mwh"]), corrected=words.number(row["corrected_mwh"]))
        for row in trend.dropna(subset="corrected_mwh").to_dict("records")
    ]
    return {
        "alt": _("Use of heat of the same buildings year by year. {years}.").format(years="; ".join(years)),
        "caption": _(
            "Dashed: as measured. Solid: as it would have been in a year of normal weather. The same buildings in all years."
        ),
    }


def type_sentences(use: EnergyUse, words: Words) -> list[str]:
    """Median and best quarter of each type, with the interval of the median; who is too few to be compared.

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
    sentences = []
    if use.types["median"].notna().any():
        text = _(
            "Half of the buildings of a type use no more than its median, a quarter no more than the line of the best quarter. So few "
            "buildings tell only roughly what is usual for such buildings: the intervals in the table say how roughly."
        )
        sentences.append(text)
    few = [type_word(row["type"], words) for row in use.types.loc[use.types["median"].isna()].to_dict("records")]
    if few:
        text = _("No comparison is made for types with fewer than {least} buildings with figures: {types}.")
        sentences.append(text.format(least=MINIMUM_MEMBERS, types=listed(few, words)))
    return [*sentences, *_reference(use, words)]


def _reference(use: EnergyUse, words: Words) -> list[str]:
    """What is known of buildings in Latvia."""
    _ = words.gettext
    named = {"reference_education": _("educational buildings"), "reference_offices": _("offices")}
    parts = [
        f"{name} – {measured(use.basis.value(id), 'kWh/m²', words)}"
        for id, name in named.items()
        if id in use.basis.factors
    ]
    text = _(
        "To see this in proportion, the means of energy certificates in Latvia, figures of 2018: {parts}. These are for heating alone; the "
        "figures here include hot water."
    )
    return [text.format(parts=listed(parts, words))] if parts else []


def use_texts(use: EnergyUse, words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of buildings by type.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    lines = []
    for type_, part in use.buildings.groupby("type", sort=False):
        known = part.dropna(subset="value").sort_values("value", kind="stable")
        if known.empty:
            continue
        low, high = known.iloc[0], known.iloc[-1]
        text = _("{type}: from {low} ({low_name}) to {high} kWh/m² ({high_name})")
        if len(known) == 1:
            text = _("{type}: {high} kWh/m² ({high_name})")
        lines.append(
            text.format(
                type=capital(type_word(str(type_), words)),
                low=words.number(low["value"]),
                low_name=low["name"],
                high=words.number(high["value"]),
                high_name=high["name"],
            )
        )
    caption = _(
        "Dot: heat of {year} in normal weather; band: its range; black line: median of the type; dashed: its best quarter. Types with "
        "fewer than four buildings have neither."
    )
    if use.range_gap:
        caption = _(
            "Dot: heat of {year} in normal weather, without a range; black line: median of the type; dashed: its best quarter. Types "
            "with fewer than four buildings have neither."
        )
    if not lines:
        lines = [_("No building has a figure that could be compared")]
    return {
        "alt": _("Heat per square metre, building by building. {lines}.").format(lines="; ".join(lines)),
        "caption": caption.format(year=use.year),
    }


def potential_sentences(use: EnergyUse, words: Words) -> list[str]:
    """What reaching the median or the best quarter of the type would save, with its range.

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
    above = use.buildings.loc[use.buildings["saving_median_mwh"] > 0]
    if above.empty:
        return [nothing_above(use, words)]
    sentences = []
    for goal, text in (
        (
            "median",
            _(
                "If every building above the median of its type came down to it: {mwh}, {money} and {co2} of CO₂ a year less."
            ),
        ),
        (
            "best",
            _(
                "If every building came down to the best quarter of its type: {mwh}, {money} and {co2} of CO₂ a year less."
            ),
        ),
    ):
        saved = use.potential(goal)
        co2 = round_amount(saved["co2_t"], "t", words, 1, ends=(saved["low_co2_t"], saved["high_co2_t"]))
        sentences.append(text.format(mwh=saving_text(saved, words), money=saving_money(saved, words), co2=co2))
    if use.range_gap:
        return [*sentences, range_gap_sentence(use, words)]
    sure = int((above["saving_median_low_mwh"] > 0).sum())
    text = words.ngettext(
        "Of the {n} building above the median, {sure} lies there with its whole range; against the far end of the median's own interval "
        "{widest} still does.",
        "Of the {n} buildings above the median, {sure} lie there with their whole range; against the far end of the median's own "
        "interval {widest} still do.",
        len(above),
    )
    return [
        *sentences,
        text.format(n=len(above), sure=sure, widest=int((above["saving_median_least_mwh"] > 0).sum())),
    ]


def nothing_above(use: EnergyUse, words: Words) -> str:
    """Why no building is above the median of its type: none is, or no type can be compared."""
    _ = words.gettext
    if use.types["median"].isna().all():
        return _("No type has enough buildings with figures to be compared.")
    return _("No building uses more than the median of its type.")


def saving_text(saved: dict[str, float], words: Words) -> str:
    """A saving of heat with its range, from `EnergyUse.potential`."""
    low, high = saved["low_mwh"], saved["high_mwh"]
    text = round_amount(saved["mwh"], "MWh", words, ends=(low, high))
    return ranged(text, low, high, words) if low != low or high != high else text


def saving_money(saved: dict[str, float], words: Words) -> str:
    """What a saving of heat is worth, with its range, from `EnergyUse.potential`; `saving_text` before it says if there is none."""
    return round_euro(saved["eur"], words, ends=(saved["low_eur"], saved["high_eur"]))
