"""What the map and the table can show: an indicator or a score of one year, with ranks, fifths and their limits.

Everything rests on the values as readers see them: two municipalities with the same number on the page share rank and colour.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import pandas as pd

from benchlib.comparison import MINIMUM_DATA
from benchlib.indicators import Passport, Service
from benchlib.reporting.site.scores import ScoredYear
from benchlib.reporting.values import as_shown
from benchlib.reporting.words import Words

Values: TypeAlias = tuple[float | None, ...]
Range: TypeAlias = tuple[int, int]

#: Into how many classes the map divides the municipalities.
CLASSES: Final = 5
_SCORE_DECIMALS = 2


@dataclass(frozen=True)
class Layer:
    """One indicator or score of one year, for all municipalities.

    Attributes
    ----------
    about : Passport or Service
        The indicator, or the service that is scored.
    year : int
        Year of the figures.
    values : tuple of float or None
        As shown, in the order of the places; None is missing.
    ranks : tuple of (int, int) or None
        First and last rank that a municipality may hold: for a score the bootstrap's range, for an indicator the ranks shared
        with equal figures. Without direction the greatest comes first. None where too few figures are there.
    fifths : tuple of int
        1 to 5 (5: best, or greatest where there is no direction); 0 is missing.
    intervals : tuple of (float, float) or None
        95% interval of a score.
    """

    about: Passport | Service
    year: int
    values: Values
    ranks: tuple[Range | None, ...]
    fifths: tuple[int, ...]
    intervals: tuple[tuple[float, float] | None, ...] = ()

    @property
    def is_score(self) -> bool:
        """Whether this is the efficiency of a service."""
        return isinstance(self.about, Service)

    @property
    def id(self) -> str:
        """Word for it in addresses: "unemployment_rate-2013", "efficiency-schools-2013"."""
        return f"{'efficiency-' if self.is_score else ''}{self.about.id}-{self.year}"

    @property
    def direction(self) -> int:
        """1: more is better, -1: less is better, 0: neither."""
        return self.about.direction if isinstance(self.about, Passport) else 1

    @property
    def decimals(self) -> int:
        """Decimals to show."""
        return self.about.decimals if isinstance(self.about, Passport) else _SCORE_DECIMALS

    @property
    def known(self) -> list[float]:
        """The values that are there."""
        return [value for value in self.values if value is not None]

    def bounds(self, fifth: int) -> tuple[float, float] | None:
        """Least and greatest value of a fifth; None if nobody is in it."""
        inside = [
            value for value, own in zip(self.values, self.fifths, strict=True) if own == fifth and value is not None
        ]
        return (min(inside), max(inside)) if inside else None


def indicator_layers(figures: pd.DataFrame, passports: Mapping[str, Passport], codes: Sequence[str]) -> list[Layer]:
    """A layer for each indicator and year with a figure.

    Parameters
    ----------
    figures : pandas.DataFrame
        Tidy figures from `load_indicators`.
    passports : mapping of str to Passport
        Passports of the indicators.
    codes : sequence of str
        Municipalities, in the order of the places.

    Returns
    -------
    list of Layer
        In the order of the passports, the latest year of each first.
    """
    table = figures.loc[figures["value"].notna()]
    by_year: dict[tuple[str, int], dict[str, float]] = {}
    for indicator, year, code, value in table[["indicator", "year", "territory", "value"]].itertuples(index=False):
        by_year.setdefault((str(indicator), int(year)), {})[str(code)] = float(value)
    order = {name: place for place, name in enumerate(passports)}
    found = []
    for indicator, year in sorted(by_year, key=lambda key: (order[key[0]], -key[1])):
        passport = passports[indicator]
        shown = as_seen([by_year[indicator, year].get(code) for code in codes], passport.decimals)
        enough = len(codes) * MINIMUM_DATA <= sum(value is not None for value in shown)
        ranks = rank_ranges(shown, passport.direction) if enough else (None,) * len(shown)
        found.append(Layer(passport, year, shown, ranks, fifths(shown, passport.direction)))
    return found


def score_layers(years: Sequence[ScoredYear], codes: Sequence[str]) -> list[Layer]:
    """A layer for the efficiency of each service and year: corrected where its uncertainty is known.

    Parameters
    ----------
    years : sequence of ScoredYear
        Scores of all municipalities.
    codes : sequence of str
        Municipalities, in the order of the places.

    Returns
    -------
    list of Layer
        In the order given.
    """
    found = []
    for year in years:
        scores = [year.by_code[code] for code in codes]
        is_sure = any(score.corrected is not None for score in scores)
        shown = as_seen([score.corrected if is_sure else score.efficiency for score in scores], _SCORE_DECIMALS)
        ranks = tuple(score.ranks for score in scores) if is_sure else rank_ranges(shown, 1)
        ends = tuple(None if s.low is None or s.high is None else (s.low, s.high) for s in scores) if is_sure else ()
        found.append(Layer(year.service, year.year, shown, ranks, fifths(shown, 1), ends))
    return found


def as_seen(values: Iterable[float | None], decimals: int) -> Values:
    """Values rounded as the page shows them; None where there is none.

    Parameters
    ----------
    values : iterable of float or None
        Figures; NaN is missing too.
    decimals : int
        Decimals to show.

    Returns
    -------
    tuple of float or None
    """
    # Adding zero takes the sign off a zero: "-0" is no figure.
    return tuple(None if v is None or not math.isfinite(v) else float(as_shown(v, decimals)) + 0.0 for v in values)


def rank_ranges(values: Values, direction: int) -> tuple[Range | None, ...]:
    """First and last rank of each value: equal values share their ranks.

    Parameters
    ----------
    values : tuple of float or None
        As shown.
    direction : {-1, 0, 1}
        As in a passport; without direction the greatest comes first.

    Returns
    -------
    tuple of (int, int) or None
        1 is best.
    """
    sign = direction or 1
    goodness = [value * sign for value in values if value is not None]

    def ranks(value: float) -> Range:
        better = sum(other > value * sign for other in goodness)
        return better + 1, better + goodness.count(value * sign)

    return tuple(None if value is None else ranks(value) for value in values)


def fifths(values: Values, direction: int) -> tuple[int, ...]:
    """Class of each value on the map: 5 for the best fifth, 0 for missing; equal values are never parted.

    Parameters
    ----------
    values : tuple of float or None
        As shown.
    direction : {-1, 0, 1}
        As in a passport; without direction 5 is the greatest.

    Returns
    -------
    tuple of int
    """
    count = sum(value is not None for value in values)
    ranked = rank_ranges(values, direction)
    # The middle of shared ranks decides, so that a large tie is neither called the best nor the last.
    return tuple(0 if r is None else CLASSES - int(CLASSES * (sum(r) / 2 - 0.5) / count) for r in ranked)


def rank_text(ranks: Range | None, count: int, words: Words) -> str:
    """Rank in a sentence or cell: "3. no 42", "3.–7. no 42"; "" without one.

    Parameters
    ----------
    ranks : (int, int) or None
        First and last rank.
    count : int
        How many are ranked.
    words : Words
        Language.

    Returns
    -------
    str
    """
    if ranks is None:
        return ""
    if ranks[0] == ranks[1]:
        return words.rank(ranks[0], count)
    text = words.gettext("{low}–{high} of {count}").format(low=ranks[0], high=ranks[1], count=count)
    return text.replace(" ", "\N{NO-BREAK SPACE}").replace("\N{EN DASH}", "\N{EN DASH}\N{WORD JOINER}")
