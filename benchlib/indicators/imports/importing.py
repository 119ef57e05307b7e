"""An import from the file to the own folder: plan it, store it, take it out again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchlib.errors import OptionError
from benchlib.indicators.buildings.register import is_register_id, load_register
from benchlib.indicators.catalog import load_catalogue
from benchlib.indicators.imports.buildings import plan_buildings
from benchlib.indicators.imports.disclosure import recoverable
from benchlib.indicators.imports.figures import plan_figures
from benchlib.indicators.imports.lists import ids_of
from benchlib.indicators.imports.options import ImportOptions, read_declared
from benchlib.indicators.imports.plan import ImportPlan
from benchlib.indicators.imports.sheets import read_sheets
from benchlib.indicators.imports.surveys import plan_survey
from benchlib.indicators.imports.transaction import add, remove, taken_error
from benchlib.indicators.names import plain_text
from benchlib.indicators.readers.files import broken
from benchlib.indicators.store import check_storable
from benchlib.indicators.surveys.files import imported_surveys, read_survey

_LISTS: Final = {"figures": "registry.toml", "survey": "surveys.toml", "buildings": "buildings.toml"}


def plan_import(
    file: str | os.PathLike[str], options: ImportOptions | None = None, data: Path | None = None
) -> ImportPlan:
    """Read a file and say what it would store; nothing is stored.

    Parameters
    ----------
    file : path
        xlsx, xls, ods or csv.
    options : ImportOptions, optional
        What the file holds, and what cannot be found out from it.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    ImportPlan

    Raises
    ------
    FiguresFileError
        If anything in the file cannot be understood; the message names sheet, row and column of each problem.
    OptionError, CatalogueError
        If an option, the declarations, or the id is wrong.
    """
    path, options = Path(file), options or ImportOptions()
    declared = read_declared(options)
    sheets = read_sheets(path, options.sheet)
    sign = "-" if options.kind == "buildings" else "_"
    id = options.id or sign.join(["own", *plain_text(path.stem).split()])[:60].strip("_-")
    if options.kind == "buildings" and not is_register_id(id):
        raise OptionError(
            f"id={id!r:.80}: that of a register has small letters a-z, digits and single hyphens, for reports are named after it."
        )
    taken = ids_of(data)
    if id in taken:
        raise taken_error(id, taken, _LISTS[options.kind])
    if options.kind == "buildings":
        return plan_buildings(path, sheets, options, declared, id)
    catalogue = load_catalogue(data)
    if options.kind == "survey":
        return plan_survey(path, sheets, options, declared, catalogue, id, data)
    return plan_figures(path, sheets, options, declared, catalogue, id)


def store_import(plan: ImportPlan, data: Path | None = None) -> Path:
    """Store what an import has planned, wholly or not at all.

    Parameters
    ----------
    plan : ImportPlan
        From `plan_import`.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    pathlib.Path
        The own folder. This process sees what is new; kernels that run already must be started again.

    Raises
    ------
    OptionError
        If the id has been taken in the meantime.
    StoreError
        If the folder cannot be written to.
    BenchlibError
        If what would be stored does not pass the checks that every reading makes. Nothing has been stored then.
    """
    return add(plan.index, plan.addition, plan.files, _check_of(plan, data), data)


def remove_import(id: str, data: Path | None = None) -> tuple[str, ...]:
    """Take out again what was imported.

    Parameters
    ----------
    id : str
        Id of an own source, survey or register.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    tuple of str
        Measures of one's own that went with it, for no own source, weight or passport uses them any more.

    Raises
    ------
    OptionError
        If nothing of one's own has this id.
    StoreError
        If the folder cannot be written to.
    """
    return remove(id, _check_catalogue, data)


def _check_catalogue(stage: Path) -> None:
    load_catalogue(stage)


def _check_of(plan: ImportPlan, data: Path | None) -> Callable[[Path], None]:
    """Read the staged copy as every later reading will; nobody else stores meanwhile, so what is stored already counts too."""

    def check(stage: Path) -> None:
        catalogue = load_catalogue(stage)
        if plan.kind == "figures":
            for source in catalogue.registry.sources:
                if source.id == plan.id:
                    check_storable(source, stage)
        elif plan.kind == "survey":
            for survey in imported_surveys(access="members", data=stage):
                if survey.id == plan.id:
                    problems = recoverable(read_survey(survey, stage), survey.territory, survey.min_n, data)
                    if problems:
                        raise broken(plan.where, problems[0])
        else:
            load_register(plan.id, access="members", data=stage)

    return check
