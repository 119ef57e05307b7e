"""What all tests share: a cache of their own, and the browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from benchlib.indicators import own_folder
from benchlib.indicators.imports import forget_data

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: Files that start many processes, stop them by signals or watch time and memory: they run when nothing else does.
ALONE = {
    *("test_batch.py", "test_batch_stopped.py", "test_cluster.py", "test_executor.py", "test_lab.py"),
    *("test_run.py", "test_warm_kernel.py", "test_warm_same_bytes.py"),
}


def pytest_configure() -> None:
    """Test files read the catalogue when they are collected: the user's own figures are out of the way by then."""
    os.environ["XDG_DATA_HOME"] = str(Path(__file__).parent / "nobody")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` runs after the others, by itself."""
    for item in items:
        if item.path.name in ALONE:
            item.add_marker("alone")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests build their own store; neither the user's cache nor the user's own figures are read or written.

    Only matplotlib keeps the cache it has: its list of fonts takes seconds to make.
    """
    with pytest.MonkeyPatch.context() as patch:
        if "MPLCONFIGDIR" not in os.environ:
            patch.setenv("MPLCONFIGDIR", str(platformdirs.user_cache_path("matplotlib")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Own folder of one test alone: what is imported there is forgotten afterwards."""
    with monkeypatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
        forget_data()
        yield own_folder()
    forget_data()


@pytest.fixture(scope="module", autouse=True)
def same_environment() -> Iterator[None]:
    """Whatever a library writes into the environment (Dask sets PYTHONHASHSEED) is gone before the next file of tests."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of an installed Chromium. Without one, browser tests are skipped; on CI they fail instead."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    message = f"no browser on this machine ({', '.join(BROWSERS)})"
    if os.environ.get("CI"):
        pytest.fail(f"{message}; .ci/run should have installed it")
    pytest.skip(message)
