"""What was done to the buildings and whether it worked; what could be done, and what first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchlib.comparison import EnergyUse
from benchlib.comparison.energy.basis import DEGREE_DAYS_ERROR, SHARE_ERROR
from benchlib.reporting.energy_words import MOST_MEASURES, kind_word, round_amount, round_euro, with_range
from benchlib.reporting.texts.energy.change import range_text
from benchlib.reporting.values import as_shown, listed, some_listed
from benchlib.reporting.words import Words


def done_sentences(done: pd.DataFrame, words: Words) -> list[str]:
    """Work by work: what was saved, with its range, against what was expected.

    Parameters
    ----------
    done : pandas.DataFrame
        From `comparison.energy_before_after`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    if done.empty:
        return [_("The register names no completed measure.")]
    sentences = []
    for row in done.loc[done["observed_pct"].notna()].to_dict("records"):
        text = _("{name}, {year} ({kinds}): {carrier} fell by {observed}; {verdict}.")
        if row["observed_pct"] < 0:
            text = _("{name}, {year} ({kinds}): {carrier} rose by {observed}; {verdict}.")
        sentences.append(
            text.format(
                name=row["name"],
                year=row["year"],
                kinds=listed([kind_word(kind, words) for kind in row["kinds"]], words),
                carrier=_("the use of heat") if row["carrier"] == "heat" else _("the use of electricity"),
                observed=_observed(row, words),
                verdict=_verdict(row, words),
            )
        )
    return [*sentences, *_errors(done, words), *_not_judged(done, words)]


def _observed(row: Mapping[Any, Any], words: Words) -> str:
    """Fall or rise with its range, both in the same direction; alone where there is no range."""
    shown = words.percent(abs(row["observed_pct"]), 0)
    if row["low_pct"] != row["low_pct"]:
        return shown
    ends = range_text(-row["observed_pct"], -row["high_pct"], -row["low_pct"], words)
    return f"{shown}\N{NO-BREAK SPACE}({ends})"


def _verdict(row: Mapping[Any, Any], words: Words) -> str:
    _ = words.gettext
    expected = words.percent(row["expected_pct"], 0)
    if row["verdict"] == "no_range" and row["expected_pct"] != row["expected_pct"]:
        return _("what was expected is not written down; how sure this is cannot be told")
    texts = {
        "as expected": _("a saving of {expected} was expected, which lies in the range"),
        "more": _("more than the saving of {expected} expected"),
        "less": _("less than the saving of {expected} expected"),
        "perhaps more": _(
            "more than the saving of {expected} expected, but errors of the correction for the weather could account for it"
        ),
        "perhaps less": _(
            "less than the saving of {expected} expected, but errors of the correction for the weather could account for it"
        ),
        "no_range": _("a saving of {expected} was expected; how sure this is cannot be told"),
        "no_expectation": _("what was expected is not written down"),
    }
    if row["observed_pct"] < 0:  # "less" beside a rise would read as if a greater rise had been expected
        texts["less"] = _("a saving of {expected} was expected")
        texts["perhaps less"] = _(
            "a saving of {expected} was expected, but errors of the correction for the weather could account for the difference"
        )
    return texts[row["verdict"]].format(expected=expected)


def _errors(done: pd.DataFrame, words: Words) -> list[str]:
    """What the ranges of the heat saved do not hold, with its size."""
    points = done.loc[(done["carrier"] == "heat") & done["low_pct"].notna(), "error_points"]
    if points.empty:
        return []
    text = words.ngettext(
        "The ranges of heat do not hold errors of the correction for the weather: degree days {days} off in the years after the works and "
        "a share of hot water {share} points off would change these savings by up to {points} point.",
        "The ranges of heat do not hold errors of the correction for the weather: degree days {days} off in the years after the works and "
        "a share of hot water {share} points off would change these savings by up to {points} points.",
        int(as_shown(points.max(), 0)),
    )
    days, share = words.percent(DEGREE_DAYS_ERROR, 0), words.number(SHARE_ERROR)
    return [text.format(days=days, share=share, points=words.number(points.max()))]


def _not_judged(done: pd.DataFrame, words: Words) -> list[str]:
    _ = words.gettext
    sentences = []
    for verdict, text in (
        ("no_before", _("Not to be judged, since there is no full year before the works: {names}.")),
        ("no_after", _("Not to be judged yet, since there is no full year after the works: {names}.")),
    ):
        part = done.loc[done["verdict"] == verdict]
        names = [f"{name} ({year})" for name, year in zip(part["name"], part["year"], strict=True)]
        if names:
            sentences.append(text.format(names=some_listed(names, words)))
    return sentences


def done_texts(done: pd.DataFrame, words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of before and after.

    Parameters
    ----------
    done : pandas.DataFrame
        From `comparison.energy_before_after`.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    line = _("{name}, {year}: from {before} to {after} kWh/m²")
    lines = [
        line.format(
            name=row["name"], year=row["year"], before=words.number(row["before"]), after=words.number(row["after"])
        )
        for row in done.loc[(done["carrier"] == "heat") & done["observed_pct"].notna()].to_dict("records")
    ]
    caption = _(
        "Means of the full years before and after; the year of the works is left out. The band is the range of the use after them, the "
        "stroke what had been expected."
    )
    if done["low_pct"].isna().all():
        caption = _(
            "Means of the full years before and after, without a range; the year of the works is left out. The stroke is what had been "
            "expected."
        )
    return {
        "alt": _("Heat before and after the works. {lines}.").format(lines="; ".join(lines)),
        "caption": caption,
    }


def planned_sentences(measures: pd.DataFrame, words: Words) -> list[str]:
    """What all planned measures cost and save together, and how many cannot be judged.

    Parameters
    ----------
    measures : pandas.DataFrame
        From `comparison.energy_measures`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    planned = measures.loc[measures["status"] == "planned"]
    if planned.empty:
        return [_("The register names no planned measure.")]
    known = planned.dropna(subset=["cost_eur", "saving_eur"])
    if known.empty:
        text = words.ngettext(
            "{n} measure is planned; its cost and saving are not both known.",
            "{n} measures are planned; of none cost and saving are both known.",
            len(planned),
        )
        return [text.format(n=len(planned))]
    text = words.ngettext(
        "{n} measure is planned; for {known} cost and saving are known: together {cost}, which would save {mwh}, {money} and "
        "{co2} of CO₂ a year.",
        "{n} measures are planned; for {known} cost and saving are known: together {cost}, which would save {mwh}, {money} and "
        "{co2} of CO₂ a year.",
        len(planned),
    )
    sentences = [
        text.format(
            n=len(planned),
            known=len(known),
            cost=words.euro(known["cost_eur"].sum()),
            mwh=round_amount(known["saving_mwh"].sum(), "MWh", words),
            money=round_euro(known["saving_eur"].sum(), words),
            co2=round_amount(known["saving_co2_t"].sum(min_count=1), "t", words, 1),
        )
    ]
    several = known.groupby(["building", "carrier"], sort=False)["name"].agg(["size", "first"])
    names = list(several.loc[several["size"] > 1, "first"])
    if names:
        text = _(
            "Several measures in one building save less together than each for itself; here they are simply added, for: {names}."
        )
        sentences.append(text.format(names=some_listed(names, words)))
    return sentences


def payback_texts(measures: pd.DataFrame, saving_margin: int, price_margin: int, words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of paybacks.

    Parameters
    ----------
    measures : pandas.DataFrame
        From `comparison.energy_measures`.
    saving_margin, price_margin : int
        Per cent by which saving and price may miss what is expected.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    table = measures.loc[(measures["status"] == "planned") & measures["payback"].notna()]
    table = table.sort_values(["payback", "building", "kind"])
    line = _("{name}, {kind}: {years}")
    lines = [
        line.format(name=row["name"], kind=kind_word(row["kind"], words), years=years_text(row, words))
        for row in table.head(MOST_MEASURES).to_dict("records")
    ]
    caption = _(
        "Band: from a saving {saving} and a price {price} higher to both as much lower than expected. An arrow: it goes on. The stroke "
        "marks the service life."
    )
    caption = caption.format(saving=words.percent(saving_margin, 0), price=words.percent(price_margin, 0))
    if len(table) > MOST_MEASURES:
        caption += " " + _("Only the {n} with the shortest payback are drawn.").format(n=MOST_MEASURES)
    return {
        "alt": _("Years until planned measures pay back. {lines}.").format(lines="; ".join(lines)),
        "caption": caption,
    }


def years_text(row: Mapping[Any, Any], words: Words) -> str:
    """A payback with its range: "15 (10–23) gadi"."""
    if row["payback"] != row["payback"]:
        return words.number(row["payback"])
    text = words.ngettext("{years} year", "{years} years", int(as_shown(row["payback"], 0)))
    return text.format(years=with_range(words.number(row["payback"]), row["payback_low"], row["payback_high"], words))


def kinds_sentence(kinds: pd.DataFrame, words: Words) -> str:
    """Which kind of planned measure saves most, and which pays back soonest.

    Parameters
    ----------
    kinds : pandas.DataFrame
        From `comparison.energy_kinds`.
    words : Words
        Language of the text.

    Returns
    -------
    str
        "" where nothing is planned of which this is known.
    """
    planned = kinds.loc[(kinds["status"] == "planned") & kinds["payback"].notna()]
    if len(planned) < 2:
        return ""
    most = planned.sort_values(["saving_mwh", "kind"], ascending=[False, True]).iloc[0]
    soon = planned.sort_values(["payback", "kind"]).iloc[0]
    text = words.gettext(
        "By kind, most would be saved by: {most} ({mwh} a year); the shortest payback has: {soon} (about {years} years)."
    )
    return text.format(
        most=kind_word(most["kind"], words),
        mwh=round_amount(most["saving_mwh"], "MWh", words),
        soon=kind_word(soon["kind"], words),
        years=words.number(soon["payback"]),
    )


def priority_bullets(use: EnergyUse, first: Mapping[str, pd.DataFrame], done: pd.DataFrame, words: Words) -> list[str]:
    """What to do first, second and later, and what to find out.

    Parameters
    ----------
    use : EnergyUse
        From `comparison.energy_use`.
    first : mapping of str to pandas.DataFrame
        From `comparison.energy_priorities`.
    done : pandas.DataFrame
        From `comparison.energy_before_after`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    below = done.loc[done["verdict"] == "less"]
    works = [f"{name} ({year})" for name, year in zip(below["name"], below["year"], strict=True)]
    unusable = ("no_figures", "implausible", "odd_area", "no_correction")
    missing = use.buildings.loc[use.buildings["state"].isin(unusable), "name"]
    sure, expected, long, unknown = (_measures(first[name], words) for name in ("sure", "expected", "long", "unknown"))
    texts = (
        _("**Do first**: pays back within its service life even if saving and price disappoint: {names}."),
        _("**Then**: pays back within its service life if all goes as expected: {names}.")
        if sure
        else _(
            "**Do first**: pays back within its service life if all goes as expected, but not if saving and price disappoint: {names}."
        ),
        _(
            "**Not for the energy alone**: does not pay back in time, but may have other reasons, such as a building in need of "
            "repair: {names}."
        ),
        _("**Have examined**: uses clearly more than its like, and no measure that saves heat is planned: {names}."),
        _(
            "**Look after**: saved clearly less than expected; check settings, metering and how the building is used: {names}."
        ),
        _("**Complete the plan**: cost, saving or use is not known: {names}."),
        _("**Complete the register**: without figures for {year} that can be used: {names}."),
    )
    lists = (sure, expected, long, list(first["unplanned"]["name"]), works, unknown, list(missing))
    bullets = [
        text.format(names=some_listed(names, words), year=use.year)
        for text, names in zip(texts, lists, strict=True)
        if names
    ]
    if use.range_gap and (use.buildings["saving_median_mwh"] > 0).any():
        bullets.append(
            _(
                "**Have examined**: which buildings use clearly more than their like cannot be told, for the figures have no range."
            )
        )
    return bullets or [_nothing_first(use, words)]


def _nothing_first(use: EnergyUse, words: Words) -> str:
    _ = words.gettext
    if use.types["median"].isna().all():
        return _(
            "This register gives no reason to put anything first: it names no planned measure, and no type has enough buildings to be "
            "compared."
        )
    return _(
        "This register gives no reason to put anything first: it names no planned measure, and no building stands out."
    )


def _measures(table: pd.DataFrame, words: Words) -> list[str]:
    return [f"{row['name']} ({kind_word(row['kind'], words)})" for row in table.to_dict("records")]
