"""What a run depends on, as a hash: if nothing of it changed, its files are still right."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path

from benchlib.indicators import data_folder
from benchlib.indicators.folder import data_digest
from benchlib.reporting.batch.task import Task

_PACKAGE = Path(__file__).resolve().parents[2]
#: What Python and the kernels' compiler leave beside the code does not belong to it.
_LEFTOVERS = {"__pycache__", "_data", "_notebooks"}


def figures_digest() -> str:
    """Return the hash of all figures, passports, territories and reforms, and of what the user has added."""
    return data_digest(data_folder())


@cache
def code_digest() -> str:
    """Return the hash of benchlib's code, templates, translations and fonts."""
    digest = hashlib.blake2b(digest_size=20)
    for path in sorted(_PACKAGE.rglob("*")):
        parts = path.relative_to(_PACKAGE).parts
        if path.is_file() and not _LEFTOVERS.intersection(parts) and not path.name.startswith("."):
            content = path.read_bytes()
            digest.update(f"{'/'.join(parts)}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


@cache
def environment_digest() -> str:
    """Return the hash of the interpreter and of every installed package with its version."""
    packages = {_name_and_version(one) for one in distributions()} - {""}
    about = [sys.implementation.name, platform.python_version(), sys.platform, platform.machine(), *sorted(packages)]
    return hashlib.blake2b("\n".join(about).encode(), digest_size=20).hexdigest()


def _name_and_version(package: Distribution) -> str:
    """Read them from the head of its metadata: `package.metadata` parses the whole description, a quarter of a second for all."""
    head = (package.read_text("METADATA") or package.read_text("PKG-INFO") or "").partition("\n\n")[0]
    return "; ".join(sorted(line.lower() for line in head.splitlines() if line.startswith(("Name:", "Version:"))))


def key_of(task: Task) -> str:
    """Return the hash of all that a run depends on.

    Parameters
    ----------
    task : Task
        The run.

    Returns
    -------
    str
        Hexadecimal: equal for two runs only if notebook, parameters, formats, figures, code and dependencies are equal.
    """
    about = {
        "notebook": [task.name, task.source],
        "parameters": task.parameters,
        "formats": task.formats,
        "links": task.links,
        "world": [figures_digest(), code_digest(), environment_digest()],
    }
    text = json.dumps(about, sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()
