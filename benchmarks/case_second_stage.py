"""What the second stage and its test cost, beside statsmodels climbing the same likelihood with numerical derivatives."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import log_ndtr
from statsmodels.base.model import GenericLikelihoodModel

from benchlib.efficiency import Sample, dea
from benchlib.efficiency.environment.second_stage import second_stage
from benchlib.efficiency.environment.separability import separability_test
from benchmarks.measure import Row, alternate

UNITS = 119
#: How many of the 2,000 regressions of the bootstrap the peer does.
REFITS = 20


class Textbook(GenericLikelihoodModel):
    """The truncated regression as a user of statsmodels would write it."""

    def loglike(self, params: np.ndarray) -> float:
        mean, sigma = self.exog @ params[:-1], np.exp(params[-1])
        error = (self.endog - mean) / sigma
        return float(np.sum(-params[-1] - 0.5 * np.log(2 * np.pi) - 0.5 * error**2 - log_ndtr((mean - 1) / sigma)))


def municipalities() -> Sample:
    """Made-up units, 2 inputs, 1 output, 3 context variables of which one counts."""
    rng = np.random.default_rng(UNITS)
    z, shares = rng.standard_normal((UNITS, 3)), rng.uniform(0.3, 0.7, UNITS)
    output = rng.uniform(1, 10, UNITS)
    distance = np.maximum(1.0, 1.4 + 0.2 * z[:, 0] + 0.3 * rng.standard_normal(UNITS))
    figures = {"x1": output * distance * shares, "x2": output * distance * (1 - shares), "y": output}
    table = pd.DataFrame(figures | {f"z{j}": z[:, j] for j in range(3)})
    return Sample.from_table(table, ["x1", "x2"], "y", context=["z0", "z1", "z2"])


def second_stage_rows() -> Iterator[Row]:
    """Algorithm 2 with its customary replications: 100 of the frontier, 2,000 of the regression."""
    sample = municipalities()
    Z = np.column_stack([np.ones(UNITS), sample.Z])
    distance = 1 / dea(sample).efficiency
    is_inside = distance > 1

    def peer() -> None:
        start = np.append(np.linalg.lstsq(Z[is_inside], distance[is_inside], rcond=None)[0], 0.0)
        for _ in range(REFITS):
            Textbook(distance[is_inside], Z[is_inside]).fit(start_params=start, method="bfgs", disp=False)

    ours, theirs = alternate(lambda: second_stage(sample, seed=1), peer, runs=3)
    what = f"second_stage, {UNITS} units, 100 and 2,000 replications"
    yield Row(what, ours, 2.0, f"statsmodels, {REFITS} of the regressions", theirs)


def separability_rows() -> Iterator[Row]:
    """Ten splits with a fifth of the default replications, beside scoring the sample once."""
    sample = municipalities()
    ours, theirs = alternate(
        lambda: separability_test(sample, context="z0", replications=40, seed=1), lambda: dea(sample), runs=3
    )
    yield Row(f"separability_test, {UNITS} units, 40 replications", ours, None, "dea, once", theirs)
