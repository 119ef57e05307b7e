"""A page in headless Chromium, and axe-core's findings in it, in words that a reader of a failed test can act on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Final

import pytest

#: How much a finding hinders a reader, from little to much.
IMPACTS: Final = ("minor", "moderate", "serious", "critical")
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def open_browser(chromium: str) -> Iterator[Any]:
    """Yield a playwright Browser: the Chromium of the machine, which is not to call anybody by itself.

    Parameters
    ----------
    chromium : str
        Path of the browser (the fixture of that name).
    """
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=list(_FLAGS), env={**os.environ})
        yield browser
        browser.close()


def violations(page: Any, *, least: str = "serious", strict_contrast: bool = False) -> list[str]:
    """Return what axe-core holds against a page as it stands: its theme, width and text size.

    Parameters
    ----------
    page : playwright.sync_api.Page
        An open page. axe comes in by the debugger's door, so the page's Content-Security-Policy may stay strict.
    least : {"minor", "moderate", "serious", "critical"}
        Lesser findings are left out.
    strict_contrast : bool, default False
        Ask for the contrast of level AAA (7:1, large letters 4.5:1) too.

    Returns
    -------
    list of str
        One line for each element found fault with, the worst first; empty if there is none.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8") + "\n;0")
    rules = {"color-contrast-enhanced": {"enabled": strict_contrast}}
    found = page.evaluate("rules => axe.run(document, {resultTypes: ['violations'], rules})", rules)["violations"]
    heavy = [(IMPACTS.index(rule["impact"] or "minor"), rule) for rule in found]
    heavy = [(weight, rule) for weight, rule in heavy if weight >= IMPACTS.index(least)]
    heavy.sort(key=lambda pair: (-pair[0], pair[1]["id"]))
    return [line for _, rule in heavy for line in _lines(rule)]


def _lines(rule: dict[str, Any]) -> Iterator[str]:
    for node in rule["nodes"]:
        place = " ".join(str(part) for part in node["target"])
        what = " ".join((node.get("failureSummary") or rule["help"]).split())
        yield f"{rule['impact']} {rule['id']} at {place}: {what} | {node['html']:.160}"
