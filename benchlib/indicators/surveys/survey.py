"""Surveys as figures: what residents or users say about a service, with the interval of each mean, carried to today's municipalities."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import pandas as pd

from benchlib.errors import OptionError
from benchlib.indicators.names import find_municipality
from benchlib.indicators.store import check_day
from benchlib.indicators.surveys.files import Survey, imported_surveys, read_survey
from benchlib.indicators.surveys.means import mean_interval, pooled
from benchlib.indicators.territory import CLASSIFICATIONS, Link, codes, crosswalk
from benchlib.terms import Access, Classification, check_option

#: Columns of `load_surveys`.
SURVEY_COLUMNS: Final = (
    "territory",
    "name",
    "year",
    "survey",
    "question",
    "respondents",
    "n",
    "n_below",
    "mean",
    "sd",
    "low",
    "high",
    "interval",
    "scale_min",
    "scale_max",
    "share",
    "status",
    "reason",
    "parts",
    "network",
    "service",
    "source",
    "vintage",
    "access",
)
_GROUP: Final = ["survey", "question", "respondents", "year"]
_EMPTY: Final[Mapping[str, Any]] = {
    "n": math.nan,
    "n_below": 0,
    "mean": math.nan,
    "sd": math.nan,
    "parts": 0,
    "source": "",
    "vintage": "",
}


def load_surveys(
    questions: str | Iterable[str] | None = None,
    *,
    years: int | Iterable[int] | None = None,
    municipalities: str | Iterable[str] | None = None,
    territory: Classification = "2025",
    access: Access = "public",
    as_of: str | None = None,
    data: Path | None = None,
) -> pd.DataFrame:
    """Answers to survey questions, by municipality.

    Parameters
    ----------
    questions : str or iterable of str, optional
        Questions by id or text, as they were imported; all if absent.
    years : int or iterable of int, optional
        Years of the answers; all if absent.
    municipalities : str or iterable of str, optional
        Names or codes; all of the classification if absent.
    territory : {"2025", "2021", "2009"}
        Classification to which the answers are carried.
    access : {"public", "members"}
        "public" yields what was imported as public only.
    as_of : str, optional
        "YYYY-MM-DD": only vintages up to that day.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    pandas.DataFrame
        A row per question, year, group of respondents and municipality: `territory`, `name`, `year`, `survey`, `question`, `respondents`
        ("residents", "users"), `n` (answers; NaN where suppressed or missing), `n_below` (where suppressed: fewer answered than this, else
        0), `mean`, `sd` (NaN where it was not given), `low` and `high` (95 % interval of the mean), `interval` (what it rests on: "sd",
        "largest sd" where none was given, "all alike", ""), `scale_min`, `scale_max`, `share` (place of the mean on the scale, 0-100 %),
        `status` ("observed", "harmonised", "suppressed", "missing"), `reason` (why there is none: "not surveyed", "no mean", "few answers",
        "part missing", "part suppressed", "part split", "scales differ", else ""), `parts` (former municipalities), `network`, `service`,
        `source`, `vintage`, `access`. Without any survey it is empty.

    Raises
    ------
    OptionError
        If a question is not known; the message gives the nearest.
    UnknownTerritoryError, AmbiguousTerritoryError
        If a name is not known.
    FiguresFileError, CatalogueError
        If what was imported has been damaged.

    Notes
    -----
    The mean of a municipality that was joined from several is that of all who answered there, so former municipalities count by their
    answers, not by their inhabitants. It is missing where a part is missing, suppressed or was split: else the suppressed one could be
    computed from the others.
    """
    check_option("territory", territory, Classification)
    check_option("access", access, Access)
    day = check_day(as_of)
    known = [survey for survey in imported_surveys(access=access, data=data) if day is None or survey.vintage <= day]
    rows = _latest(known, data)
    units = _units(municipalities, territory)
    if rows.empty:
        return pd.DataFrame(columns=list(SURVEY_COLUMNS))
    rows = rows.loc[rows["question"].isin(_asked(questions, rows))]
    if years is not None:
        rows = rows.loc[rows["year"].isin([years] if isinstance(years, int) else list(years))]
    found = [
        {**dict(zip(_GROUP, key, strict=True)), **row}
        for key, part in rows.groupby(_GROUP, sort=True)
        for row in _carried(part, units, territory)
    ]
    return _with_intervals(pd.DataFrame(found)) if found else pd.DataFrame(columns=list(SURVEY_COLUMNS))


def _latest(known: Iterable[Survey], data: Path | None) -> pd.DataFrame:
    """Rows of all surveys, of each key the one of the latest vintage."""
    frames = [
        read_survey(survey, data).assign(
            source=survey.id, vintage=survey.vintage, access=survey.access, origin=survey.territory, min_n=survey.min_n
        )
        for survey in known
    ]
    if not frames:
        return pd.DataFrame()
    return pd.concat(frames, ignore_index=True).drop_duplicates([*_GROUP, "territory", "origin"], keep="last")


def _asked(questions: str | Iterable[str] | None, rows: pd.DataFrame) -> list[str]:
    known = list(dict.fromkeys(rows["question"]))
    if questions is None:
        return known
    asked = [questions] if isinstance(questions, str) else list(questions)
    for question in asked:
        if question not in known:
            near = get_close_matches(str(question), known, n=3, cutoff=0.0)
            raise OptionError(f"question={question!r:.80} is in no survey. Nearest: {', '.join(map(repr, near))}.")
    return asked


def _units(municipalities: str | Iterable[str] | None, territory: Classification) -> list[str]:
    if municipalities is None:
        return list(codes(territory))
    names = [municipalities] if isinstance(municipalities, str) else list(municipalities)
    return list(dict.fromkeys(find_municipality(name, territory).code for name in names))


def _carried(part: pd.DataFrame, units: Iterable[str], territory: Classification) -> list[dict[str, Any]]:
    """One question of one year: a row for each municipality, from the latest classification that says something about it."""
    by_origin: dict[str, dict[str, dict[str, Any]]] = {}
    for row in part.to_dict("records"):
        by_origin.setdefault(row["origin"], {})[row["territory"]] = {str(name): value for name, value in row.items()}
    earlier = [t for t in reversed(CLASSIFICATIONS) if t in by_origin and t <= territory]
    # Scale, network and service are those of the question even where nobody was asked.
    about = {name: part.iloc[0][name] for name in ("scale_min", "scale_max", "network", "service")}
    closed = {"access": "members" if (part["access"] == "members").all() else "public"}
    links = {origin: _links(origin, territory) for origin in earlier}
    found = []
    for unit in units:
        answers = (_carry(links[origin].get(unit, ()), by_origin[origin]) for origin in earlier)
        answer = next((answer for answer in answers if answer is not None), None)
        answer = answer or {**_EMPTY, "status": "missing", "reason": "not surveyed"}
        found.append({"territory": unit, "name": codes(territory)[unit].name, **about, **closed, **answer})
    return found


def _links(origin: Classification, territory: Classification) -> dict[str, tuple[Link, ...]]:
    links: dict[str, tuple[Link, ...]] = {}
    for link in crosswalk(origin, territory):
        links[link.new] = (*links.get(link.new, ()), link)
    return links


def _carry(links: tuple[Link, ...], rows: Mapping[str, dict[str, Any]]) -> dict[str, Any] | None:
    """Answer of a municipality from those of its parts; None if nobody was asked in any of them."""
    there = [rows[link.old] for link in links if link.old in rows]
    if not there:
        return None
    kept = {name: there[-1][name] for name in ("scale_min", "scale_max", "network", "service", "source", "vintage")}
    kept["access"] = "members" if any(row["access"] == "members" for row in there) else "public"
    if len(links) == 1 and not links[0].basis:
        return {**kept, "parts": 1, **_as_it_is(there[0])}
    missing = {**kept, **{k: v for k, v in _EMPTY.items() if k not in kept}, "parts": len(links), "status": "missing"}
    if any(link.basis for link in links):
        return {**missing, "reason": "part split"}
    if any(row["status"] == "suppressed" for row in there):
        return {**missing, "reason": "part suppressed"}
    if len(there) < len(links) or any(row["status"] == "missing" for row in there):
        return {**missing, "reason": "part missing"}
    if len({(row["scale_min"], row["scale_max"]) for row in there}) > 1:
        return {**missing, "reason": "scales differ"}
    n, mean, sd = pooled([(int(row["n"]), row["mean"], row["sd"]) for row in there])
    answer = {"n": float(n), "n_below": 0, "mean": mean, "sd": sd, "status": "harmonised", "reason": ""}
    return {**kept, **answer, "parts": len(links)}


def _as_it_is(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a municipality that no reform has touched."""
    is_suppressed = row["status"] == "suppressed"
    reason = {"observed": "", "suppressed": "few answers"}.get(row["status"], "no mean")
    numbers = {name: row[name] for name in ("n", "mean", "sd")}
    return {**numbers, "n_below": int(row["min_n"]) if is_suppressed else 0, "status": row["status"], "reason": reason}


def _with_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    lows, highs, bases = [], [], []
    for row in frame.to_dict("records"):
        low, high, basis = math.nan, math.nan, ""
        if not math.isnan(row["mean"]):
            low, high, basis = mean_interval(row["mean"], row["sd"], int(row["n"]), row["scale_min"], row["scale_max"])
        lows.append(low)
        highs.append(high)
        bases.append(basis)
    share = 100.0 * (frame["mean"] - frame["scale_min"]) / (frame["scale_max"] - frame["scale_min"])
    return frame.assign(low=lows, high=highs, interval=bases, share=share)[list(SURVEY_COLUMNS)]
