"""What a process has read of figures and catalogue, forgotten: the one place to call after something was added."""

from __future__ import annotations

from typing import Final

from benchlib.indicators.catalog import load_catalogue
from benchlib.indicators.folder import data_digest, digest_of
from benchlib.indicators.registry import load_registry
from benchlib.indicators.store import default_store
from benchlib.indicators.weights import load_index, load_need_key

_KEPT: Final = (load_registry, load_catalogue, default_store, data_digest, digest_of, load_index, load_need_key)


def forget_data() -> None:
    """Let this process see what has been added: registry, catalogue, store and hashes are read anew when they are next asked for.

    Other processes that run already (a kernel of JupyterLab) must be started again.
    """
    for function in _KEPT:
        function.cache_clear()
