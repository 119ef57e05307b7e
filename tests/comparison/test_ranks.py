"""Ranks and the range in which they moved, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchlib.comparison import rank_ranges

CODES = ("a", "b", "c", "d", "e")


def table(**years: list[float]) -> pd.DataFrame:
    """Values of the five units by year, `y2011=[...]`."""
    rows = [
        {"indicator": "cost", "territory": code, "year": int(name[1:]), "value": value}
        for name, values in years.items()
        for code, value in zip(CODES, values, strict=True)
    ]
    return pd.DataFrame(rows)


def ranks(frame: pd.DataFrame, direction: int = -1, year: int = 2013) -> dict[str, tuple[float, float, float]]:
    found = rank_ranges(frame, {"cost": direction}, CODES, year)
    return {row.territory: (row.rank, row.rank_low, row.rank_high) for row in found.itertuples()}


def test_the_range_is_the_best_and_the_worst_rank_of_the_years_around() -> None:
    found = rank_ranges(
        table(y2011=[5, 4, 3, 2, 1], y2012=[1, 2, 3, 4, 5], y2013=[1, 3, 2, 4, 5]), {"cost": -1}, CODES, 2013
    )
    by_code = found.set_index("territory")
    assert by_code.loc["a", ["rank", "rank_low", "rank_high", "years"]].tolist() == [1, 1, 5, 3]
    assert by_code.loc["b", ["rank", "rank_low", "rank_high"]].tolist() == [3, 2, 4]
    assert by_code.loc["c", ["rank", "rank_low", "rank_high"]].tolist() == [2, 2, 3]


def test_one_year_has_a_rank_but_no_range() -> None:
    assert all(np.isnan(low) and np.isnan(high) for _, low, high in ranks(table(y2013=[1, 2, 3, 4, 5])).values())


def test_years_further_away_do_not_count() -> None:
    assert ranks(table(y2010=[5, 4, 3, 2, 1], y2013=[1, 2, 3, 4, 5], y2014=[1, 2, 3, 4, 5]))["a"] == (1, 1, 1)


def test_more_is_better_turns_the_order_and_ties_share_the_best_place() -> None:
    found = ranks(table(y2013=[5, 5, 3, 2, 1]), direction=1)
    assert [found[code][0] for code in CODES] == [1, 1, 3, 4, 5]


def test_too_few_figures_or_no_direction_give_no_rank() -> None:
    assert ranks(table(y2013=[1, 2, 3, np.nan, np.nan])) == {}
    assert ranks(table(y2013=[1, 2, 3, 4, 5]), direction=0) == {}


def test_a_year_with_too_few_figures_does_not_widen_the_range() -> None:
    assert ranks(table(y2012=[np.nan, np.nan, np.nan, 1, 2], y2013=[1, 2, 3, 4, 5]))["e"][0] == 5
    assert np.isnan(ranks(table(y2012=[np.nan, np.nan, np.nan, 1, 2], y2013=[1, 2, 3, 4, 5]))["e"][1])
