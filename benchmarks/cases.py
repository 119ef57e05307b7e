"""What is measured, each beside a peer. A case yields the rows of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.case_batch import all_reports
from benchmarks.case_figures import figures
from benchmarks.case_frontier import bootstraps, disposal_hull, large_samples, scores
from benchmarks.case_kernel import kernels
from benchmarks.case_malmquist import malmquist_by_another_solver, malmquist_intervals, malmquist_scores
from benchmarks.case_measures import measures
from benchmarks.case_partial import comparable_units, outlier_screening, robust_frontier
from benchmarks.case_pdf import pdf_of_a_report
from benchmarks.case_prices import least_cost, mergers
from benchmarks.case_reports import import_time, one_municipality, report, store_build
from benchmarks.case_second_stage import second_stage_rows, separability_rows
from benchmarks.case_sfa import frontiers
from benchmarks.measure import Row, Skipped

CASES: dict[str, tuple[Callable[[], Iterator[Row | Skipped]], ...]] = {
    "import": (import_time,),
    "store": (store_build,),
    "indicators": (one_municipality,),
    "dea": (scores, large_samples),
    "fdh": (disposal_hull,),
    "bootstrap": (bootstraps,),
    "robust": (robust_frontier, comparable_units, outlier_screening),
    "measures": (measures, mergers, least_cost),
    "malmquist": (malmquist_scores, malmquist_by_another_solver, malmquist_intervals),
    "context": (second_stage_rows, separability_rows),
    "sfa": (frontiers,),
    "report": (report,),
    "figures": (figures,),
    "kernel": (kernels,),
    "pdf": (pdf_of_a_report,),
    "batch": (all_reports,),
}
