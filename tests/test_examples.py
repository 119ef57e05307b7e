"""The examples in the docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import benchlib

MODULES = [
    name for _, name, _ in pkgutil.walk_packages(benchlib.__path__, "benchlib.") if not name.endswith("__main__")
]
FINDER = doctest.DocTestFinder(exclude_empty=True)
EXAMPLES = [
    test
    for name in ["benchlib", *MODULES]
    for test in FINDER.find(importlib.import_module(name), name)
    if test.examples
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda test: test.name)
def test_example(example: doctest.DocTest) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    runner.run(example, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10
