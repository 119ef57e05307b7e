"""The overview of energy-efficiency measures: what there is, how much it uses, and how the buildings stand among their like."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchlib.comparison import EnergyChange, EnergyUse
from benchlib.indicators import Register
from benchlib.reporting.blocks import Fact
from benchlib.reporting.energy_words import measured, round_amount, round_euro, type_word
from benchlib.reporting.texts.energy.change import certainty_sentence, change_sentence
from benchlib.reporting.texts.energy.doubts import doubt_bullets, method_bullets
from benchlib.reporting.texts.energy.measures import (
    done_sentences,
    done_texts,
    kinds_sentence,
    payback_texts,
    planned_sentences,
    priority_bullets,
)
from benchlib.reporting.texts.energy.use import (
    potential_sentences,
    range_gap_sentence,
    saving_money,
    saving_text,
    trend_sentences,
    trend_texts,
    type_sentences,
    use_texts,
)
from benchlib.reporting.values import listed, some_listed
from benchlib.reporting.words import MISSING, Words

__all__ = [
    "cost_note",
    "done_sentences",
    "done_texts",
    "doubt_bullets",
    "facts",
    "invented_note",
    "kinds_sentence",
    "method_bullets",
    "payback_texts",
    "planned_sentences",
    "potential_sentences",
    "priority_bullets",
    "stock_sentences",
    "summary",
    "title",
    "trend_sentences",
    "trend_texts",
    "type_sentences",
    "use_texts",
]


def title(register: Register, year: int, words: Words) -> str:
    """Title of the report.

    Parameters
    ----------
    register : Register
        The buildings.
    year : int
        Year of the report.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    text = words.gettext("Energy efficiency of municipal buildings: {municipality}, {year}")
    return text.format(municipality=register.about.municipality[words.language], year=year)


def invented_note(register: Register, words: Words) -> str:
    """What is invented; "" if the register is a real one."""
    if not register.about.is_invented:
        return ""
    return words.gettext(
        "There is no such municipality: its buildings, their use of energy, the costs and the measures are made up. The report "
        "shows what an overview of your own register will look like."
    )


def summary(
    use: EnergyUse,
    change: EnergyChange | None,
    done: pd.DataFrame,
    first: Mapping[str, pd.DataFrame],
    words: Words,
) -> list[str]:
    """The report in a few points.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    change : EnergyChange or None
        From `comparison.energy_change`.
    done : pandas.DataFrame
        From `comparison.energy_before_after`.
    first : mapping of str to pandas.DataFrame
        From `comparison.energy_priorities`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    points = [_use_point(use, words)]
    if change and change.buildings:
        points.append(" ".join(filter(None, (change_sentence(change, words), certainty_sentence(change, words)))))
    above = use.buildings.loc[use.buildings["saving_median_mwh"] > 0]
    if len(above):
        saved = use.potential("median")
        text = words.ngettext(
            "{n} building uses more than is usual for its type; at the median of the type **{mwh}** and {money} a year would be saved.",
            "{n} buildings use more than is usual for their type; at the median of the type **{mwh}** and {money} a year would be saved.",
            len(above),
        )
        points.append(text.format(n=len(above), mwh=saving_text(saved, words), money=saving_money(saved, words)))
    if use.range_gap and ((change and change.buildings) or len(above)):
        points.append(range_gap_sentence(use, words))
    return [*points, *_measure_points(done, first, words)]


def _use_point(use: EnergyUse, words: Words) -> str:
    """Heat of the year and what the energy cost; only what there is a figure of is named."""
    _ = words.gettext
    heat, heated = use.total("heat_mwh")
    lit = use.total("electricity_eur")[1]
    if heated and lit:
        text = _(
            "In {year} the buildings with figures ({n} of {all}) used **{heat}** of heat; heat and electricity cost about **{money}**."
        )
    elif heated:
        text = _(
            "In {year} the buildings with figures ({n} of {all}) used **{heat}** of heat; it cost about **{money}**."
        )
    elif lit:
        text = _("For {year} there is no figure of heat that could be used; electricity cost about **{money}**.")
    else:
        text = _("For {year} there is no figure of heat that could be used.")
    return text.format(
        year=use.year,
        n=heated,
        all=len(use.buildings),
        heat=measured(heat, "MWh", words),
        money=round_euro(use.together("eur"), words),
    )


def _measure_points(done: pd.DataFrame, first: Mapping[str, pd.DataFrame], words: Words) -> list[str]:
    points = []
    judged = done.loc[done["verdict"].isin(("as expected", "more", "less", "perhaps more", "perhaps less"))]
    if len(judged):
        text = words.gettext(
            "Completed works that can be judged by now: {n}. The expected saving was clearly reached: {reached}; clearly missed: {missed}; "
            "cannot be told: {open}."
        )
        reached, missed = (int((judged["verdict"] == verdict).sum()) for verdict in ("more", "less"))
        points.append(text.format(n=len(judged), reached=reached, missed=missed, open=len(judged) - reached - missed))
    planned = sum(len(first[name]) for name in ("sure", "expected", "long"))
    if planned:
        text = words.ngettext(
            "Of {n} planned measure with cost and saving, {sure} pays back within its service life even if saving and price disappoint.",
            "Of {n} planned measures with cost and saving, {sure} pay back within their service life even if saving and price disappoint.",
            planned,
        )
        points.append(text.format(n=planned, sure=len(first["sure"])))
    return points


def stock_sentences(use: EnergyUse, words: Words) -> list[str]:
    """How many buildings of which types there are, and for how many there are figures.

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
    counts = [f"{type_word(row['type'], words)} – {row['buildings']}" for row in use.types.to_dict("records")]
    n = len(use.buildings)
    text = words.ngettext(
        "The register holds {n} building with a heated floor area of {area}: {types}.",
        "The register holds {n} buildings with a heated floor area of {area}: {types}.",
        n,
    )
    area = measured(use.buildings["area_m2"].sum(), "m²", words)
    sentences = [text.format(n=n, area=area, types=listed(counts, words))]
    states = {
        "no_figures": _("For {year} there is no figure of heat for: {names}."),
        "implausible": _("The figure of heat for {year} cannot be right, and is not used, for: {names}."),
        "odd_area": _(
            "The heated area for {year} differs by more than half from that of the other years; neither it nor the figure of heat is "
            "used for: {names}."
        ),
        "no_correction": _(
            "Degree days are missing for {year}, so that the weather cannot be taken out, for: {names}."
        ),
    }
    for state, sentence in states.items():
        names = use.buildings.loc[use.buildings["state"] == state, "name"]
        if len(names):
            sentences.append(sentence.format(year=use.year, names=some_listed(list(names), words)))
    return sentences


def facts(use: EnergyUse, words: Words) -> list[Fact]:
    """Key numbers: heat, electricity, cost, carbon dioxide, each with how many buildings it rests on.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    words : Words
        Language of the text.

    Returns
    -------
    list of Fact
    """
    _ = words.gettext
    heat, heated = use.total("heat_mwh")
    corrected, comparable = use.total("corrected_mwh")
    electricity, lit = use.total("electricity_mwh")
    costs, emitted, lights, from_lights = (
        use.total(column)[0] for column in ("heat_eur", "heat_co2_t", "electricity_eur", "electricity_co2_t")
    )
    known, normal, lit_known = (
        words.ngettext("{n} building", "{n} buildings", n).format(n=n) for n in (heated, comparable, lit)
    )
    return [
        Fact(_("Heat, {year}").format(year=use.year), _shown(heat, "MWh", words), known),
        Fact(_("Heat in normal weather"), _shown(corrected, "MWh", words), normal),
        Fact(_("Heat in normal weather, a square metre"), _shown(use.intensity, "kWh/m²", words), normal),
        Fact(_("Electricity, {year}").format(year=use.year), _shown(electricity, "MWh", words), lit_known),
        Fact(
            _("Cost at the prices assumed"),
            round_euro(use.together("eur"), words),
            _of_which(round_euro(costs, words), round_euro(lights, words), words),
        ),
        Fact(
            _("Carbon dioxide"),
            round_amount(use.together("co2_t"), "t", words).replace("\N{NO-BREAK SPACE}", " "),
            _of_which(round_amount(emitted, "t", words), round_amount(from_lights, "t", words), words),
        ),
    ]


def _of_which(heat: str, electricity: str, words: Words) -> str:
    """What of a sum is heat and what electricity; the only one of them that is known, by its name."""
    _ = words.gettext
    if MISSING not in (heat, electricity):
        return _("of this heat {heat}, electricity {electricity}").format(heat=heat, electricity=electricity)
    if heat == electricity:
        return words.missing
    return _("electricity alone; heat is not known") if heat == MISSING else _("heat alone; electricity is not known")


def _shown(value: float, unit: str, words: Words) -> str:
    """A key number: its unit stands after an ordinary space, so that it is set smaller."""
    return measured(value, unit, words).replace("\N{NO-BREAK SPACE}", " ")


def cost_note(use: EnergyUse, words: Words) -> str:
    """At which prices the costs are counted, and that these are no bills.

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
    text = _(
        "Costs are not from bills: they are use times price, with {heat} a MWh of heat and {electricity} a MWh of electricity, for all "
        "years alike. {origin}"
    )
    is_given = {"price_heat", "price_electricity"} <= use.basis.given
    origin = (
        _("Both prices were given for this report.")
        if is_given
        else _("Put in your own prices before you decide by them.")
    )
    return text.format(
        heat=_price(use.basis.price(""), words),
        electricity=_price(use.basis.price("electricity"), words),
        origin=origin,
    )


def _price(price: float, words: Words) -> str:
    """A price of a MWh as it was given, with its cents if it has any."""
    return words.euro(price, 0 if price == round(price, 0) else 2)
