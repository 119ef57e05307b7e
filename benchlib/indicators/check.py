"""Is the data folder whole and consistent? (`benchlib data check`)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pandas as pd

from benchlib.errors import BenchlibError
from benchlib.indicators.buildings.register import load_register, register_problems, registers
from benchlib.indicators.catalog import Catalogue, load_catalogue
from benchlib.indicators.figures import read_figures
from benchlib.indicators.folder import own_folder
from benchlib.indicators.names import find_municipality
from benchlib.indicators.surveys.files import imported_surveys, survey_problems
from benchlib.indicators.territory import CLASSIFICATIONS, codes, crosswalk
from benchlib.indicators.weights import weights_problems

# Measures that must add up within a municipality: whole = sum of the parts; publishers round each, so 2 km may be lost.
_SUMS = {
    "roads_total_length": ("state_roads_length", "municipal_roads_length", "municipal_streets_length"),
    "municipal_roads_length": ("municipal_roads_length_paved", "municipal_roads_length_gravel"),
    "municipal_streets_length": ("municipal_streets_length_paved", "municipal_streets_length_gravel"),
    "state_roads_length": ("state_roads_length_paved", "state_roads_length_gravel"),
}
_ROUNDING = 2.0


def check_data(data: Path | None = None) -> list[str]:
    """Check every file against its receipt, the catalogue, the reforms, and figures against each other.

    What the user has added is checked along: figures, surveys and building registers.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of str
        One sentence per problem; empty when all is well.
    """
    try:
        catalogue = load_catalogue(data)
    except BenchlibError as error:
        return [str(error)]
    problems, frames = [], []
    for source in catalogue.registry.sources:
        try:
            frames.append(read_figures(source, catalogue.registry.folder))
        except BenchlibError as error:
            problems.append(str(error))
    for is_own, folder in ((False, catalogue.registry.folder), (True, own_folder(catalogue.registry.folder))):
        listed = {source.file for source in catalogue.registry.sources if source.is_own == is_own}
        for path in sorted((folder / "figures").glob("*.csv")):
            if f"figures/{path.name}" not in listed:
                problems.append(
                    f"{path} has no entry in registry.toml, so nobody can say where its figures come from; add one or remove it."
                )
    stored = survey_problems(catalogue.registry.folder) + register_problems(catalogue.registry.folder)
    problems += stored or _ahead(catalogue)
    problems += weights_problems(data) + _reforms() + _networks(catalogue)
    if frames:
        problems += _sums(pd.concat(frames, ignore_index=True))
    return problems


def _ahead(catalogue: Catalogue) -> list[str]:
    """Own figures, answers and registers with observed years after the day that they are of."""
    folder = catalogue.registry.folder
    stored = [(source.id, source.vintage, source.years) for source in catalogue.registry.sources if source.is_own]
    stored += [(s.id, s.vintage, s.years) for s in imported_surveys(access="members", data=folder)]
    for about in registers(access="members", data=folder):
        if about.is_own:
            register = load_register(about.id, access="members", data=folder)
            done = register.measures.loc[register.measures["status"] == "done", "year"]
            stored.append((about.id, about.vintage, (*register.years, *map(int, done))))
    return [
        f"{id} has {max(years)} among its years, but is of {vintage}: nobody can have counted that yet. Take it out (benchlib data "
        f"remove {id}), correct the year, and import it again."
        for id, vintage, years in stored
        if max(years, default=0) > int(vintage[:4])
    ]


def _reforms() -> list[str]:
    problems = []
    for origin, target in pairwise(CLASSIFICATIONS):
        shares: dict[str, dict[str, float]] = {"population": {}, "area": {}}
        for link in crosswalk(origin, target):
            for kind, part in (("population", link.population_share), ("area", link.area_share)):
                shares[kind][link.old] = shares[kind].get(link.old, 0.0) + part
            if link.new not in codes(target):
                problems.append(f"reforms.csv: {link.old} passes into {link.new}, which is not a unit of {target}.")
        problems += [
            f"reforms.csv: the {kind} shares of {old} add up to {total:.4f}, not 1."
            for kind, share in shares.items()
            for old, total in share.items()
            if abs(total - 1) > 1e-6
        ]
    return problems


def _networks(catalogue: Catalogue) -> list[str]:
    problems = []
    for network in catalogue.networks.values():
        for member in network.members:
            try:
                find_municipality(member.name, member.territory)
            except BenchlibError as error:
                problems.append(f"networks.toml, {network.id}: {error}")
    return problems


def _sums(figures: pd.DataFrame) -> list[str]:
    problems = []
    wide = figures.pivot_table(index=["territory", "year"], columns="measure", values="value")
    for whole, parts in _SUMS.items():
        if not {whole, *parts} <= set(wide.columns):
            continue
        gap = (wide[whole] - wide[list(parts)].sum(axis=1, min_count=len(parts))).abs()
        for territory, year in gap.index[gap > _ROUNDING]:
            problems.append(
                f"{whole} of {territory} in {year} differs from the sum of its parts by {gap[territory, year]:g}."
            )
    return problems
