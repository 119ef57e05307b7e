"""PAPER: from figures and scores to a report that a councillor reads.

Notebooks take the verbs of a cell and the words from here; the command line takes `run_report`. Names are handed on
when first used: the process that starts kernels needs no matplotlib, and a kernel needs no papermill.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME_OF = {
    name: module
    for module, names in {
        "benchlib.reporting.attachment": ("Attachment",),
        "benchlib.reporting.base": ("Block",),
        "benchlib.reporting.blocks": (
            "Bullets",
            "Cell",
            "Column",
            "Fact",
            "Facts",
            "Figure",
            "Heading",
            "Note",
            "Paragraph",
            "Table",
        ),
        "benchlib.reporting.compose": (
            "Blocks",
            "attach",
            "bullets",
            "facts",
            "heading",
            "note",
            "say",
            "show",
            "table",
        ),
        "benchlib.reporting.batch.reports": ("Batch", "run_reports"),
        "benchlib.reporting.export.html": ("export_html",),
        "benchlib.reporting.export.pdf": ("export_pdf",),
        "benchlib.reporting.explorer": ("Explorer",),
        "benchlib.reporting.schemas": (
            "EnergyEfficiencyParameters",
            "ImprovementPlanParameters",
            "MunicipalityParameters",
            "NetworkParameters",
            "RegionParameters",
            "ServiceParameters",
            "SocialServicesParameters",
        ),
        "benchlib.reporting.provenance": ("collect_warnings",),
        "benchlib.reporting.run": ("ReportFiles", "run_report"),
        "benchlib.reporting.site.build": ("SiteFiles", "build_site"),
        "benchlib.reporting.words": ("Name", "Words"),
    }.items()
    for name in names
}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'benchlib.reporting' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
