"""What the tests of the indicators room share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from made_up import DataFolder

from benchlib.indicators import data_folder


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    """An empty made-up data folder."""
    return DataFolder(tmp_path / "data")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped data folder, to be broken."""
    return shutil.copytree(data_folder(), tmp_path / "copied")
