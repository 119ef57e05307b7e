"""The examples in the docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import benchlib
from benchlib import comparison

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

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: Needs a machine that a test does not have.
ELSEWHERE = "tcp://scheduler"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda test: test.name)
def test_example(example: doctest.DocTest) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    runner.run(example, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10


@pytest.mark.filterwarnings("ignore::benchlib.errors.FewUnitsWarning")
@pytest.mark.parametrize("page", ["comparison.md", "methods.md"])
def test_the_blocks_of_a_page_run_as_they_stand(page: str) -> None:
    blocks = BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    assert blocks
    known: dict[str, object] = {}
    for number, block in enumerate(blocks):
        if ELSEWHERE not in block:
            exec(compile(block, f"{page}, block {number}", "exec"), known)


def test_every_name_of_the_comparison_is_on_its_page() -> None:
    page = (DOCS / "comparison.md").read_text(encoding="utf-8")
    absent = [name for name in comparison.__all__ if not re.search(rf"\b{name}\b", page)]
    assert not absent, f"docs/comparison.md does not say what these are for: {', '.join(absent)}"


def test_names_on_the_page_of_the_comparison_are_there() -> None:
    page = (DOCS / "comparison.md").read_text(encoding="utf-8")
    assert set(re.findall(r"comparison\.([a-z_]+)", page)) - {"md"} <= set(comparison.__all__)
