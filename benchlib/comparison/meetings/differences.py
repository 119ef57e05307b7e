"""From figures side by side to what to talk about: what changed, where the members differ most, what each might look into."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from benchlib.comparison.ranks import MINIMUM_MEMBERS, SMALL_GAP

#: Most differences to talk about in a meeting, and most indicators that one municipality takes home.
MOST_DIFFERENCES: Final = 6
MOST_HOMEWORK: Final = 3
_CHANGES = [
    *["indicator", "before", "year", "compared", "median_before", "median_now", "mover", "mover_before", "mover_now"],
    "is_carried",
]
_DIFFERENCES = [
    *["indicator", "year", "territory", "value", "reference", "other", "gap", "gap_pct", "gap_eur", "is_doubtful"],
    *["members_with_figure", "volume_year", "is_by_area"],
]
_OWN = [
    *["indicator", "year", "value", "gap_pct", "light", "rank", "rank_low", "rank_high", "members_with_figure"],
    *["fewest_members", "most_members", "lacking"],
]
_HOMEWORK = ["territory", "reason", "is_one_year", *_OWN, "median", "ask", "ask_value"]


def changes_of(
    figures: pd.DataFrame, summary: pd.DataFrame, doubts: Collection[tuple[str, int, str]] = ()
) -> pd.DataFrame:
    """What changed since the last year with figures before the one shown.

    Only municipalities that have a figure in both years are compared, so that who comes or goes does not move the median.

    Parameters
    ----------
    figures : pandas.DataFrame
        Tidy figures of all years of those in the room.
    summary : pandas.DataFrame
        `Meeting.summary`: which indicators, and the year shown of each.
    doubts : collection of (indicator, year, code)
        Doubtful figures; who has one is not told to have moved most.

    Returns
    -------
    pandas.DataFrame
        A row per indicator with an earlier year: `indicator`, `before`, `year`, `compared` (municipalities with both figures),
        `median_before`, `median_now` (of these; NaN for fewer than four), `mover`, `mover_before`, `mover_now` (whose figure changed most,
        in the indicator's unit; "" if nobody can be named), `is_carried` (somebody's figure was carried over a reform in one of the two
        years only, which is no change of anything).
    """
    rows = []
    for item in summary.to_dict("records"):
        name, year = str(item["indicator"]), int(item["year"])
        part = figures.loc[(figures["indicator"] == name) & figures["value"].notna()]
        earlier = part.loc[part["year"] < year, "year"]
        if earlier.empty:
            continue
        before = int(earlier.max())
        now_rows, then_rows = (part.loc[part["year"] == y].set_index("territory") for y in (year, before))
        codes = sorted(set(now_rows.index) & set(then_rows.index))
        now, then = now_rows.loc[codes], then_rows.loc[codes]
        is_enough = len(codes) >= MINIMUM_MEMBERS
        sure = [code for code in codes if not {(name, year, code), (name, before, code)} & set(doubts)]
        moved = (now["value"] - then["value"]).abs()[sure]
        mover = str(moved.idxmax()) if len(moved) and moved.max() > 0 else ""
        rows.append(
            {
                "indicator": name,
                "before": before,
                "year": year,
                "compared": len(codes),
                "median_before": float(then["value"].median()) if is_enough else np.nan,
                "median_now": float(now["value"].median()) if is_enough else np.nan,
                "mover": mover,
                "mover_before": float(then["value"][mover]) if mover else np.nan,
                "mover_now": float(now["value"][mover]) if mover else np.nan,
                "is_carried": bool((_is_carried(now) != _is_carried(then)).any()),
            }
        )
    return pd.DataFrame(rows, columns=_CHANGES)


def _is_carried(figures: pd.DataFrame) -> pd.Series:
    """Whose figure was put together from former municipalities; one that the reform left as it was has its figure unchanged."""
    return (figures["status"] == "harmonised") & ((figures["parts"] > 1) | (figures["share_basis"] != ""))


def differences_of(table: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """The biggest differences: of each indicator the one farthest from the median, the farthest first.

    Distances are in per cent of the median, so that indicators with different units can be put in an order; indicators that may be
    negative have none and are left out. Context, and what is counted by area, come only where there is nothing else: they explain, nobody
    decides them. Of two or three figures there is no median: the highest is held against the lowest.

    Parameters
    ----------
    table : pandas.DataFrame
        `Meeting.table`.
    summary : pandas.DataFrame
        `Meeting.summary`.

    Returns
    -------
    pandas.DataFrame
        `indicator`, `year`, `territory`, `value`, `reference` (median, or the lowest figure), `other` (who has the lowest figure; "" for
        the median), `gap` and `gap_pct` (from the reference), `gap_eur` (unit costs with a volume: what the gap is worth in a year),
        `is_doubtful`, `members_with_figure`, `volume_year` (of the users behind the euro; NaN without), `is_by_area`. At most six rows.
    """
    rows = [row for item in summary.to_dict("records") if (row := _farthest(item, table))]
    services = [row for row in rows if row["dimension"] != "context" and not row["is_by_area"]] or rows
    ordered = sorted(services, key=lambda row: (-abs(row["gap_pct"]), row["indicator"]))
    return pd.DataFrame(ordered[:MOST_DIFFERENCES], columns=_DIFFERENCES)


def _farthest(item: Mapping[Hashable, Any], table: pd.DataFrame) -> dict[str, Any] | None:
    part = table.loc[(table["indicator"] == item["indicator"]) & table["value"].notna()]
    shared = {name: item[name] for name in ("indicator", "dimension", "year", "members_with_figure", "is_by_area")}
    if not np.isnan(item["median"]):
        distances = part["gap_pct"].abs()
        if not distances.max() > 0:
            return None
        own = part.iloc[int(distances.to_numpy().argmax())]
        fields = ["territory", "value", "gap", "gap_pct", "gap_eur", "volume_year", "is_doubtful"]
        return {**shared, **{name: own[name] for name in fields}, "reference": item["median"], "other": ""}
    least, greatest = float(item["least"]), float(item["greatest"])
    if len(part) < 2 or least <= 0 or least == greatest:
        return None
    by_code = part.set_index("territory")
    high, low = str(item["greatest_territory"]), str(item["least_territory"])
    gap = greatest - least
    is_cost = item["dimension"] == "cost"
    return {
        **shared,
        "territory": high,
        "value": greatest,
        "reference": least,
        "other": low,
        "gap": gap,
        "gap_pct": 100 * gap / least,
        "gap_eur": gap * float(by_code["volume"][high]) if is_cost else np.nan,
        "volume_year": float(by_code["volume_year"][high]),
        "is_doubtful": bool(by_code["is_doubtful"][[high, low]].any()),
    }


def homework_of(table: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """What each municipality might look into before the next meeting, and whom to ask.

    First what is in the last quarter, then what is worse than the median, the farthest from it first: both only where the rank was beyond
    the middle in every year looked at, each by its own number of members with a figure, since one that moves across it is chance, and
    where the gap is no small one (`SMALL_GAP`). Then the same where ranks are known of one year only, then what others have figures of
    and it has not; at most three indicators each. Where there are too few figures for ranks, nothing is said to be worse. Doubtful figures
    are to be checked before anybody is asked. How dense something lies is nobody's homework: it follows from settlement.

    Parameters
    ----------
    table : pandas.DataFrame
        `Meeting.table`.
    summary : pandas.DataFrame
        `Meeting.summary`.

    Returns
    -------
    pandas.DataFrame
        `territory`, `indicator`, `year`, `reason` ("red", "worse", "missing", "doubtful"), `is_one_year` (red or worse by
        the rank of one year), `value`, `median`, `gap_pct`, `light`, `rank`, `rank_low`, `rank_high`, `members_with_figure`,
        `fewest_members`, `most_members` (as `rank_ranges`), `lacking` (as in `Meeting.table`), `ask` (who is best in the room on it; "" if
        nobody is better) and `ask_value`.
    """
    items = summary.set_index("indicator")
    decided = set(items.index[~items["is_by_area"].astype(bool)])
    directed = table.loc[
        (table["direction"] != 0) & (table["dimension"] != "context") & table["indicator"].isin(decided)
    ]
    best = {str(name): str(code) for name, code in items["best_territory"].items()}
    by_place = directed.set_index(["indicator", "territory"])["value"]
    rows = []
    for territory, part in directed.groupby("territory", sort=True):
        found = [(reason, row) for row in part.to_dict("records") if (reason := _reason(row, items))]
        found.sort(key=lambda pair: _urgency(*pair))
        for reason, row in found[:MOST_HOMEWORK]:
            name = str(row["indicator"])
            ask = best[name] if best[name] != territory and reason != "doubtful" else ""
            rows.append(
                {
                    **{key: row[key] for key in _OWN},
                    "territory": str(territory),
                    "reason": reason,
                    "is_one_year": _is_one_year(reason, row),
                    "median": float(items["median"][name]),
                    "ask": ask,
                    "ask_value": float(by_place[(name, ask)]) if ask else np.nan,
                }
            )
    return pd.DataFrame(rows, columns=_HOMEWORK)


#: Which homework comes first; what one year alone says comes after what several say.
_ORDER: Final = {"red": 0, "worse": 1, "doubtful": 1, "missing": 4}
_ONE_YEAR: Final = 2


def _urgency(reason: str, row: Mapping[Hashable, Any]) -> tuple[int, float, str]:
    place = _ORDER[reason] + (_ONE_YEAR if _is_one_year(reason, row) else 0)
    return place, -abs(float(np.nan_to_num(row["gap_pct"]))), str(row["indicator"])


def _is_one_year(reason: str, row: Mapping[Hashable, Any]) -> bool:
    """Whether only the rank of one year says that it is worse."""
    return reason in ("red", "worse") and bool(np.isnan(row["rank_low"]))


def _reason(row: Mapping[Hashable, Any], items: pd.DataFrame) -> str:
    """Why an indicator is homework; "" if it is none."""
    value, gap = float(row["value"]), float(row["gap"])
    if np.isnan(value):
        return "missing"
    is_worse = gap * int(row["direction"]) < 0
    if row["is_doubtful"]:
        return "doubtful" if is_worse else ""
    # A rank that was among the better half in one of the years around is no sign of anything.
    if np.isnan(row["rank"]) or not row["is_beyond_middle"]:
        return ""
    item = items.loc[row["indicator"]]
    if abs(gap) < SMALL_GAP * (item["upper_quartile"] - item["lower_quartile"]) / 2:
        return ""
    return "red" if row["light"] == "red" else "worse" if is_worse else ""
