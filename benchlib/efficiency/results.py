"""The shape that all results share: a table of scores with labels, and what is known about how they came about."""

from __future__ import annotations

import copyreg
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

#: How many rows of a table a notebook shows.
SHOWN: Final = 60
#: How numbers of a table are written where they are only looked at.
LOOK: Final = "{:.4f}".format


def read_only(items: Mapping[str, Any]) -> MappingProxyType[str, Any]:
    """Return a copy that cannot be changed."""
    return MappingProxyType(dict(items))


# Results travel between processes and into the cache; a read-only mapping cannot be pickled by itself.
copyreg.pickle(MappingProxyType, lambda view: (read_only, (dict(view),)))


@dataclass(frozen=True, eq=False, repr=False)
class TabularResult(ABC):
    """Base of results whose answer is one table.

    Attributes
    ----------
    scores : DataFrame
        A row per unit (or whatever is scored), in the order of the sample.
    info : mapping
        How the scores came about: method, options, counts, version of benchlib.
    """

    scores: pd.DataFrame
    info: Mapping[str, Any]

    @property
    @abstractmethod
    def title(self) -> str:
        """The model and what came out, in one line."""

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the scores."""
        return self.scores.copy()

    def summary(self) -> str:
        """Return the result as text."""
        return f"{self.title}\n\n{as_text(self.scores)}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.title})"

    def _repr_html_(self) -> str:
        return as_html(self.title, self.scores)


def as_text(table: pd.DataFrame) -> str:
    """Return a table as text, numbers with four decimals."""
    return str(table.to_string(index=False, float_format=LOOK))


def as_html(title: str, table: pd.DataFrame) -> str:
    """Return a title and a table as HTML for a notebook, every text escaped."""
    body = table.to_html(index=False, escape=True, border=0, max_rows=SHOWN, float_format=LOOK)
    return f"<p>{escape(title)}</p>{body}"
