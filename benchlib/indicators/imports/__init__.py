"""Own files in: figures, surveys and building registers, understood, shown, checked, and stored wholly or not at all.

`plan_import` reads a file and says what it would store, `store_import` stores it. The command line (`benchlib data import`) does the same
with a question in between.

>>> from benchlib.indicators.imports import ImportOptions, plan_import, store_import  # doctest: +SKIP
>>> plan = plan_import("izdevumi 2023.xlsx", ImportOptions(municipality="Bauskas novads"))  # doctest: +SKIP
>>> store_import(plan)  # doctest: +SKIP
"""

from __future__ import annotations

from benchlib.indicators.forget import forget_data
from benchlib.indicators.imports.importing import plan_import, remove_import, store_import
from benchlib.indicators.imports.lists import own_entries
from benchlib.indicators.imports.options import ImportOptions
from benchlib.indicators.imports.plan import ImportPlan, SeenColumn

__all__ = [
    "ImportOptions",
    "ImportPlan",
    "SeenColumn",
    "forget_data",
    "own_entries",
    "plan_import",
    "remove_import",
    "store_import",
]
