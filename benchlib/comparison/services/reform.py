"""What a reform promised: the gains that merging former municipalities could have brought to a service."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from benchlib.comparison.figures import near_year
from benchlib.comparison.services.scores import doubtful_units
from benchlib.efficiency import MergerResult, Sample, merger_gains
from benchlib.errors import NoFiguresError, OptionError
from benchlib.indicators import (
    Service,
    Store,
    catalogue_of,
    classification,
    former_municipalities,
    load_indicators,
)
from benchlib.terms import Access, Classification

_LEFT_OUT = ["unit", "former", "reason"]


@dataclass(frozen=True)
class ReformGains:
    """Potential gains of the mergers of the territorial reform.

    Attributes
    ----------
    gains : MergerResult
        A row per merged municipality, in amounts of the service.
    sample : Sample
        The former municipalities with complete figures, in amounts.
    left_out : pandas.DataFrame
        `unit`, `former`, `reason`: why a municipality of today is no merger here, or comes without a part. Reasons are "not merged"
        (by the reform; `former` is empty), "no figures" and "doubtful" (of the former municipality), "split" (it went to several) and
        "one part" (only one former municipality came here whole).
    volume_year : int
        Year of the number of users that turns figures per user into amounts.
    indicators : tuple of str
        What all this rests on.
    """

    gains: MergerResult
    sample: Sample
    left_out: pd.DataFrame
    volume_year: int
    indicators: tuple[str, ...]

    @cached_property
    def savings(self) -> pd.DataFrame:
        """What each merger could have saved, in per cent of the expenditure of its parts; the greatest saving by merging first.

        Returns
        -------
        pandas.DataFrame
            `unit`, `constituents`, `potential_pct` (all of it), `learning_pct` (without any merger), `harmony_pct` (by a better mix),
            `size_pct`, `merging_pct` (harmony and size: what only merging brings). Taken one after the other, so that they add up;
            minus is a loss.
        """
        scores = self.gains.scores
        learning, harmony, size = (scores[name] for name in ("learning", "harmony", "size"))
        table = pd.DataFrame(
            {
                "unit": scores["unit"],
                "constituents": scores["constituents"],
                "potential_pct": 100.0 * (1.0 - scores["potential"]),
                "learning_pct": 100.0 * (1.0 - learning),
                "harmony_pct": 100.0 * learning * (1.0 - harmony),
                "size_pct": 100.0 * learning * harmony * (1.0 - size),
                "merging_pct": 100.0 * learning * (1.0 - scores["corrected"]),
            }
        )
        return table.sort_values(["merging_pct", "unit"], ascending=[False, True], ignore_index=True)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Merged municipalities that cannot be assessed, because figures of a part are missing or doubtful."""
        return self._without("no figures", "doubtful")

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Merged municipalities that are assessed without a part, which was split."""
        assessed = set(self.gains.scores["unit"])
        return tuple(unit for unit in self._without("split") if unit in assessed)

    def _without(self, *reasons: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.left_out.loc[self.left_out["reason"].isin(reasons), "unit"]))


def reform_gains(
    service: Service,
    *,
    year: int,
    territory: Classification = "2025",
    access: Access = "public",
    as_of: str | None = None,
    store: Store | None = None,
) -> ReformGains:
    """Potential gains of merging the municipalities of 2009 into those of today, by the figures of before the reform.

    Figures per user become amounts that can be added: money and result, each times the users, and the users themselves as a
    further output. The merged municipality has the sums of its parts, and is compared with the 119 as they were.

    Parameters
    ----------
    service : Service
        With inputs and outputs per user and a volume (pupils), from the catalogue.
    year : int
        Year of the inputs and outputs. The volume is of the nearest year for which it is known.
    territory : {"2025", "2021"}
        Municipalities into which the former ones went.
    access, as_of, store
        As in `load_indicators`.

    Returns
    -------
    ReformGains
        In input orientation with variable returns to scale: what share of the money the merged municipality would need for the same
        users and results. A former municipality that was split counts for none of its heirs, and `left_out` says so. One whose figures
        the registry doubts is left out with all it became part of: a single wrong figure on the frontier would turn all gains into
        losses (so Aglona's expenditure of 2012 and 2013).

    Raises
    ------
    OptionError
        If the municipalities are those of 2009, who are the parts.
    NoFiguresError
        If the service has no volume, or no figures for the year, or none that make a merger.

    See Also
    --------
    benchlib.efficiency.merger_gains : the method, and what learning, harmony and size mean.
    """
    if territory == "2009":
        raise OptionError("territory='2009': these are the parts; say '2021' or '2025', into which they were merged.")
    asked: dict[str, Any] = {"territory": "2009", "access": access, "as_of": as_of, "store": store}
    table = load_indicators([*service.inputs, *service.outputs], years=year, wide=True, **asked)
    volume = _volume(service, year, **asked)
    users = table["territory"].map(volume.set_index("territory")["value"])
    amounts = table[[*service.inputs, *service.outputs]].mul(users, axis=0)
    amounts = amounts.assign(**{service.volume: users}, unit=table["territory"], name=table["name"])
    sample = Sample.from_table(
        amounts, service.inputs, [service.volume, *service.outputs], unit="unit"
    ).without_missing()
    doubtful = doubtful_units([*service.inputs, *service.outputs], year, sample, **asked)
    sample = sample.subset([unit for unit in sample.units if unit not in doubtful])
    mergers, left_out = _mergers(sample.units, doubtful, territory)
    if not mergers:
        raise NoFiguresError(f"No merger has complete figures of all its parts for {year}. Name another year.")
    gains = merger_gains(sample, mergers, orientation="input", rts="vrs")
    used = (*service.inputs, *service.outputs, str(volume["indicator"].iloc[0]))
    return ReformGains(gains, sample, left_out, int(volume["year"].iloc[0]), used)


def _volume(service: Service, year: int, **asked: Any) -> pd.DataFrame:
    """Users of each former municipality in the nearest year, from the indicator that shows the volume as it is."""
    passports = catalogue_of(asked["store"]).indicators.values()
    shown = [p.id for p in passports if service.volume and p.measure == service.volume]
    if not shown:
        raise NoFiguresError(
            f"The service {service.id!r} has no volume that an indicator shows, so its figures per user cannot be added up. "
            "Name a measure under `volume` in its file and give it a passport."
        )
    volume = near_year(load_indicators(shown[0], years="all", **asked), year)
    if volume.empty:
        raise NoFiguresError(
            f"{shown[0]!r}, the volume of the service {service.id!r}, has no figures of before the reform."
        )
    return volume


def _mergers(
    known: Collection[object], doubtful: Collection[str], territory: Classification
) -> tuple[dict[str, list[str]], pd.DataFrame]:
    """Which former municipalities make up which municipality, for those made of two or more that are known and went there whole."""
    mergers: dict[str, list[str]] = {}
    left_out: list[tuple[str, str, str]] = []
    for unit in classification(territory):
        parts = former_municipalities(unit.code)
        if len(parts) < 2:
            left_out.append((unit.code, "", "not merged"))
            continue
        whole = [code for code, share in zip(parts["code"], parts["share"], strict=True) if share == 1]
        left_out += [(unit.code, code, "split") for code in parts["code"] if code not in whole]
        absent = [(unit.code, c, "doubtful" if c in doubtful else "no figures") for c in whole if c not in known]
        left_out += absent
        if len(whole) < 2:
            left_out += [(unit.code, code, "one part") for code in whole]
        elif not absent:
            mergers[unit.code] = whole
    return mergers, pd.DataFrame(left_out, columns=_LEFT_OUT)
