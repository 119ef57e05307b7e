"""Factors by which energy becomes euro, carbon dioxide and a normal year (`data/catalogue/energy.toml`): dated, with their source.

A factor that nobody has held against its source says so (`verified = false`), and every report that uses it shows that. A user's own
`catalogue/energy.toml` replaces single factors, such as that of the local district heat.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchlib.errors import CatalogueError
from benchlib.indicators.folder import data_folder, own_folder
from benchlib.indicators.registry import Texts, build, entries, read_toml

#: What no overview of energy can do without.
_NEEDED = ("degree_days_normal", "price_heat", "price_electricity", "co2_electricity")


@dataclass(frozen=True, slots=True)
class Factor:
    """A number that is not the municipality's own.

    Attributes
    ----------
    id : str
        `co2_<heat source>`, `co2_electricity`, `degree_days_normal`, `hot_water_<building type>`, `lifetime_<kind of measure>`,
        `price_heat`, `price_electricity`, `price_<heat source>`, `reference_<what>`.
    name, unit, source : mapping
        Texts by language.
    value : float
        The number, in its unit.
    date : str
        "YYYY-MM-DD" or "YYYY", the state of what the source says.
    verified : bool
        Whether it was held against its source.
    note : mapping
        What else a reader must know.
    """

    id: str
    name: Texts
    value: float
    unit: Texts
    source: Texts
    date: str
    verified: bool
    note: Texts | None = None


def load_factors(data: Path | None = None) -> dict[str, Factor]:
    """All factors by id, the user's own in the place of the shipped ones.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    dict of str to Factor
        In the order of the file.

    Raises
    ------
    CatalogueError
        If a file is broken or a factor is missing that is always needed; the message names file, factor and field.
    """
    folder = data or data_folder()
    shipped, own = (base / "catalogue" / "energy.toml" for base in (folder, own_folder(folder)))
    factors = _factors(shipped)
    if own.exists():
        factors |= _factors(own)
    for id in _NEEDED:
        if id not in factors:
            raise CatalogueError(f"{shipped}: the factor {id!r} is missing; energy cannot be compared without it.")
    return factors


def _factors(path: Path) -> dict[str, Factor]:
    found: dict[str, Factor] = {}
    for entry in entries(read_toml(path), "factors", path):
        where = f"{path}, factor {entry.get('id', '?')!r:.80}"
        factor: Factor = build(Factor, {**entry, "date": str(entry.get("date", ""))}, where)
        if factor.id in found:
            raise CatalogueError(f"{where}: it stands there twice.")
        if not math.isfinite(factor.value) or factor.value < 0:
            raise CatalogueError(f"{where}: value = {factor.value} is not a number of 0 or more.")
        if factor.id.startswith("hot_water_") and factor.value >= 1:
            raise CatalogueError(f"{where}: value = {factor.value} is not a share; write 0.1 for 10 %.")
        _check_date(factor.date, where)
        found[factor.id] = factor
    return found


def _check_date(text: str, where: str) -> None:
    try:
        date.fromisoformat(text if len(text) > 4 else f"{text}-01-01")
    except ValueError as error:
        raise CatalogueError(f"{where}: date = {text!r:.40} is not a year or a day such as 2022-10-18.") from error
