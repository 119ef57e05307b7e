"""Tables about one public service in all municipalities."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchlib.comparison.doubts import NO_DOUBTS, Doubts, doubts_in_use
from benchlib.indicators import Catalogue, Passport
from benchlib.reporting.blocks import Column, Note, Table
from benchlib.reporting.compose import note, table
from benchlib.reporting.texts.services.lessons import examples_beyond_margin, margins, sure_learners
from benchlib.reporting.values import (
    cost_mark,
    cost_note,
    doubt_note,
    efficiency_value,
    label_with_unit,
    listed,
    marked,
    marked_names,
    short_value,
)
from benchlib.reporting.words import Words

if TYPE_CHECKING:  # both load statsmodels, which a report without them does not need
    from benchlib.comparison.services.overview import ServiceOverview
    from benchlib.efficiency import BootstrapResult

_DASH: Final = "–"


def spread(
    overview: ServiceOverview,
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
    *,
    doubts: Doubts = NO_DOUBTS,
) -> Table:
    """How inputs and outputs are spread: least, quartiles, greatest, and who has them.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.
    doubts : frozenset of (str, int, str)
        From `comparison.doubtful_figures`; these get their mark.

    Returns
    -------
    Table
    """
    _ = words.gettext
    sample = overview.sample
    columns = [
        Column("indicator", _("Indicator"), is_row_header=True),
        Column("least", _("Least"), align="right"),
        Column("quarter", _("A quarter below"), align="right"),
        Column("median", _("Median"), align="right"),
        Column("three", _("A quarter above"), align="right"),
        Column("greatest", _("Greatest"), align="right"),
    ]
    rows = []
    for name, values in zip([*sample.inputs, *sample.outputs], np.hstack([sample.X, sample.Y]).T, strict=True):
        passport = passports[name]
        low, high = int(np.argmin(values)), int(np.argmax(values))
        shown = [
            marked(short_value(value, passport, words), (name, overview.year, str(unit)) in doubts)
            for unit, value in zip(sample.units, values, strict=True)
        ]
        quarter, median, three = (short_value(v, passport, words) for v in np.quantile(values, [0.25, 0.5, 0.75]))
        rows.append(
            {
                "indicator": label_with_unit(passport, words) + cost_mark(passport),
                "least": f"{shown[low]} ({names[str(sample.units[low])]})",
                "quarter": quarter,
                "median": median,
                "three": three,
                "greatest": f"{shown[high]} ({names[str(sample.units[high])]})",
            }
        )
    caption = _("Figures of {n} municipalities, {year}").format(n=len(sample), year=overview.year)
    notes = [
        doubt_note(words) if any("?" in row["least"] + row["greatest"] for row in rows) else "",
        _cost_note([*sample.inputs, *sample.outputs], passports, words),
    ]
    return table(columns, rows, caption=caption, note=" ".join(filter(None, notes)))


def _cost_note(shown: Collection[str], passports: Mapping[str, Passport], words: Words) -> str:
    """What the mark beside unit costs means; "" where none is shown."""
    return cost_note(words) if any(cost_mark(passports[name]) for name in shown) else ""


def doubts(overview: ServiceOverview, catalogue: Catalogue, names: Mapping[str, str], words: Words) -> Table | Note:
    """Published figures behind the scores that are impossible or doubtful, with the reason.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    catalogue : Catalogue
        The passports and the registry of sources.
    names : mapping of str to str
        Names of the municipalities of 2009, 2021 and 2025 by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table or Note
        A note if no figure is doubted.
    """
    _ = words.gettext
    measures = catalogue.registry.measures
    behind = catalogue.measures_of([*overview.service.inputs, *overview.service.outputs])
    found = [d for d in doubts_in_use(catalogue, behind) if d.year == overview.year]
    if not found:
        return note(_("The registry doubts no figure of this service and year."))
    rows = [
        {
            "name": names[doubt.territory],
            "measure": measures[doubt.measure].name[words.language],
            "published": _as_written(doubt.published, measures[doubt.measure].unit, words),
            "used": {"missing": _("not used"), "as published": _("used as published")}.get(
                doubt.used, _as_written(doubt.used, measures[doubt.measure].unit, words)
            ),
            "reason": doubt.reason[words.language],
        }
        for doubt in found
    ]
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("measure", _("Figure")),
        Column("published", _("As published"), align="right"),
        Column("used", _("How it is used")),
        Column("reason", _("Why")),
    ]
    return table(columns, rows, caption=_("Doubtful figures"))


def _as_written(figure: str, unit: str, words: Words) -> str:
    """A figure of the registry in the notation of the language; text stays as it is."""
    try:
        value = float(figure)
    except ValueError:
        return figure
    decimals = min(2, len(figure.partition(".")[2]))
    if unit.startswith("EUR"):
        return words.euro(value, 2 if decimals else 0)
    return words.percent(value, decimals) if unit == "percent" else words.number(value, decimals)


def scores(
    overview: ServiceOverview,
    passports: Mapping[str, Passport],
    names: Mapping[str, str],
    words: Words,
    *,
    only: Collection[str] = (),
    doubts: Doubts = NO_DOUBTS,
) -> Table:
    """Every municipality: its figures, score, interval, range of ranks, and score among its own kind; the best first.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    passports : mapping of str to Passport
        Passports of the indicators.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.
    only : collection of str
        Codes to show, all if empty; the scores are those among all in any case.
    doubts : frozenset of (str, int, str)
        From `comparison.doubtful_figures`; these get their mark.

    Returns
    -------
    Table
    """
    _ = words.gettext
    sample, certainty = overview.sample, overview.certainty
    variables = [*sample.inputs, *sample.outputs]
    wide = sample.to_frame().merge(overview.dea.scores[["unit", "efficiency"]], on="unit")
    wide = wide.merge(overview.kinds.scores[["unit", "group_efficiency"]], on="unit")
    shown = wide["unit"].isin(only) if only else wide["unit"].notna()
    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        *(Column(v, label_with_unit(passports[v], words) + cost_mark(passports[v]), align="right") for v in variables),
        Column("efficiency", _("Efficiency"), align="right"),
    ]
    best = "efficiency"
    if certainty is not None:
        best = "corrected"
        wide = wide.merge(certainty.scores[["unit", "corrected", "low", "high", "rank_low", "rank_high"]], on="unit")
        columns += [
            Column("corrected", _("Corrected (95% interval)"), align="right"),
            Column("ranks", _("Ranks"), align="right"),
        ]
    columns.append(Column("kin", _("Among its own kind"), align="right"))
    rows = [
        {
            "name": names[str(row["unit"])],
            **{
                v: marked(short_value(row[v], passports[v], words), (v, overview.year, row["unit"]) in doubts)
                for v in variables
            },
            "efficiency": efficiency_value(row["efficiency"], words),
            **({} if certainty is None else _sure_cells(row, words)),
            "kin": efficiency_value(row["group_efficiency"], words),
        }
        for row in wide[shown].sort_values([best, "unit"], ascending=[False, True]).to_dict("records")
    ]
    kin = _(
        "Among its own kind: novadi against novadi, state cities against state cities, which are too few to tell much."
    )
    has_doubts = any((v, overview.year, unit) in doubts for v in variables for unit in wide.loc[shown, "unit"])
    notes = [kin, doubt_note(words) if has_doubts else "", _cost_note(variables, passports, words)]
    of_region = _("Scores of the region's municipalities among all {n}, the best first").format(n=len(sample))
    return table(
        columns,
        rows,
        caption=of_region if only else _("Scores of all municipalities, the best first"),
        note=" ".join(filter(None, notes)),
    )


def _sure_cells(row: Mapping[Hashable, Any], words: Words) -> dict[str, str]:
    return {
        "corrected": f"{words.number(row['corrected'], 2)} ({words.interval(row['low'], row['high'])})",
        "ranks": words.interval(row["rank_low"], row["rank_high"], 0),
    }


def teachers(
    overview: ServiceOverview,
    names: Mapping[str, str],
    words: Words,
    *,
    certainties: Sequence[BootstrapResult | None] = (),
) -> Table | Note:
    """Whose practice others can learn from, how many, and for how many of these the advantage is greater than its margin of error.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.
    certainties : sequence of BootstrapResult or None
        Of each of `ServiceOverview.frontiers`, from `comparison.frontier_certainties`.

    Returns
    -------
    Table or Note
        A note if nobody is a peer of anybody else.
    """
    _ = words.gettext
    found = overview.teachers
    if found.empty:
        return note(_("Nobody is a peer of anybody else: all municipalities are on the frontier."))
    columns = [
        Column("peer", _("Municipality"), is_row_header=True),
        Column("learners", _("Peer of"), align="right"),
        Column("main", _("of these, heaviest peer of"), align="right"),
        Column("direct", _("Best single example of"), align="right"),
    ]
    rows = [
        {"peer": names[str(row["peer"])], **{key: words.number(row[key]) for key in ("learners", "main", "direct")}}
        for row in found.to_dict("records")
    ]
    known = margins(overview, certainties)
    if known:
        columns.insert(3, Column("certain", _("of these, advantage greater than its margin of error"), align="right"))
        sure = sure_learners(overview, known)
        rows = [
            row | {"certain": words.number(sure.get(peer, 0))} for row, peer in zip(rows, found["peer"], strict=True)
        ]
    return table(columns, rows, caption=_("From whom others can learn: number of municipalities"))


def learners(
    overview: ServiceOverview,
    names: Mapping[str, str],
    words: Words,
    *,
    only: Collection[str] = (),
    certainties: Sequence[BootstrapResult | None] = (),
) -> Table | None:
    """From whom each municipality that is not on the frontier can learn, and whether their advantage is greater than its margin of error.

    Parameters
    ----------
    overview : ServiceOverview
        Scores of a service in all municipalities.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.
    only : collection of str
        Codes of those who learn, all if empty.
    certainties : sequence of BootstrapResult or None
        Of each of `ServiceOverview.frontiers`, from `comparison.frontier_certainties`.

    Returns
    -------
    Table or None
        None if all are on the frontier (`teachers` says so).
    """
    _ = words.gettext
    lessons = overview.lessons[overview.lessons["unit"].isin(only)] if only else overview.lessons
    if lessons.empty:
        return None
    shown = marked_names(names, overview.doubtful)
    found = examples_beyond_margin(lessons, margins(overview, certainties))
    rows = [
        {
            "unit": shown[str(row["unit"])],
            "peers": listed([f"{names[str(p)]} ({words.percent(100 * w, 0)})" for p, w in row["peers"]], words),
            "single": names[str(row["single"])] if row["single"] else _DASH,
            "certain": sure_ones(*found[str(row["unit"])], names, words) if row["unit"] in found else _DASH,
        }
        for row in lessons.to_dict("records")
    ]
    columns = [
        Column("unit", _("Municipality"), is_row_header=True),
        Column("peers", _("Peers and their weight (DEA)")),
        Column("single", _("Best single example (FDH)")),
    ]
    notes = [_("A dash: no single municipality spends no more and reaches at least the same result.")]
    if found:
        columns.append(Column("certain", _("Advantage greater than its margin of error")))
        notes += notes_on_margins(found, words)
    notes += [doubt_note(words)] if lessons["unit"].isin(overview.doubtful).any() else []
    return table(columns, rows, caption=_("Who can learn from whom"), note=" ".join(notes))


def sure_ones(examples: Sequence[str], sure: Sequence[str], names: Mapping[str, str], words: Words) -> str:
    """Yes for all examples, no for none, or the names of the sure ones."""
    if not sure:
        return words.gettext("no")
    return words.gettext("yes") if len(sure) == len(examples) else listed([names[code] for code in sure], words)


def notes_on_margins(found: Mapping[str, tuple[Sequence[str], Sequence[str]]], words: Words) -> list[str]:
    """What yes, no and names in the column of sure advantages mean."""
    _ = words.gettext
    notes = [_("No: the 95% intervals of efficiency overlap.")]
    if any(sure and len(sure) < len(examples) for examples, sure in found.values()):
        notes.append(_("A name: the advantage is greater only for those named."))
    return [*notes, _("The intervals are those among the municipalities among which the examples are sought.")]
