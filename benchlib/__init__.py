"""benchlib: learn from comparison between municipalities.

Load indicators, score efficiency, find out who does it better under comparable conditions, and write it down:

>>> import benchlib as bl
>>> bl.find_municipality("bauska").name
'Bauskas novads'

Names are handed on when they are first used, so `import benchlib` touches neither disk, network nor DuckDB.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME_OF = {
    name: module
    for module, names in {
        "benchlib.indicators": (
            "Catalogue",
            "Passport",
            "Service",
            "Store",
            "Territory",
            "classification",
            "find_municipality",
            "former_municipalities",
            "harmonise",
            "load_catalogue",
            "load_indicators",
            "load_surveys",
            "present_municipalities",
            "split_sensitivity",
        ),
        "benchlib.cache": ("cached",),
        "benchlib.efficiency": (
            "FrontierResult",
            "Sample",
            "WeightRatio",
            "additive",
            "bootstrap",
            "compare_methods",
            "conditional_order_m",
            "cost_efficiency",
            "cross_efficiency",
            "dea",
            "directional",
            "fdh",
            "hicks_moorsteen",
            "luenberger",
            "malmquist",
            "mean_difference",
            "mean_efficiency",
            "merger_gains",
            "metafrontier",
            "order_alpha",
            "order_m",
            "profit_efficiency",
            "revenue_efficiency",
            "rts_test",
            "samples_by_period",
            "scale_efficiency",
            "screen_outliers",
            "second_stage",
            "separability_test",
            "sfa",
            "slacks_based",
            "subsampling",
            "super_efficiency",
            "truncated_regression",
        ),
        "benchlib.comparison": (
            "comparison_group",
            "composite_index",
            "learning_partners",
            "need_adjusted_cost",
            "network_meeting",
            "profile",
            "reform_gains",
            "room_for_manoeuvre",
            "service_overview",
            "territory_development_index",
            "trend",
        ),
        "benchlib.reporting": ("run_report",),
    }.items()
    for name in names
}

__all__ = ["__version__", *sorted(_HOME_OF)]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'benchlib' has no attribute {name!r}; public names: {', '.join(__all__)}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
