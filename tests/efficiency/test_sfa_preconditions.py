"""What `sfa` refuses, and the words in which it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib.efficiency import Sample
from benchlib.efficiency.stochastic.frontier import sfa
from benchlib.errors import OptionError, SampleError
from tests.efficiency.sfa_samples import panel, sample, table

FIGURES = table(60, 1)


def changed(**columns: Any) -> Sample:
    """The sample with other figures in some columns."""
    return sample(FIGURES.assign(**columns))


def with_context(**columns: Any) -> Sample:
    figures = FIGURES.assign(**columns)
    return Sample.from_table(figures, ["x1", "x2"], "y", context=["z", *columns])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"frontier": "revenue"}, "frontier='revenue' is not an option. Allowed: 'production', 'cost'"),
        ({"form": "linear"}, "form='linear' is not an option"),
        ({"distribution": "gamma"}, "distribution='gamma' is not an option"),
        ({"decay": True}, "decay=True is not an option. Allowed: 'none', 'time', 'independent'"),
        ({"level": 95}, "level=95 is not a probability"),
        ({"mean": 3}, "mean=3 is not a name of a context column"),
        ({"noise": ["z", 1]}, "is not a name of a context column or a list of names"),
        ({"variance": ["z", "z"]}, "names a column twice"),
        ({"mean_intercept": 0}, "mean_intercept=0 is not True or False"),
        ({"mean_intercept": False}, "leaves nothing without mean"),
        (
            {"mean": "z"},
            "mean=... is the mean of the normal before truncation, and distribution='half-normal' has none",
        ),
        ({"prices": "z"}, "prices belong to a cost frontier"),
        ({"decay": "time"}, "decay='time' needs several periods"),
    ],
    ids=str,
)
def test_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message.replace("(", r"\(").replace(".", r"\.")):
        sfa(sample(FIGURES), **options)


def test_options_are_keyword_only() -> None:
    with pytest.raises(TypeError):
        sfa(sample(FIGURES), "cost")  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        (
            lambda: Sample.from_table(FIGURES, "x1", ["y", "x2"]),
            {},
            "A production frontier explains one output; the sample has 2: y, x2.*or use dea",
        ),
        (
            lambda: Sample.from_table(FIGURES, ["x1", "x2"], "y"),
            {"frontier": "cost"},
            "A cost frontier explains one input; the sample has 2: x1, x2.*their total cost",
        ),
        (
            lambda: changed(x1=FIGURES["x1"].where(FIGURES.index != 7, 0.0)),
            {},
            r"positive figures; not so for 7 \(x1\)",
        ),
        (
            lambda: changed(y=FIGURES["y"].where(FIGURES.index > 1, -1.0)),
            {},
            r"positive figures; not so for 0, 1 \(y\)",
        ),
        (lambda: changed(x2=FIGURES["x2"].where(FIGURES.index != 3)), {}, r"missing for 3 \(x2\).*without_missing"),
        (lambda: changed(x2=5.0), {}, r"ln\(x2\) in the frontier is the same for all units"),
        (
            lambda: changed(x2=3 * FIGURES["x1"] ** 2),
            {},
            r"ln\(x2\) in the frontier is a combination of the other variables",
        ),
        (lambda: changed(y=2.0), {}, r"ln\(y\) is an exact function of the other variables"),
        (lambda: changed(y=FIGURES["x1"] ** 0.5 * 7), {}, r"ln\(y\) is an exact function"),
        (lambda: sample(FIGURES.head(5)), {}, "5 observations cannot determine 5 parameters"),
        (lambda: sample(FIGURES.head(8)), {"form": "translog"}, "8 observations cannot determine 8 parameters"),
        (lambda: sample(FIGURES.head(1)), {}, "1 observations cannot determine"),
        (
            lambda: sample(FIGURES),
            {"variance": "size"},
            "variance names size, which is no context column of the sample: it has z",
        ),
        (
            lambda: Sample.from_table(FIGURES, ["x1", "x2"], "y"),
            {"noise": "z"},
            "noise names z, which is no context column of the sample: it has none",
        ),
        (lambda: with_context(kind=["city", "novads"] * 30), {"variance": "kind"}, "'kind' holds .*get_dummies"),
        (lambda: with_context(w=1j * FIGURES["z"]), {"variance": "w"}, "'w' holds complex"),
        (
            lambda: changed(z=FIGURES["z"].where(FIGURES.index != 2)),
            {"variance": "z"},
            "'z' is missing or infinite for 2",
        ),
        (lambda: changed(z=FIGURES["z"].replace(FIGURES["z"][4], np.inf)), {"noise": "z"}, "missing or infinite for 4"),
        (lambda: changed(z=1.5), {"variance": "z"}, "z in variance=... is the same for all units"),
        (lambda: with_context(w=2 - FIGURES["z"]), {"noise": ["z", "w"]}, "w in noise=... is a combination"),
    ],
    ids=range(20),
)
def test_samples(given: Callable[[], Sample], options: dict[str, Any], message: str) -> None:
    with pytest.raises(SampleError, match=message):
        sfa(given(), **options)


@pytest.mark.parametrize(
    ("wage", "message"),
    [
        ([0.0, *[1.0] * 59], r"positive figures; not so for 0 \(wage\)"),
        ([np.nan, *range(1, 60)], "'wage' is missing or infinite for 0"),
        (["high"] * 60, "prices needs numbers, but context column 'wage' holds"),
        ([2.0] * 60, r"ln\(wage\) in the frontier is the same for all units"),
    ],
)
def test_prices(wage: list[Any], message: str) -> None:
    given = Sample.from_table(FIGURES.assign(wage=wage), "y", "x1", context="wage")
    with pytest.raises(SampleError, match=message):
        sfa(given, frontier="cost", prices="wage")


@pytest.mark.parametrize(
    "given", [FIGURES, [sample(FIGURES)], {2020: FIGURES}, None], ids=lambda given: type(given).__name__
)
def test_neither_sample_nor_periods(given: Any) -> None:
    with pytest.raises(SampleError, match="sfa takes a Sample, or a mapping of periods to samples"):
        sfa(given)


def test_periods() -> None:
    samples, _ = panel(20, [1, 2], 2)
    with pytest.raises(SampleError, match="mapping of periods to samples is empty"):
        sfa({})
    with pytest.raises(SampleError, match="Period 2 has other variables than 1"):
        sfa({1: samples[1], 2: Sample.from_table(FIGURES, "x1", "y")})
    with pytest.raises(OptionError, match=r"describe inefficiency in each period.*decay='independent'"):
        sfa(samples, variance="z")
    strangers = {1: samples[1], 2: sample(FIGURES.set_index(FIGURES.index + 100))}
    with pytest.raises(SampleError, match="No unit is in two periods"):
        sfa(strangers)
    with pytest.raises(SampleError, match="No unit is in two periods"):
        sfa({1: samples[1]}, decay="time")
    alone = {year: sample(FIGURES.loc[[year]].set_index(pd.Index(["Bauska"]))) for year in range(12)}
    with pytest.raises(SampleError, match="have one unit, Bauska; there is nothing to compare it with"):
        sfa(alone)
    broken = samples[2].to_frame()
    broken.loc[3, "y"] = 0.0
    with pytest.raises(SampleError, match=r"Period 2: sfa takes logarithms.*not so for 3 \(y\)"):
        sfa({1: samples[1], 2: Sample.from_table(broken, ["x1", "x2"], "y", "unit", ["z"])})
    without = Sample.from_table(samples[2].to_frame(), ["x1", "x2"], "y", "unit")
    with pytest.raises(SampleError, match="Period 2: noise names z"):
        sfa({1: samples[1], 2: without}, noise="z")


def test_predict() -> None:
    result = sfa(sample(FIGURES))
    with pytest.raises(SampleError, match="frontier depends on x2, which the sample does not have"):
        result.predict(Sample.from_table(FIGURES, "x1", "y"))
    with pytest.raises(SampleError, match=r"missing or not positive: 7 \(x1\)"):
        result.predict(changed(x1=FIGURES["x1"].where(FIGURES.index != 7, 0.0)))
    with pytest.raises(SampleError, match=r"missing or not positive: 7 \(x1\)"):
        result.predict(changed(x1=FIGURES["x1"].where(FIGURES.index != 7)))
    without_output = Sample.from_table(FIGURES.assign(y=0.0), ["x1", "x2"], "y")
    np.testing.assert_allclose(result.predict(without_output), result.predict(sample(FIGURES)))


def test_truth_values_are_numbers() -> None:
    """A context column of booleans, or of nullable numbers, will do."""
    figures = table(200, 3)
    flags = figures["z"] > 0
    result = sfa(sample(figures.assign(z=flags)), variance="z")
    for same in (flags.astype(float), flags.astype("boolean"), flags.astype("Int64")):
        assert sfa(sample(figures.assign(z=same)), variance="z").loglik == pytest.approx(result.loglik)
