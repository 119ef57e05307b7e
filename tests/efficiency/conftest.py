"""Samples that several test files share."""

from __future__ import annotations

import pandas as pd
import pytest

from benchlib.efficiency import Sample
from tests.efficiency.reference import sample_of


@pytest.fixture
def five() -> Sample:
    """One input, one output; B is most productive, A-B-C is the frontier, D and E lie inside (see test_dea_by_hand)."""
    figures = {"cost": [2.0, 4.0, 8.0, 6.0, 9.0], "result": [1.0, 4.0, 6.0, 3.0, 6.0]}
    return Sample.from_table(pd.DataFrame(figures, index=list("ABCDE")), inputs="cost", outputs="result")


@pytest.fixture(scope="session")
def synth43() -> Sample:
    """The log-normal reference sample: 43 units, 2 inputs, 3 outputs."""
    return sample_of("synth43")
