"""Tables on what scores rest: how far methods agree, who drives them, what context and the reform have to do with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from benchlib.comparison import ReformGains
from benchlib.efficiency import OutlierResult
from benchlib.indicators import Passport
from benchlib.reporting.blocks import Column, Note, Table
from benchlib.reporting.compose import note, table
from benchlib.reporting.values import direction_word, efficiency_value, label_with_unit, method_word, short_value
from benchlib.reporting.words import Words

if TYPE_CHECKING:  # both load statsmodels, which a report without them does not need
    from benchlib.comparison.services.overview import ContextEffects
    from benchlib.efficiency import MethodComparison

#: Rows of the table of influences: the greatest tell the story.
_DRIVERS: Final = 15
_DASH: Final = "–"


def agreement(methods: MethodComparison, words: Words) -> Table | Note:
    """Rank correlation of each pair of methods.

    Parameters
    ----------
    methods : MethodComparison
        Several methods side by side.
    words : Words
        Language.

    Returns
    -------
    Table or Note
        A note if there is one method only.
    """
    _ = words.gettext
    found = methods.correlations
    if len(found) < 2:
        return note(_("One method alone cannot be compared with others."))
    columns = [Column("method", _("Method"), is_row_header=True)]
    columns += [Column(method, method_word(method, words), align="right") for method in found.columns]
    rows = [
        {
            "method": method_word(str(method), words),
            **{str(other): _DASH if np.isnan(value) else words.number(value, 2) for other, value in line.items()},
        }
        for method, line in found.iterrows()
    ]
    return table(
        columns,
        rows,
        caption=_("How far the methods agree on the order: rank correlations"),
        note=_("1: the same order; 0: no connection. A dash: a method gives everybody the same score."),
    )


def drivers(outliers: OutlierResult, names: Mapping[str, str], words: Words) -> Table | Note:
    """Which municipality drives whose score, the greatest effects first.

    Parameters
    ----------
    outliers : OutlierResult
        From `screen_outliers`.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table or Note
        A note if leaving out any municipality changes no score.
    """
    _ = words.gettext
    influence = outliers.influence
    if influence.empty:
        return note(_("Leaving out any one municipality changes nobody else's score."))
    columns = [
        Column("driver", _("Without"), is_row_header=True),
        Column("unit", _("changes the score of")),
        Column("efficiency", _("from"), align="right"),
        Column("without", _("to"), align="right"),
    ]
    rows = [
        {
            "driver": names[str(row["driver"])],
            "unit": names[str(row["unit"])],
            "efficiency": efficiency_value(row["efficiency"], words),
            "without": efficiency_value(row["without"], words),
        }
        for row in influence.head(_DRIVERS).to_dict("records")
    ]
    more = len(influence) - len(rows)
    remark = words.ngettext("{n} smaller change is not shown.", "{n} smaller changes are not shown.", more)
    return table(
        columns, rows, caption=_("Who drives whose score"), note=remark.format(n=words.number(more)) if more else ""
    )


def context(effects: ContextEffects, passports: Mapping[str, Passport], words: Words) -> Table | None:
    """What a usual difference in each condition goes with: the figure in numbers.

    Parameters
    ----------
    effects : ContextEffects
        What context has to do with the scores.
    passports : mapping of str to Passport
        Passports of the context indicators.
    words : Words
        Language.

    Returns
    -------
    Table or None
        None where nothing could be estimated.
    """
    if effects.result is None:
        return None
    _ = words.gettext
    columns = [
        Column("indicator", _("Context"), is_row_header=True),
        Column("usual", _("Standard deviation"), align="right"),
        Column("change", _("Change of the distance"), align="right"),
        Column("interval", _("95% interval"), align="right"),
        Column("direction", _("More of it goes with")),
    ]
    rows = [
        {
            "indicator": f"{label_with_unit(passports[row['indicator']], words)}, {effects.years[row['indicator']]}",
            "usual": short_value(row["usual"], passports[row["indicator"]], words),
            "change": words.number(row["change"], 2, sign=True),
            "interval": words.interval(row["low"], row["high"]),
            "direction": direction_word(row["direction"], words),
        }
        for row in effects.effects.to_dict("records")
    ]
    return table(
        columns,
        rows,
        caption=_("Distance from the best practice and context"),
        note=_(
            "Distance: one divided by the efficiency, so 1 on the frontier and 2 where the best practice needs half the money."
        ),
    )


def reform(gains: ReformGains, names: Mapping[str, str], words: Words) -> Table:
    """Potential gains of each merger of the reform, and where they come from.

    Parameters
    ----------
    gains : ReformGains
        From `comparison.reform_gains`.
    names : mapping of str to str
        Names by code, in the report's language.
    words : Words
        Language.

    Returns
    -------
    Table
    """
    _ = words.gettext

    columns = [
        Column("name", _("Municipality"), is_row_header=True),
        Column("parts", _("Merged"), align="right"),
        Column("learning", _("by learning"), align="right"),
        Column("harmony", _("by a better mix"), align="right"),
        Column("size", _("by size"), align="right"),
        Column("potential", _("Together"), align="right"),
    ]
    rows = [
        {
            "name": names[str(row["unit"])],
            "parts": words.number(row["constituents"]),
            **{
                part: _DASH if pd.isna(row[f"{part}_pct"]) else words.percent(row[f"{part}_pct"], 1)
                for part in ("learning", "harmony", "size", "potential")
            },
        }
        for row in gains.savings.to_dict("records")
    ]
    return table(
        columns,
        rows,
        caption=_("Potential savings of the mergers, % of joint expenditure"),
        note=_(
            "A minus: at this size the municipalities of before the reform did worse. "
            "A dash: nobody so large is known to compare with."
        ),
    )
