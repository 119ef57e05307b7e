"""Further sentences of the improvement plan: money, pace, paths, and how the file is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchlib.indicators import Catalogue, ImprovementPlan, Passport, Territory
from benchlib.reporting.values import doubt_note, listed, marked, short_value, volume_note
from benchlib.reporting.words import Words


def title(unit: Territory, year: int, words: Words) -> str:
    """Title of the report.

    Parameters
    ----------
    unit : Territory
        The municipality.
    year : int
        Year of the report.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext("Improvement plan: {m}, {year}").format(m=words.name(unit), year=year)


def worth_bullets(plan: ImprovementPlan, chosen: pd.DataFrame, catalogue: Catalogue, words: Words) -> list[str]:
    """What reaching the targets for unit costs would mean in euro.

    Parameters
    ----------
    plan : ImprovementPlan
        The new plan.
    chosen : pandas.DataFrame
        From `comparison.choose_gaps`.
    catalogue : Catalogue
        Passports, and the names of the measures that turn a unit cost into money.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
        Empty where no goal is about a unit cost.
    """
    bullets = []
    rows = chosen.set_index("indicator").to_dict("index")
    for goal in plan.goals:
        passport, row = catalogue.passport(goal.indicator), rows[goal.indicator]
        if passport.dimension != "cost":
            continue
        measure = catalogue.registry.measures.get(passport.volume)
        about = {
            "indicator": passport.name[words.language],
            "target": short_value(goal.target, passport, words),
            "measure": measure.name[words.language] if measure else "",
            "year": plan.base_year,
        }
        if np.isnan(row["room_eur"]):
            text = _unknown_room(bool(measure), words)
        else:
            text = _room_text(row, words)
            about |= {
                "room": marked(f"**{words.euro(round(row['room_eur'], -3))}**", row["is_doubtful"]),
                "low": words.euro(round(row["room_low_eur"], -3)),
                "high": words.euro(round(row["room_high_eur"], -3)),
                "level": words.percent(100 * row["room_level"], 0),
                "volume": words.number(row["volume"]),
                "year": int(row["volume_year"]),
            }
        years = volume_note(row["year"], row["volume_year"], words)
        bullets.append(" ".join(filter(None, (text.format(**about), years))))
    return bullets


def _unknown_room(has_measure: bool, words: Words) -> str:
    _ = words.gettext
    if has_measure:
        return _(
            "**{indicator}**: how much money the target of {target} would free cannot be said: up to {year} there is no figure on "
            "“{measure}”."
        )
    return _(
        "**{indicator}**: how much money the target of {target} would free cannot be said; the volume is not known."
    )


def _room_text(row: Mapping[Any, Any], words: Words) -> str:
    """The sentence on the money; with its interval, and what it means that this holds zero, or that the figure is doubtful."""
    _ = words.gettext
    doubt = " " + _("The own figure behind it is doubtful.") if row["is_doubtful"] else ""
    if np.isnan(row["room_low_eur"]):
        text = _(
            "**{indicator}**: at {target}, about {room} a year would be freed ({measure}, {year}: {volume}). There is no interval."
        )
    elif row["room_low_eur"] > 0:
        text = _(
            "**{indicator}**: at {target}, about {room} a year would be freed ({measure}, {year}: {volume}); {low} to {high}, since the "
            "group is small ({level} interval)."
        )
    else:
        text = _(
            "**{indicator}**: at {target}, about {room} a year would be freed ({measure}, {year}: {volume}); but the group is so small "
            "that it may be nothing at all: {low} to {high} ({level} interval)."
        )
    return text + doubt


def worth_note(words: Words) -> str:
    """What the money is and is not.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "The euro are a scale for discussion, not a saving that can be entered into a budget: lower unit costs may mean less of the "
        "service, another need or another way of booking. A target in euro is in the prices of its base year; when costs rise "
        "everywhere, the distance to the group says more than the amount."
    )


def change_value(change: float, passport: Passport, words: Words) -> str:
    """A difference with its sign; of two percentages in percentage points, since per cent of it would be something else.

    Parameters
    ----------
    change : float
        In the unit of the indicator.
    passport : Passport
        The indicator.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    if passport.unit["en"].startswith("%"):
        return words.points(change, passport.decimals, sign=True)
    return short_value(change, passport, words, sign=True)


def change_range(low: float, high: float, passport: Passport, words: Words) -> str:
    """The range between two differences, as `change_value` writes them, the unit once.

    Parameters
    ----------
    low, high : float
        In the unit of the indicator; not missing.
    passport : Passport
        The indicator.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    if passport.unit["en"].startswith("%"):
        return words.points_range(low, high, passport.decimals, sign=True)
    ends = {name: change_value(end, passport, words) for name, end in (("low", low), ("high", high))}
    return words.gettext("{low} to {high}").format(**ends)


def pace_sentence(words: Words) -> str:
    """What the list of paces is."""
    return words.gettext("What the plan asks for a year, beside how figures of the other members moved before:")


def pace_bullets(pace: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """How fast the plan wants figures to change, beside how fast those of the others moved.

    Parameters
    ----------
    pace : pandas.DataFrame
        From `comparison.pace_of`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    bullets = []
    for row in pace.to_dict("records"):
        passport = passports[row["indicator"]]
        needed = change_value(row["needed"], passport, words)
        if np.isnan(row["usual_low"]):
            text = words.gettext(
                "**{indicator}**: {needed} a year. Too few earlier changes of the others are known to hold this against."
            )
        else:
            text = words.gettext(
                "**{indicator}**: {needed} a year. From one year to the next, eight of ten figures of the others changed by {range}."
            )
        told = text.format(
            indicator=passport.name[words.language],
            needed=needed,
            range=change_range(row["usual_low"], row["usual_high"], passport, words),
        )
        bullets.append(" ".join(filter(None, (told, _ambition(row, passport, words)))))
    return bullets


def _ambition(row: Mapping[Any, Any], passport: Passport, words: Words) -> str:
    """Whether a path asks for more than what happens anyway; "" where that is not known."""
    _ = words.gettext
    if np.isnan(row["usual_low"]):
        return ""
    best = row["usual_high"] if passport.direction > 0 else row["usual_low"]
    worst = row["usual_low"] if passport.direction > 0 else row["usual_high"]
    if (row["needed"] - best) * passport.direction > 0:
        return _("The path asks for a better change than that: the target is ambitious.")
    if (row["needed"] - worst) * passport.direction < 0:
        return _(
            "The path asks for less than that: figures of the others changed for the better more than this anyway."
        )
    return _("The path lies within that range.")


def path_texts(path: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> dict[str, str]:
    """Alt text and caption of the figure of paths, of a new plan or of one that is followed up.

    Parameters
    ----------
    path : pandas.DataFrame
        From `comparison.plan_path`, or `FollowUp.path`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    dict of str to str
        "alt" and "caption".
    """
    _ = words.gettext
    lines = []
    for indicator, rows in path.groupby("indicator", sort=False):
        passport = passports.get(str(indicator))
        if passport is None:
            continue
        real = [
            f"{row['year']}: {marked(short_value(row['value'], passport, words), row['is_doubtful'])}"
            for row in rows.dropna(subset="value").to_dict("records")
        ]
        last = rows.dropna(subset="planned").iloc[-1]
        lines.append(
            _("{indicator}: figures {values}; target {target} in {year}.").format(
                indicator=passport.name[words.language],
                values=listed(real, words) or words.missing,
                target=short_value(last["planned"], passport, words),
                year=last["year"],
            )
        )
    caption = _("Orange: the municipality; green, dotted: the path of the plan, ending at the target.")
    if path["median"].notna().any():
        caption += " " + _("Dashed: median of the comparison group.")
    if (path["is_doubtful"].astype(bool) & path["value"].notna()).any():
        caption += " " + doubt_note(words)
    return {
        "alt": _("Path to each target and figures year by year. {lines}").format(lines=" ".join(lines)),
        "caption": caption,
    }


def fill_in_bullets(plan: ImprovementPlan, words: Words) -> list[str]:
    """How the plan is filled in and kept.

    Parameters
    ----------
    plan : ImprovementPlan
        The new plan.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    steps = [
        _(
            "Open the plan's file in a text editor: it comes with the page and the PDF as plan.toml, and lies beside them under the "
            "name of the report with this ending. Fields with empty quotation marks are to be filled in."
        ),
        _(
            "Fill in measures, costs, times and the office responsible; change targets and partners; delete goals that you drop."
        ),
        _("Check it: benchlib plans check FILE. Keep it: benchlib plans add FILE"),
        _(
            "Run this report again when the figures of {year} or later are there: it holds the plan against them."
        ).format(year=plan.base_year + 1),
    ]
    return [
        *steps,
        _('The plan is for members until it says access = "public"; only then a public report takes it up.'),
    ]


def goal_titles(chosen: pd.DataFrame, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """A remark above each goal of the plan file: what the indicator is called, its unit, and whether its base figure is doubtful.

    Parameters
    ----------
    chosen : pandas.DataFrame
        From `comparison.choose_gaps`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    titles = []
    for row in chosen.to_dict("records"):
        passport = passports[row["indicator"]]
        title = f"{passport.name[words.language]} ({passport.unit[words.language]})"
        titles.append(f"{title}; {words.gettext('base figure doubtful')}" if row["is_doubtful"] else title)
    return titles


def file_header(plan: ImprovementPlan, words: Words) -> list[str]:
    """Comment lines on top of the plan file.

    Parameters
    ----------
    plan : ImprovementPlan
        The new plan.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    return [
        title(plan.unit, plan.base_year, words),
        "",
        _(
            "How to fill in: texts stand in quotation marks, numbers without them, decimals with a point: cost_eur = 12500.50"
        ),
        _('An empty "" is still to be filled in. Times: "2012", "2012-09" or "2012-09-01".'),
        _(
            "For a further measure, copy the line of one, braces included, and end it with a comma. Lines that begin with # are remarks."
        ),
        _("comparator: median, quarter, partner (the first of partners) or own, with a target that you decide."),
        _("responsible: the office that answers, without the name, e-mail address or telephone number of a person."),
        _('access = "members" or "public": who may read the plan.'),
        _("Check: benchlib plans check FILE. Keep: benchlib plans add FILE"),
    ]
