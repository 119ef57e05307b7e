"""How far the use of energy fell or rose, how sure that is, and what the range of it does not hold."""

from __future__ import annotations

from benchlib.comparison import EnergyChange
from benchlib.comparison.energy.basis import DEGREE_DAYS_ERROR, SHARE_ERROR
from benchlib.reporting.values import as_shown
from benchlib.reporting.words import Words


def way_of(pct: float) -> str:
    """Whether a change is a "fall", a "rise", or "none" that would be seen in whole per cent."""
    shown = float(as_shown(pct, 0))
    return "none" if shown == 0 else "fall" if shown < 0 else "rise"


def _is_both(low: float, high: float) -> bool:
    """Whether a range goes from a fall to a rise."""
    return (way_of(low), way_of(high)) == ("fall", "rise")


def range_text(pct: float, low: float, high: float, words: Words) -> str:
    """The range of a change, said in the direction of the change: of a fall "8–15", or "from a fall of 5% to a rise of 1%".

    Parameters
    ----------
    pct, low, high : float
        The change and its ends, per cent; a fall is negative.
    words : Words
        Language of the text.

    Returns
    -------
    str
        "no range" where there is none.
    """
    _ = words.gettext
    if low != low or high != high:
        return _("no range")
    if _is_both(low, high):
        fall, rise = words.percent(-low, 0), words.percent(high, 0)
        return _("from a fall of {fall} to a rise of {rise}").format(fall=fall, rise=rise)
    way = way_of(pct)
    if way == "none":
        ends = (words.percent(end, 0, sign=True) for end in (low, high))
        return _("{low} to {high}").format(**dict(zip(("low", "high"), ends, strict=True)))
    return words.interval(-high, -low, 0) if way == "fall" else words.interval(low, high, 0)


def change_sentence(change: EnergyChange, words: Words) -> str:
    """Change of the use of heat between two years, as measured and in normal weather, with its range."""
    _ = words.gettext
    measured = {
        "fall": _("From {first} to {last} the use of heat as measured fell by {pct}"),
        "rise": _("From {first} to {last} the use of heat as measured rose by {pct}"),
        "none": _("From {first} to {last} the use of heat as measured did not change"),
    }[way_of(change.raw_pct)]
    normal = {
        "fall": _("in normal weather it fell by **{pct} ({range})**"),
        "rise": _("in normal weather it rose by **{pct} ({range})**"),
        "none": _("in normal weather it did not change ({range})"),
    }[way_of(change.corrected_pct)]
    text = words.ngettext(
        "{measured}; {normal}, in {n} building with figures for all years.",
        "{measured}; {normal}, in {n} buildings with figures for all years.",
        change.buildings,
    )
    raw = measured.format(first=change.first, last=change.last, pct=words.percent(abs(change.raw_pct), 0))
    corrected = normal.format(
        pct=words.percent(abs(change.corrected_pct), 0),
        range=range_text(change.corrected_pct, change.low_pct, change.high_pct, words),
    )
    return text.format(measured=raw, normal=corrected, n=change.buildings)


def electricity_sentence(change: EnergyChange, words: Words) -> str:
    """Change of the use of electricity; its years where they are not those of the heat."""
    _ = words.gettext
    years = change.electricity_first, change.electricity_last
    is_same = bool(change.buildings) and years == (change.first, change.last)
    same_years = {
        "fall": _("The use of electricity fell by {pct}"),
        "rise": _("The use of electricity rose by {pct}"),
        "none": _("The use of electricity did not change"),
    }
    own_years = {
        "fall": _("From {first} to {last} the use of electricity fell by {pct}"),
        "rise": _("From {first} to {last} the use of electricity rose by {pct}"),
        "none": _("From {first} to {last} the use of electricity did not change"),
    }
    told = (same_years if is_same else own_years)[way_of(change.electricity_pct)]
    text = words.ngettext(
        "{told} ({range}; {n} building; not corrected).",
        "{told} ({range}; {n} buildings; not corrected).",
        change.electricity_buildings,
    )
    ends = change.electricity_low_pct, change.electricity_high_pct
    return text.format(
        told=told.format(pct=words.percent(abs(change.electricity_pct), 0), first=years[0], last=years[1]),
        range=range_text(change.electricity_pct, *ends, words),
        n=change.electricity_buildings,
    )


def certainty_sentence(change: EnergyChange, words: Words) -> str:
    """Whether the use of heat changed at all, given the usual movement and errors of the correction for the weather.

    Parameters
    ----------
    change : EnergyChange
        From `comparison.energy_change`.
    words : Words
        Language of the text.

    Returns
    -------
    str
        "" where there is no range.
    """
    _ = words.gettext
    if change.verdict == "no_range":
        return ""
    if change.verdict == "usual":
        return _("That is within what buildings move from year to year anyway.")
    text = _("With degree days {days} and the share of hot water {share} points off, the range would be {range}.")
    if change.verdict == "doubtful":
        fell = _(
            "With degree days {days} and the share of hot water {share} points off, the range would be {range}: it is not certain that the "
            "use of heat fell."
        )
        rose = _(
            "With degree days {days} and the share of hot water {share} points off, the range would be {range}: it is not certain that the "
            "use of heat rose."
        )
        text = fell if change.corrected_pct < 0 else rose
    ends = change.least_pct, change.most_pct
    shown = range_text(change.corrected_pct, *ends, words)
    if not _is_both(*ends):
        low, high = (words.percent(end, 0) for end in sorted(map(abs, ends)))
        shown = _("{low} to {high}").format(low=low, high=high)
    days = words.percent(DEGREE_DAYS_ERROR, 0)
    return text.format(days=days, share=words.number(SHARE_ERROR), range=shown)


def errors_sentence(change: EnergyChange, words: Words) -> str:
    """What the range of the change does not hold, each with its size."""
    _ = words.gettext
    text = _(
        "If the degree days of {last} were {days} lower or higher, the change would be {fewer} or {more}; a share of hot water {share} "
        "points smaller or greater would make it {smaller} or {greater}. No range holds these errors, nor what moves all buildings alike, "
        "such as lower room temperatures."
    )
    ends = (*change.degree_days_pct, *change.hot_water_pct)
    fewer, more, smaller, greater = (words.percent(end, 0, sign=True) for end in ends)
    return text.format(
        last=change.last,
        days=words.percent(DEGREE_DAYS_ERROR, 0),
        share=words.number(SHARE_ERROR),
        fewer=fewer,
        more=more,
        smaller=smaller,
        greater=greater,
    )
