"""What the report on one public service says about the municipalities of a planning region, among all others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from benchlib.reporting.values import doubt_note, listed, marked_names
from benchlib.reporting.words import Name, Words

if TYPE_CHECKING:  # it loads statsmodels, which a report without it does not need
    from benchlib.comparison import ServiceOverview


def region_points(
    overview: ServiceOverview, region: str, own: Collection[str], names: Mapping[str, str], words: Words
) -> list[str]:
    """How the municipalities of a region do among all: who is compared, who is an example, and between which ranks they lie.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    region : str
        The planning region, or "all".
    own : collection of str
        Codes of its municipalities; nobody for "all".
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
        Empty for all municipalities.
    """
    if not own:
        return []
    _ = words.gettext
    scored = [code for code in own if code in overview.sample.units]
    lost = [code for code in own if code not in scored]
    text = words.ngettext(
        "Planning region {region}: {n} municipality is compared with all {count} that have complete figures: {names}.",
        "Planning region {region}: {n} municipalities are compared with all {count} that have complete figures: {names}.",
        len(scored),
    )
    points = []
    if scored:
        points.append(
            text.format(
                region=Name(region, words.language),
                n=len(scored),
                count=len(overview.sample),
                names=listed([names[code] for code in scored], words),
            )
        )
        points += [_best_point(overview, scored, names, words), _ranks_point(overview, scored, names, words)]
    if lost:
        without = _("Without complete figures, and so without a score: {names}.")
        points.append(without.format(names=listed([names[code] for code in lost], words)))
    return [point for point in points if point]


def _best_point(overview: ServiceOverview, scored: Collection[str], names: Mapping[str, str], words: Words) -> str:
    """Who of the region is on the frontier of best practice."""
    efficiency = dict(zip(overview.sample.units, overview.dea.efficiency, strict=True))
    best = [code for code in scored if efficiency[code] >= 1.0]
    if not best:
        return words.gettext("Nobody of the region is on the frontier of best practice.")
    shown = marked_names(names, overview.doubtful)
    text = words.gettext("Of the region, on the frontier of best practice: {names}.")
    return _noted(text.format(names=listed([shown[code] for code in best], words)), overview, best, words)


def _ranks_point(overview: ServiceOverview, scored: Collection[str], names: Mapping[str, str], words: Words) -> str:
    """Corrected efficiency of the region's municipalities with their ranges of ranks, the best first; "" without certainty."""
    if overview.certainty is None:
        return ""
    table = overview.certainty.scores
    table = table[table["unit"].isin(scored)].sort_values(["corrected", "unit"], ascending=[False, True])
    text = words.gettext("Corrected efficiency and, in brackets, range of ranks among all: {scores}.")
    shown = marked_names(names, overview.doubtful)
    told = text.format(scores=listed([_scored(row, shown, words) for _, row in table.iterrows()], words))
    return _noted(told, overview, scored, words)


def _noted(text: str, overview: ServiceOverview, shown: Collection[str], words: Words) -> str:
    """A point, with what the mark means where somebody has it."""
    return f"{text} {doubt_note(words)}" if set(shown) & set(overview.doubtful) else text


def _scored(row: pd.Series, names: Mapping[str, str], words: Words) -> str:
    ranks = words.interval(row["rank_low"], row["rank_high"], 0)
    return f"{names[str(row['unit'])]} {words.number(row['corrected'], 2)} ({ranks})"


def with_own(
    about: Mapping[str, str],
    own: Collection[str],
    names: Mapping[str, str],
    words: Words,
    *,
    doubtful: Collection[str] = (),
) -> dict[str, str]:
    """Alt text and caption of a figure that highlights municipalities.

    Parameters
    ----------
    about : mapping of str to str
        "alt" and "caption" of the figure.
    own : collection of str
        Codes of those who are highlighted; nobody changes nothing.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language of the text.
    doubtful : collection of str
        Codes of those whom the figure marks as doubtful, where its own texts do not say what the mark means.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    if doubtful:
        about = {"alt": about["alt"], "caption": f"{about['caption']} {doubt_note(words)}"}
    if not own:
        return dict(about)
    shown = listed([names[code] for code in own], words)
    alt = words.gettext("Highlighted: {names}.").format(names=shown)
    caption = words.gettext("Orange: {names}.").format(names=shown)
    return {"alt": f"{about['alt']} {alt}", "caption": f"{about['caption']} {caption}"}
