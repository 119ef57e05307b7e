"""A whole installation of our own, a copy of this one, in which figures and texts may be spoiled: nothing of it is mocked."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import benchlib
from benchlib.indicators import data_folder, notebooks_folder


class World:
    """A copy of package, data and notebooks; commands run there see nothing of the original.

    Parameters
    ----------
    folder : pathlib.Path
        Where to put the copy.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        # The compiled kernels go along: their files keep their times, so nothing is compiled anew.
        shutil.copytree(Path(benchlib.__file__).parent, folder / "benchlib")
        shutil.copytree(data_folder(), self.data)
        shutil.copytree(notebooks_folder(), folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))

    def edit(self, name: str, change: Callable[[str], str]) -> None:
        """Change a text file of the data folder; the change must have an effect."""
        path = self.data / name
        before = path.read_text("utf-8")
        after = change(before)
        assert after != before, f"nothing was changed in {name}"
        path.write_text(after, encoding="utf-8")

    def add_source(self, name: str, rows: list[tuple[str, int, str, float]], *, publisher: str, access: str) -> None:
        """Add a source of figures of 2009's municipalities, of a later vintage than all others."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["territory", "year", "measure", "value", "status", "symbol"])
        writer.writerows([*row, "observed", ""] for row in rows)
        content = out.getvalue().encode()
        (self.data / "figures" / f"{name}.csv").write_bytes(content)
        years, measures = sorted({row[1] for row in rows}), sorted({row[2] for row in rows})
        entry = f"""
[[sources]]
id = "{name}"
publisher = {{ lv = "{publisher}", en = "{publisher}" }}
table = {{ lv = "Tabula", en = "Table" }}
territory = "2009"
years = {years}
measures = {measures}
licence = "closed"
access = "{access}"
vintage = 2026-11-23
vintage_basis = "compiled"
file = "figures/{name}.csv"
rows = {len(rows)}
sha256 = "{hashlib.sha256(content).hexdigest()}"
caveats = {{ lv = "", en = "" }}
"""
        self.edit("registry.toml", lambda text: text.replace("\n[[doubts]]", f"{entry}\n[[doubts]]", 1))

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command of benchlib there, with the terminal output kept; it must end with the exit code."""
        environment = os.environ | {
            "PYTHONPATH": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_DATA_HOME": str(self.folder / "own"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-m", "benchlib", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done
