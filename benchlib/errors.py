"""Every error and warning of benchlib.

An error says what is wrong, where, why it matters and what to do. All errors derive from `BenchlibError`, so a
program can catch them in one line, and from the built-in error that a Python user would expect.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

#: Warnings point to the first line outside this folder.
_PACKAGE = f"{Path(__file__).parent}{os.sep}"


class BenchlibError(Exception):
    """Base of all errors that benchlib raises on purpose."""


class OptionError(BenchlibError, ValueError):
    """An argument has a value that is not allowed; the message names the argument, the value and what is allowed."""


class ParameterError(BenchlibError, ValueError):
    """A notebook parameter is unknown, missing or mistyped."""


class UnknownTerritoryError(BenchlibError, LookupError):
    """No municipality of the classification has this name or code; the message gives the three nearest names."""


class AmbiguousTerritoryError(BenchlibError, LookupError):
    """The name fits several municipalities (Jelgava the city, Jelgavas novads); the message lists them."""


class UnknownIndicatorError(BenchlibError, LookupError):
    """No passport has this id; the message gives the nearest ids."""


class NoFiguresError(BenchlibError, LookupError):
    """The indicator exists, but there are no figures for what was asked; the message says for which years there are."""


class AccessError(BenchlibError, PermissionError):
    """Something for members only was asked for with public access."""


class CatalogueError(BenchlibError, ValueError):
    """A file of `data/catalogue` is broken; the message names the file, the entry and the field."""


class PlanError(BenchlibError, ValueError):
    """The file of an improvement plan is broken or contradicts itself; the message names the file, the goal and the field."""


class FiguresFileError(BenchlibError, ValueError):
    """A figures file is broken; the message names file, row and column. Nothing of it has been imported."""


class HarmonisationError(BenchlibError, ValueError):
    """A figure cannot be carried over a territorial reform (a rank, an index, a split backwards)."""


class StoreError(BenchlibError, OSError):
    """The store cannot be built or opened (read-only or full disk, damaged file)."""


class SampleError(BenchlibError, ValueError):
    """The sample breaks a precondition of the method; the message names units and variables."""


class SolverError(BenchlibError, RuntimeError):
    """No unit at all could be scored."""


class ReportError(BenchlibError, RuntimeError):
    """A report run failed; the message says in which cell and where the notebook with the traceback is."""


class WorkerError(BenchlibError, RuntimeError):
    """Work given to other processes or machines was lost there, or cannot be given to them; the message says what to do."""


class MissingPartError(BenchlibError, ImportError):
    """An optional part of benchlib is not installed; the message says how to install it."""


class BenchlibWarning(UserWarning):
    """Base of all warnings that benchlib issues."""


class FewUnitsWarning(BenchlibWarning):
    """The sample is small for its number of variables; scores are biased upwards."""


class UnsolvedUnitsWarning(BenchlibWarning):
    """Some units have no score; the warning names them, the result carries the reason."""


class IncompleteFiguresWarning(BenchlibWarning):
    """Figures are missing where a comparison needs them; the warning names the municipalities."""


class NotConvergedWarning(BenchlibWarning):
    """An optimiser stopped before it found the maximum; the result says `converged=False` and must not be used as it is."""


class AssumptionWarning(BenchlibWarning):
    """The figures speak against an assumption of the method (separability, skewness); the result carries the details."""


def warn(message: str, category: type[BenchlibWarning]) -> None:
    """Issue a warning that points to the user's line, however deep in benchlib it arises.

    Parameters
    ----------
    message : str
        What is wrong, where, why it matters, what to do.
    category : type
        A class of this module.
    """
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
