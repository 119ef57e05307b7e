"""Alt texts and captions of the slope, the radar and the map of scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from benchlib.comparison import Profile
from benchlib.comparison.doubts import NO_DOUBTS, Doubts
from benchlib.comparison.ends import ends_of, medians_of
from benchlib.indicators import Passport
from benchlib.reporting.texts.position import own_and_median
from benchlib.reporting.values import doubt_note, few_note, label_of, marked, ranked_row, short_value, some_listed
from benchlib.reporting.words import Words


def slope_texts(
    table: pd.DataFrame,
    passport: Passport,
    names: Mapping[str, str],
    words: Words,
    *,
    own: str,
    doubts: Doubts = NO_DOUBTS,
) -> dict[str, str]:
    """Alt text and caption of the slope figure.

    Parameters
    ----------
    table : pandas.DataFrame
        Tidy figures of the group, as `plots.slope` takes them.
    passport : Passport
        The indicator.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.
    own : str
        Code of the municipality.
    doubts : frozenset of (str, int, str)
        From `comparison.doubtful_figures`; such figures are marked.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    ends = ends_of(table, passport.id)
    start, end = ends.columns

    def both(pair: Iterable[float], code: str = "") -> dict[str, str]:
        first, last = (
            words.missing
            if np.isnan(value)
            else marked(short_value(value, passport, words), (passport.id, int(year), code) in doubts)
            for value, year in zip(pair, ends.columns, strict=True)
        )
        return {"first": first, "last": last}

    name = label_of(passport, words)
    alt = [
        _("{indicator} of {n} municipalities, {start} and {end}.").format(
            indicator=name, n=len(ends), start=start, end=end
        )
    ]
    if own in ends.index:
        alt.append(_("{m}: {first}, then {last}.").format(m=names[own], **both(ends.loc[[own]].to_numpy()[0], own)))
    medians = medians_of(ends)
    if medians.notna().all():
        alt.append(_("Median of the group: {first}, then {last}.").format(**both(medians)))
    else:
        alt.append(few_note(words))
    change = (ends[end] - ends[start]).abs().dropna()
    if len(change):
        code = str(change.idxmax())
        alt.append(
            _("The greatest change: {m}, {first}, then {last}.").format(
                m=names[code], **both(ends.loc[[code]].to_numpy()[0], code)
            )
        )
    caption = _(
        "{indicator}: every member of the comparison group in {start} and in {end}. Orange: {m}; dashed: median of those with a figure."
    )
    told = caption.format(indicator=name, start=start, end=end, m=names[own])
    if any((passport.id, int(year), str(code)) in doubts for code in ends.index for year in ends.columns):
        told = f"{told} {doubt_note(words)}"
    return {"alt": " ".join(alt), "caption": told if medians.notna().all() else f"{told} {few_note(words)}"}


def score_map_texts(scores: pd.Series, names: Mapping[str, str], words: Words) -> dict[str, str]:
    """Alt text and caption of the map of scores.

    Parameters
    ----------
    scores : pandas.Series
        Corrected efficiency by code.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    ordered = scores.dropna().sort_values(ascending=False, kind="stable")
    fifth = max(1, len(ordered) // 5)
    highest, lowest = (
        some_listed([names[str(c)] for c in part.index], words) for part in (ordered.head(fifth), ordered.tail(fifth))
    )
    alt = _(
        "Map of the corrected efficiency of {n} municipalities. Among the highest: {highest}. Among the lowest: {lowest}."
    )
    caption = _(
        "Corrected efficiency, the darker the better: five classes of about as many municipalities each. A tile is a municipality, capital "
        "letters stand for the state cities; hatched: no score."
    )
    return {"alt": alt.format(n=len(ordered), highest=highest, lowest=lowest), "caption": caption}


def radar_texts(
    profile: Profile, passports: Mapping[str, Passport], words: Words, *, indicators: Sequence[str] | None = None
) -> dict[str, str]:
    """Alt text and caption of the radar.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.
    indicators : sequence of str, optional
        Which of the profile's indicators, as `plots.radar` takes them.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    lines, has_medians = [], True
    for row in profile.table.to_dict("records"):
        passport = passports[row["indicator"]]
        if passport.id not in indicators if indicators is not None else not passport.direction:
            continue
        has_medians &= not np.isnan(row["median"])
        text = own_and_median(row, passport, words, label_of(passport, words))
        if not np.isnan(row["rank"]):
            rank = ranked_row(row, words)
            text += ", " + _("rank {rank}").format(rank=rank)
        lines.append(text)
    m = words.name(profile.municipality)
    alt = _("{m} among {n} municipalities of its comparison group. {lines}.")
    caption = _(
        "Outer ring: the best of the comparison group, inner ring: the worst. Orange: {m}; band: middle half of the group; "
        "dashed: its median. Each spoke is read by itself: the area means nothing."
    )
    return {
        "alt": alt.format(m=m, n=len(profile.group.members), lines="; ".join(lines)),
        "caption": caption.format(m=m) + ("" if has_medians else f" {few_note(words)}"),
    }
