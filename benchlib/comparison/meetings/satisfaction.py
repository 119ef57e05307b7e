"""What people say of a service against what it costs: who is satisfied for little money, as far as the answers can tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from benchlib.comparison.ranks import MINIMUM_MEMBERS, SMALL_GAP
from benchlib.errors import NoFiguresError, OptionError
from benchlib.indicators import (
    Store,
    Survey,
    catalogue_of,
    classification,
    imported_surveys,
    load_indicators,
    load_surveys,
)
from benchlib.indicators.registry import Texts
from benchlib.terms import Access, Classification, check_option

Quadrant = Literal[
    "cheap and satisfied", "dear and satisfied", "cheap and dissatisfied", "dear and dissatisfied", "not sure", ""
]
#: Which of the two figures cannot be told from its median.
Unsure = Literal["", "answers", "cost", "both"]
QUADRANTS: Final[tuple[Quadrant, ...]] = get_args(Quadrant)
_COLUMNS: Final = (
    "territory",
    "year",
    "x",
    "x_status",
    "y",
    "y_low",
    "y_high",
    "interval",
    "n",
    "n_below",
    "parts",
    "status",
    "reason",
    "quadrant",
    "unsure",
    "source",
    "access",
)


class OtherAnswers(NamedTuple):
    """A question, group, year and survey of which there are answers too."""

    question: str
    respondents: str
    year: int
    survey: str


@dataclass(frozen=True)
class SatisfactionAgainstCost:
    """Answers to one question and the cost of what was asked about, municipality by municipality.

    Attributes
    ----------
    indicator : str
        The cost.
    question : str
        The question as it was imported; "" if there is no survey.
    wording : mapping
        Its wording by language, where the import gave it; else empty.
    survey, respondents : str
        Survey and group ("residents", "users"); "" if there is no survey.
    year : int
        Year of the report.
    answer_year, cost_year : int or None
        Years of the answers and of the cost: the nearest for which there are any. None if there are none.
    scale : tuple of float
        Lowest and highest answer.
    median_cost, median_answer : float
        Medians of those who have both figures; NaN if these are fewer than four: then nobody is put into a quadrant.
    table : pandas.DataFrame
        A row per member: `territory`, `year` (of the answers), `x` (cost) and `x_status`, `y` (mean answer), `y_low` and `y_high` (its
        95 % interval), `interval` (what that rests on), `n` (answers), `n_below` (where suppressed: fewer than this), `parts` (former
        municipalities whose answers are pooled), `status` ("observed": both figures are there; else "suppressed" or "missing"),
        `reason` ("" or why not: those of `load_surveys`, "another scale" or "no cost"), `quadrant` ("cheap and satisfied", "dear and
        satisfied", "cheap and dissatisfied", "dear and dissatisfied"; "not sure" where the interval holds the median of the answers, or
        the cost lies nearer to its median than `SMALL_GAP` of half the middle half; "" without both figures or medians), `unsure` (which
        of the two it is: "answers", "cost" or "both"; else ""), `source` and `access` of the answers.
    costs : pandas.DataFrame
        The tidy figures of the cost, for the list of sources.
    surveys : tuple of Survey
        Where the answers come from.
    others : tuple of OtherAnswers
        What else members were asked: other questions, groups, years and surveys with means.
    """

    indicator: str
    question: str
    wording: Texts
    survey: str
    respondents: str
    year: int
    answer_year: int | None
    cost_year: int | None
    scale: tuple[float, float]
    median_cost: float
    median_answer: float
    table: pd.DataFrame
    costs: pd.DataFrame
    surveys: tuple[Survey, ...] = ()
    others: tuple[OtherAnswers, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no survey to speak of."""
        return not self.question

    @property
    def has_medians(self) -> bool:
        """Whether enough members have both figures for medians, and so for quadrants."""
        return not np.isnan(self.median_cost)

    @property
    def both(self) -> pd.DataFrame:
        """Rows of those who have both figures."""
        return self.table.loc[self.table["status"] == "observed"]

    @property
    def same_question(self) -> tuple[str, ...]:
        """Other surveys that asked the same group the same question in the same year."""
        asked = self.question, self.respondents, self.answer_year
        return tuple(other.survey for other in self.others if other[:3] == asked)

    def row(self, territory: str) -> pd.Series | None:
        """The row of a member; None for who is none."""
        found = self.table.loc[self.table["territory"] == territory]
        return None if found.empty else found.iloc[0]

    def __repr__(self) -> str:
        what = f"{self.question!r}, {len(self.both)} of {len(self.table)} members" if self.question else "no survey"
        return f"SatisfactionAgainstCost({self.indicator!r}, {what})"


def satisfaction_against_cost(
    question: str | None = None,
    *,
    indicator: str,
    year: int,
    codes: Collection[str] | None = None,
    network: str = "",
    respondents: str | None = None,
    territory: Classification = "2025",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> SatisfactionAgainstCost:
    """Hold what people answered against what the service costs.

    Parameters
    ----------
    question : str, optional
        A question of an imported survey; if absent, one of the nearest year: first those to which at least four members have answers,
        then that to which most have.
    indicator : str
        A cost by id.
    year : int
        Year of the report. The answers of the nearest year count, and the cost of the year nearest to the answers.
    codes : collection of str, optional
        Members by code; all of the classification if absent.
    network : str
        Only questions that the survey gave to this network, or to none in particular; "" for all.
    respondents : {"residents", "users"}, optional
        Who answered; if absent, the group with more means.
    territory, access, as_of, store
        As in `load_indicators`. "public" sees neither surveys nor figures for members.

    Returns
    -------
    SatisfactionAgainstCost
        Without a survey that may be seen it is empty (`is_empty`).

    Raises
    ------
    OptionError
        If the indicator is no cost, the question is in no survey, or `respondents` is neither.
    UnknownIndicatorError
        If there is no such indicator.

    Notes
    -----
    The interval is that of chance among those who answered; it says nothing of those who did not. A cost has none: it is the sum of
    an account. The medians are those of the members themselves, few as they may be. Former municipalities count by their answers, not by
    their inhabitants (see `load_surveys`); `parts` tells where that is so. Means on different scales are never held against each other.
    """
    if catalogue_of(store).passport(indicator).dimension != "cost":
        raise OptionError(f"indicator={indicator!r} is not a cost, so nobody could be called dear or cheap by it.")
    if respondents is not None:
        check_option("respondents", respondents, Literal["residents", "users"])
    members = [unit.code for unit in classification(territory) if codes is None or unit.code in codes]
    data = None if store is None else store.registry.folder
    answers = load_surveys(question, territory=territory, access=access, as_of=as_of, data=data)
    stored = {survey.id: place for place, survey in enumerate(imported_surveys(access=access, data=data))}
    answers = answers.assign(place=answers["source"].map(stored).fillna(-1))
    answers, others = _chosen(answers, members, year, network, respondents)
    answer_year = None if answers.empty else int(answers["year"].iloc[0])
    costs = _costs(indicator, year if answer_year is None else answer_year, members, territory, access, as_of, store)
    about = _about(answers, access, store)
    table, medians = _joined(answers, costs, members)
    return SatisfactionAgainstCost(
        indicator=indicator,
        year=year,
        answer_year=answer_year,
        cost_year=None if costs.empty else int(costs["year"].iloc[0]),
        median_cost=medians[0],
        median_answer=medians[1],
        table=table,
        costs=costs,
        others=others,
        **about,
    )


def _chosen(
    answers: pd.DataFrame, members: Collection[str], year: int, network: str, respondents: str | None
) -> tuple[pd.DataFrame, tuple[OtherAnswers, ...]]:
    """The rows of one question, survey, group and year, and what else was asked.

    Four means are enough for medians, so these come first; then the nearest year, most means, and what was stored last.
    """
    if answers.empty:
        return answers, ()
    part = answers.loc[answers["territory"].isin(members)]
    if network:
        part = part.loc[part["network"].isin([network, ""])]
    if respondents is not None:
        part = part.loc[part["respondents"] == respondents]
    keys = ["question", "survey", "respondents", "year"]
    groups = part.assign(there=part["mean"].notna()).groupby(keys, sort=False)
    counts = groups.agg(there=("there", "sum"), place=("place", "max")).reset_index()
    counts = counts.loc[counts["there"] > 0]
    if counts.empty:
        return part.iloc[:0], ()
    counts = counts.assign(gap=(counts["year"] - year).abs(), is_few=counts["there"] < MINIMUM_MEMBERS)
    # Of two surveys that are alike in all this, the later one: a corrected file may have brought another name with it.
    ways = {"is_few": True, "gap": True, "year": True, "there": False, "question": True, "respondents": False}
    order = counts.sort_values([*ways, "place"], ascending=[*ways.values(), False])
    others = dict.fromkeys(
        OtherAnswers(str(question), str(who), int(of), str(survey))
        for question, survey, who, of in order[keys].itertuples(index=False)
    )
    return _on_one_scale(part.merge(order[keys].head(1), on=keys)), tuple(others)[1:]


def _on_one_scale(answers: pd.DataFrame) -> pd.DataFrame:
    """The answers without the means on another scale than most: a survey may have come in several files, and 4 of 5 is not 4 of 10."""
    scales = ["scale_min", "scale_max"]
    counts = answers.assign(there=answers["mean"].notna()).groupby(scales)["there"].sum()
    usual: Any = counts.idxmax()  # the smaller scale of two that are alike
    is_other = answers["mean"].notna() & ~(answers[scales] == list(usual)).all(axis=1)
    answers = answers.assign(**dict(zip(scales, usual, strict=True)))
    answers.loc[is_other, ["mean", "sd", "low", "high"]] = np.nan
    answers.loc[is_other, "interval"] = ""
    answers.loc[is_other, ["status", "reason"]] = ["missing", "another scale"]
    return answers


def _about(answers: pd.DataFrame, access: Access, store: Store | None) -> dict[str, Any]:
    """Words of the question that was chosen."""
    if answers.empty:
        return {"question": "", "wording": {}, "survey": "", "respondents": "", "scale": (np.nan, np.nan)}
    first = answers.iloc[0]
    question = str(first["question"])
    known = imported_surveys(access=access, data=None if store is None else store.registry.folder)
    used = tuple(survey for survey in known if survey.id in set(answers["source"]))
    wordings = [survey.questions[question] for survey in used if question in survey.questions]
    return {
        "question": question,
        "wording": dict(wordings[-1]) if wordings else {},
        "surveys": used,
        "survey": str(first["survey"]),
        "respondents": str(first["respondents"]),
        "scale": (float(first["scale_min"]), float(first["scale_max"])),
    }


def _costs(
    indicator: str,
    year: int,
    members: Collection[str],
    territory: Classification,
    access: Access,
    as_of: str | None,
    store: Store | None,
) -> pd.DataFrame:
    """Cost of the members in the nearest year in which one of them has it; empty if there is none that may be seen."""
    try:
        table = load_indicators(indicator, years="all", territory=territory, access=access, as_of=as_of, store=store)
    except NoFiguresError:
        return pd.DataFrame(columns=["territory", "year", "value", "status", "source"])
    table = table.loc[table["territory"].isin(members)]
    years = sorted(int(known) for known in table.loc[table["value"].notna(), "year"].unique())
    if not years:
        return table.iloc[:0]
    near = min(years, key=lambda known: (abs(known - year), known))
    return table.loc[table["year"] == near].reset_index(drop=True)


def _joined(
    answers: pd.DataFrame, costs: pd.DataFrame, members: Collection[str]
) -> tuple[pd.DataFrame, tuple[float, float]]:
    """Both figures of each member, and the medians of those who have both."""
    if answers.empty:
        return pd.DataFrame(columns=list(_COLUMNS)), (np.nan, np.nan)
    names = {"mean": "y", "low": "y_low", "high": "y_high"}
    kept = ["interval", "n", "n_below", "parts", "status", "reason", "source", "access"]
    table = pd.DataFrame({"territory": list(members)}).merge(
        answers[["territory", "year", *names, *kept]].rename(columns=names), on="territory", how="left"
    )
    paid = costs[["territory", "value", "status"]].rename(columns={"value": "x", "status": "x_status"})
    table = table.merge(paid, on="territory", how="left").astype({"x": "float64"})
    table["x_status"] = table["x_status"].fillna("missing")
    has_answer, has_cost = table["y"].notna(), table["x"].notna()
    table["reason"] = table["reason"].where(~has_answer | has_cost, "no cost")
    table["status"] = np.where(has_answer & has_cost, "observed", table["status"].where(~has_answer, "missing"))
    both = table.loc[has_answer & has_cost]
    enough = len(both) >= MINIMUM_MEMBERS
    medians = (float(both["x"].median()), float(both["y"].median())) if enough else (np.nan, np.nan)
    near = SMALL_GAP * float(np.subtract(*both["x"].quantile([0.75, 0.25]))) / 2
    placed = [_quadrant(row, *medians, near) for row in table.to_dict("records")]
    table["quadrant"], table["unsure"] = ([pair[place] for pair in placed] for place in (0, 1))
    return table[list(_COLUMNS)], medians


def _quadrant(row: Mapping[Any, Any], median_cost: float, median_answer: float, near: float) -> tuple[Quadrant, Unsure]:
    """The quadrant of a member, and what is not sure of it."""
    if np.isnan(median_cost) or row["status"] != "observed":
        return "", ""
    is_near = abs(row["x"] - median_cost) <= near * (1 - 1e-9)
    is_open = row["y_low"] <= median_answer <= row["y_high"]
    if is_near or is_open:
        return "not sure", "both" if is_near and is_open else "cost" if is_near else "answers"
    is_dear, is_satisfied = row["x"] > median_cost, row["y"] > median_answer
    if is_satisfied:
        return ("dear and satisfied" if is_dear else "cheap and satisfied"), ""
    return ("dear and dissatisfied" if is_dear else "cheap and dissatisfied"), ""
