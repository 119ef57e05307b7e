"""How the use of energy developed, how the buildings stand among their like, and what that is worth."""

from __future__ import annotations

import pandas as pd

from benchlib.comparison import EnergyChange, EnergyUse
from benchlib.comparison.ranks import MINIMUM_MEMBERS
from benchlib.reporting.energy_words import capital, measured, type_word, with_range
from benchlib.reporting.values import listed
from benchlib.reporting.words import Words


def trend_sentences(change: EnergyChange | None, words: Words) -> list[str]:
    """How the use of the same buildings changed, with and without the weather.

    Parameters
    ----------
    change : EnergyChange or None
        From `comparison.energy_change`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    if change is None:
        return [_("There are too few years with corrected figures to speak of a development.")]
    sentences = [change_sentence(change, words)]
    if change.low_pct <= 0 <= change.high_pct:
        sentences.append(_("That is within what buildings move from year to year anyway."))
    if change.electricity_buildings:
        text = words.ngettext(
            "The use of electricity changed by {pct} ({n} building; not corrected).",
            "The use of electricity changed by {pct} ({n} buildings; not corrected).",
            change.electricity_buildings,
        )
        pct = words.percent(change.electricity_pct, 0, sign=True)
        sentences.append(text.format(pct=pct, n=change.electricity_buildings))
    return sentences


def change_sentence(change: EnergyChange, words: Words) -> str:
    """Change of the use of heat between two years, as measured and in normal weather, with its range."""
    text = words.ngettext(
        "From {first} to {last} the use of heat changed by {raw} as measured, in normal weather by **{corrected}** ({n} building with "
        "figures for all years).",
        "From {first} to {last} the use of heat changed by {raw} as measured, in normal weather by **{corrected}** ({n} buildings with "
        "figures for all years).",
        change.buildings,
    )
    corrected = words.percent(change.corrected_pct, 0, sign=True)
    return text.format(
        first=change.first,
        last=change.last,
        raw=words.percent(change.raw_pct, 0, sign=True),
        corrected=with_range(corrected, change.low_pct, change.high_pct, words),
        n=change.buildings,
    )


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
        lines.append(
            _("{type}: from {low} ({low_name}) to {high} kWh/m² ({high_name})").format(
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
        money = with_range(words.euro(saved["eur"]), saved["low_eur"], saved["high_eur"], words)
        sentences.append(
            text.format(mwh=saving_text(saved, words), money=money, co2=measured(saved["co2_t"], "t", words, 1))
        )
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
    return with_range(measured(saved["mwh"], "MWh", words), saved["low_mwh"], saved["high_mwh"], words)
