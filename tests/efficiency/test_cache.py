"""The same scores are computed once, and never confused with others."""

from __future__ import annotations

import multiprocessing
import pickle
import tempfile
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchlib import cache
from benchlib.cache import cached
from benchlib.efficiency import Sample, bootstrap, dea, scale_efficiency
from benchlib.errors import BenchlibWarning, FewUnitsWarning, warn

calls: list[dict[str, Any]] = []


def scored(sample: Sample, **options: Any) -> pd.DataFrame:
    calls.append(options)
    return pd.DataFrame({"unit": sample.index, "x": sample.X[:, 0]})


def warning(sample: Sample) -> int:
    calls.append({})
    warn("few", FewUnitsWarning)
    return len(sample)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    calls.clear()
    return tmp_path / "benchlib" / "results"


def test_a_second_call_reads_what_the_first_wrote(five: Sample, folder: Path) -> None:
    first, second = cached(scored, five, rts="crs"), cached(scored, five, rts="crs")
    pd.testing.assert_frame_equal(first, second)
    assert len(calls) == 1
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("function", [dea, scale_efficiency, bootstrap])
def test_results_come_back_as_they_were(synth43: Sample, function: Any) -> None:
    options = {"seed": 1, "replications": 50} if function is bootstrap else {}
    first, second = cached(function, synth43, **options), cached(function, synth43, **options)
    assert first is not second
    pd.testing.assert_frame_equal(first.to_frame(), second.to_frame())
    assert first.info == second.info
    assert repr(first) == repr(second)


def table(value: float = 1.0, unit: str = "A", context: float = 1.0) -> pd.DataFrame:
    return pd.DataFrame({"x": [value, 2.0], "y": [1.0, 3.0], "z": [context, 2.0], "unit": [unit, "B"]})


DIFFERENT = [
    (table(value=np.nextafter(1.0, 2.0)), {}),
    (table(unit="a"), {}),
    (table(context=1.5), {}),
    (table(), {"rts": "crs"}),
    (table(), {"m": 25}),
    (table(), {"m": 25.0}),
    (table(), {"m": "25"}),
    (table(), {"names": ("a", "bc")}),
    (table(), {"names": ("ab", "c")}),
    (table(), {"names": ["ab", "c"]}),
    (table(), {"level": None}),
]


def test_whatever_differs_is_computed_anew() -> None:
    samples = [(Sample.from_table(t, "x", "y", unit="unit", context="z"), options) for t, options in DIFFERENT]
    for _ in range(2):
        for sample, options in samples:
            cached(scored, sample, **options)
    assert calls == [options for _, options in samples]


def test_other_code_other_scores(five: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    cached(scored, five)
    monkeypatch.setattr(cache, "code_stamp", lambda room: "changed")
    cached(scored, five)
    assert len(calls) == 2


def test_warnings_are_given_each_time(five: Sample) -> None:
    for _ in range(2):
        with pytest.warns(FewUnitsWarning, match="few") as raised:
            assert cached(warning, five) == 5
        assert raised[0].filename == __file__
    assert len(calls) == 1


def test_a_generator_is_never_kept(five: Sample) -> None:
    for _ in range(2):
        cached(scored, five, seed=np.random.default_rng(1))
    assert len(calls) == 2


@pytest.mark.parametrize("damage", [b"", b"nonsense", pickle.dumps(1)[:-1]])
def test_a_damaged_file_is_computed_anew(five: Sample, folder: Path, damage: bytes) -> None:
    cached(scored, five)
    (path,) = folder.iterdir()
    path.write_bytes(damage)
    assert len(cached(scored, five)) == 5
    assert len(calls) == 2


def test_nothing_is_kept_where_nothing_can_be_written(five: Sample, tmp_path: Path) -> None:
    (tmp_path / "benchlib").write_text("a file where the folder should be")
    assert len(cached(scored, five)) == 5


def test_the_least_used_go_first(five: Sample, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached(scored, five, m=1)
    size = next(folder.iterdir()).stat().st_size
    monkeypatch.setattr(cache, "LARGEST", int(2.5 * size))
    for m in (2, 3):
        cached(scored, five, m=m)
    assert len(list(folder.glob("*"))) == 2
    calls.clear()
    cached(scored, five, m=3)
    assert not calls


def test_an_error_is_not_kept(five: Sample) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", BenchlibWarning)
        for _ in range(2):
            with pytest.raises(FewUnitsWarning):
                cached(warning, five)


def slow(sample: Sample, folder: str) -> int:
    """Leave a mark for each time that it is computed."""
    with tempfile.NamedTemporaryFile(dir=folder, delete=False):
        time.sleep(0.3)
    return len(sample)


def test_two_processes_compute_it_once(five: Sample, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
        found = [pool.submit(cached, slow, five, folder=str(marks)) for _ in range(3)]
        assert [one.result() for one in found] == [5, 5, 5]
    assert len(list(marks.iterdir())) == 1


def test_a_lock_left_by_a_killed_process_does_not_block(five: Sample, folder: Path) -> None:
    cached(scored, five)
    (path,) = folder.iterdir()
    path.rename(path.with_suffix(".lock"))
    assert len(cached(scored, five)) == 5
    assert len(calls) == 2
