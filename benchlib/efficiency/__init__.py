"""Scores out: how efficient each unit is, against which peers, how sure that is, and what drives it.

A `Sample` names the units, what they use up (inputs) and what they bring about (outputs). `dea`, `fdh` and their kin score it,
`bootstrap` and the tests say how far the scores can be trusted, `compare_methods` sets several side by side. The arithmetic is in
`kernels`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from benchlib.efficiency.inference.means import DifferenceResult, MeanResult, mean_difference, mean_efficiency
from benchlib.efficiency.inference.returns_to_scale import ScaleTestResult, rts_test
from benchlib.efficiency.inference.smoothed import BootstrapResult, bootstrap
from benchlib.efficiency.inference.subsampling import SubsamplingResult, subsampling
from benchlib.efficiency.measures.additive import AdditiveResult, additive
from benchlib.efficiency.measures.cross import CrossEfficiencyResult, cross_efficiency
from benchlib.efficiency.measures.directional import DirectionalResult, directional
from benchlib.efficiency.measures.economic import EconomicResult, cost_efficiency, revenue_efficiency
from benchlib.efficiency.measures.mergers import MergerResult, merger_gains
from benchlib.efficiency.measures.metafrontier import MetafrontierResult, metafrontier
from benchlib.efficiency.measures.profit import profit_efficiency
from benchlib.efficiency.measures.slacks import SlacksBasedResult, slacks_based
from benchlib.efficiency.nonparametric.conditional import ConditionalResult, conditional_order_m
from benchlib.efficiency.nonparametric.envelopment import dea, fdh
from benchlib.efficiency.nonparametric.extended import WeightRatio
from benchlib.efficiency.nonparametric.partial import PartialResult, order_alpha, order_m
from benchlib.efficiency.nonparametric.results import FrontierResult, ScaleResult
from benchlib.efficiency.nonparametric.scale import scale_efficiency
from benchlib.efficiency.nonparametric.superefficiency import super_efficiency
from benchlib.efficiency.outliers import OutlierResult, screen_outliers
from benchlib.efficiency.productivity.hicks_moorsteen import hicks_moorsteen
from benchlib.efficiency.productivity.luenberger import luenberger
from benchlib.efficiency.productivity.malmquist import malmquist
from benchlib.efficiency.productivity.panel import samples_by_period
from benchlib.efficiency.productivity.results import ProductivityResult
from benchlib.efficiency.results import TabularResult
from benchlib.efficiency.sample import Sample

if TYPE_CHECKING:
    from benchlib.efficiency.environment.results import SecondStageResult
    from benchlib.efficiency.environment.second_stage import second_stage
    from benchlib.efficiency.environment.separability import SeparabilityResult, separability_test
    from benchlib.efficiency.environment.truncated import TruncatedRegressionResult, truncated_regression
    from benchlib.efficiency.methods import MethodComparison, compare_methods
    from benchlib.efficiency.stochastic.frontier import sfa
    from benchlib.efficiency.stochastic.results import InefficiencyTest, SfaResult

#: What loads statsmodels or scipy's special functions (up to a second): only when it is first used.
_LATER = {
    "InefficiencyTest": "benchlib.efficiency.stochastic.results",
    "MethodComparison": "benchlib.efficiency.methods",
    "SecondStageResult": "benchlib.efficiency.environment.results",
    "SeparabilityResult": "benchlib.efficiency.environment.separability",
    "SfaResult": "benchlib.efficiency.stochastic.results",
    "TruncatedRegressionResult": "benchlib.efficiency.environment.truncated",
    "compare_methods": "benchlib.efficiency.methods",
    "second_stage": "benchlib.efficiency.environment.second_stage",
    "separability_test": "benchlib.efficiency.environment.separability",
    "sfa": "benchlib.efficiency.stochastic.frontier",
    "truncated_regression": "benchlib.efficiency.environment.truncated",
}

__all__ = [
    "AdditiveResult",
    "BootstrapResult",
    "ConditionalResult",
    "CrossEfficiencyResult",
    "DifferenceResult",
    "DirectionalResult",
    "EconomicResult",
    "FrontierResult",
    "InefficiencyTest",
    "MeanResult",
    "MergerResult",
    "MetafrontierResult",
    "MethodComparison",
    "OutlierResult",
    "PartialResult",
    "ProductivityResult",
    "Sample",
    "ScaleResult",
    "ScaleTestResult",
    "SecondStageResult",
    "SeparabilityResult",
    "SfaResult",
    "SlacksBasedResult",
    "SubsamplingResult",
    "TabularResult",
    "TruncatedRegressionResult",
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
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'benchlib.efficiency' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(_LATER[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
