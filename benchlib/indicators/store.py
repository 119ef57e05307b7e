"""The store: every figure with its provenance in one DuckDB file, built from the data folder.

The file lies in the user's cache and carries the hash of what it was built from in its name, so a changed figures file leads
to a new store. It is built under a temporary name and moved into place: several processes may start at once, the first
to finish wins, nobody sees half a store. Readers open it read-only. Figures are append-only: a later vintage of a table is a further
source of the registry and never overwrites an earlier one.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import platformdirs

from benchlib.errors import OptionError, StoreError
from benchlib.indicators.figures import read_figures
from benchlib.indicators.folder import data_digest, data_folder, digest_of, own_folder
from benchlib.indicators.registry import Registry, Source, load_registry
from benchlib.terms import Access, check_option

_SCHEMA = """
CREATE TABLE figure (
    territory VARCHAR NOT NULL,
    year SMALLINT NOT NULL,
    measure VARCHAR NOT NULL,
    value DOUBLE CHECK (value IS NULL OR isfinite(value)),
    status VARCHAR NOT NULL CHECK ((value IS NULL) = (status IN ('missing', 'suppressed'))),
    symbol VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    vintage DATE NOT NULL,
    access VARCHAR NOT NULL CHECK (access IN ('public', 'members')),
    PRIMARY KEY (measure, year, territory, source)
)
"""
# Part of the store's name: raise it when the schema changes, or old stores would be taken for current ones.
_LAYOUT = "1"
_KEEP = 5  # stores of earlier data that stay in the cache
_ABANDONED_S = 3600  # no build takes an hour: a draft this old was left by a process that was killed
# Readable by the long-term release 1.4 as well (a file of 2.0 is not, unless it is asked for).
_STORAGE_VERSION = "v1.4.0"


class Store:
    """Read access to the figures of a data folder.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.
    cache : pathlib.Path, optional
        Folder for the DuckDB file; the user's cache folder if absent.

    Raises
    ------
    FiguresFileError, CatalogueError
        If the data folder is broken. Nothing is kept of a store that cannot be built whole.
    StoreError
        If the cache folder cannot be written (read-only, full disk).

    Examples
    --------
    >>> store = Store()
    >>> store.figures(["area"], access="public").shape[1]
    9
    """

    def __init__(self, data: Path | None = None, cache: Path | None = None) -> None:
        self.registry: Registry = load_registry(data)
        folder = cache or platformdirs.user_cache_path("benchlib")
        self.path: Path = folder / f"figures-{fingerprint(self.registry)}.duckdb"

    def __repr__(self) -> str:
        return f"Store({len(self.registry.sources)} sources, {len(self.registry.measures)} measures, {self.path.name})"

    @property
    def identity(self) -> tuple[str, ...]:
        """All that an answer depends on; `benchlib.cached` tells stores apart by it."""
        # Territories and reforms are always the shipped ones. The name of the file tells what this store was made of, should something
        # have been imported between its making and its first use.
        return data_digest(self.registry.folder), digest_of(data_folder()), self.path.name

    def figures(
        self,
        measures: Sequence[str],
        *,
        access: Access = "public",
        territories: Iterable[str] | None = None,
        as_of: str | None = None,
    ) -> pd.DataFrame:
        """Figures of some measures, each in its latest vintage; of sources of one vintage, that which stands last in the registry.

        Parameters
        ----------
        measures : sequence of str
            Measures by id.
        access : {"public", "members"}
            "public" never yields a figure for members only, whoever asks.
        territories : iterable of str, optional
            Codes to restrict to.
        as_of : str, optional
            Date "YYYY-MM-DD": only vintages up to that day count.

        Returns
        -------
        pandas.DataFrame
            `territory`, `year`, `measure`, `value` (NaN where missing), `status`, `symbol`, `source`, `vintage` (text), `access`;
            ordered by measure, year, territory.

        Raises
        ------
        OptionError
            If `access` or `as_of` is not what it may be.
        StoreError
            If the store can neither be opened nor built.
        """
        check_option("access", access, Access)
        as_of = check_day(as_of)
        where = ["measure IN (SELECT unnest($measures))"]
        values: dict[str, Any] = {"measures": list(measures)}
        if access == "public":
            where.append("access = 'public'")
        if territories is not None:
            where.append("territory IN (SELECT unnest($territories))")
            values["territories"] = sorted(territories)
        if as_of is not None:
            where.append("vintage <= CAST($as_of AS DATE)")
            values["as_of"] = as_of
        # Two sources of one vintage: what was added last counts, own sources after the shipped ones. A correction may be of the same day.
        values["sources"] = [source.id for source in self.registry.sources]
        # The conditions are fixed texts; every value is a bound parameter.
        query = f"""
            SELECT territory, CAST(year AS BIGINT) AS year, measure, value, status, symbol, source,
                CAST(vintage AS VARCHAR) AS vintage, access
            FROM figure WHERE {" AND ".join(where)}
            QUALIFY row_number() OVER (
                PARTITION BY measure, year, territory ORDER BY figure.vintage DESC, list_position($sources, source) DESC
            ) = 1
            ORDER BY measure, year, territory
        """
        return self._ask(query, values)

    def _ask(self, query: str, values: dict[str, Any]) -> pd.DataFrame:
        try:
            if not self.path.exists():
                self.build()
            return self._read(query, values)
        except duckdb.Error:
            # A damaged file (a disk that was full, a copy cut short); some damage shows only when the block is read. The figures
            # are in the data folder: build again.
            self.build()
        try:
            return self._read(query, values)
        except duckdb.Error as error:
            raise StoreError(
                f"The store of figures {self.path} cannot be read, even built anew ({error}). Check the disk, or let the cache lie "
                "elsewhere: set XDG_CACHE_HOME (Linux) or pass Store(cache=folder)."
            ) from error

    def _read(self, query: str, values: dict[str, Any]) -> pd.DataFrame:
        """Open, ask, close: opening takes some milliseconds, and nobody is kept from replacing the file, in no thread."""
        with duckdb.connect(str(self.path), read_only=True, config={"threads": 1}) as connection:
            return connection.execute(query, values).df()

    def build(self) -> Path:
        """Build the store from the data folder and move it into place.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        FiguresFileError
            If a figures file is broken; nothing is kept.
        StoreError
            If the cache folder cannot be written.
        """
        frames = [_figures_of(source, self.registry.folder) for source in self.registry.sources]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.path.parent, prefix="building-") as folder:
                draft = Path(folder) / "figures.duckdb"
                _write(draft, pd.concat(frames, ignore_index=True))
                draft.replace(self.path)
        except (OSError, duckdb.Error) as error:
            raise StoreError(
                f"The store of figures cannot be written to {self.path.parent} ({error}). Free some space there, make the folder "
                "writable, or let the cache lie elsewhere: set XDG_CACHE_HOME (Linux) or pass Store(cache=folder)."
            ) from error
        self._forget_old()
        return self.path

    def _forget_old(self) -> None:
        """Remove the stores of earlier data and what a killed process left; another process may do the same at this moment."""
        folder = self.path.parent
        with suppress(OSError):
            stores = sorted(folder.glob("figures-*.duckdb"), key=lambda path: path.stat().st_mtime, reverse=True)
            for path in stores[_KEEP:]:
                if path != self.path:
                    path.unlink(missing_ok=True)
        with suppress(OSError):
            for draft in folder.glob("building-*"):
                if time.time() - draft.stat().st_mtime > _ABANDONED_S:
                    shutil.rmtree(draft, ignore_errors=True)


def check_day(as_of: Any) -> str | None:
    """A day as the store compares it, "YYYY-MM-DD".

    Raises
    ------
    OptionError
        If it is not the text of a date.
    """
    if as_of is None:
        return None
    try:
        return date.fromisoformat(as_of).isoformat()
    except (TypeError, ValueError) as error:
        raise OptionError(f"as_of={as_of!r} is not a date. Write it as text, 'YYYY-MM-DD'.") from error


def check_storable(source: Source, folder: Path) -> None:
    """Read the figures of one source as the store does, and put them into one in memory.

    Parameters
    ----------
    source : Source
        Registry entry.
    folder : pathlib.Path
        Data folder.

    Raises
    ------
    FiguresFileError
        If the file is broken.
    StoreError
        If the store would not take what stands in it.
    """
    figures = _figures_of(source, folder)
    try:
        with duckdb.connect() as connection:
            _fill(connection, figures)
    except duckdb.Error as error:
        raise StoreError(
            f"The figures of {source.id!r} cannot be put into the store ({error}). Correct them."
        ) from error


def _figures_of(source: Source, folder: Path) -> pd.DataFrame:
    return read_figures(source, folder).assign(source=source.id, vintage=source.vintage, access=source.access)


def _write(path: Path, figures: pd.DataFrame) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS store (STORAGE_VERSION '{_STORAGE_VERSION}')"
        )
        connection.execute("USE store")
        _fill(connection, figures)
        connection.execute("USE memory")
        connection.execute("DETACH store")


def _fill(connection: duckdb.DuckDBPyConnection, figures: pd.DataFrame) -> None:
    connection.execute(_SCHEMA)
    connection.register("incoming", figures)
    connection.execute(
        "INSERT INTO figure SELECT territory, year, measure, CASE WHEN isnan(value) THEN NULL ELSE value END, status, symbol, source, "
        "CAST(vintage AS DATE), access FROM incoming ORDER BY measure, year, territory"
    )
    connection.unregister("incoming")


def fingerprint(registry: Registry) -> str:
    """Hash of everything a store is built from: registry, figures files and the store's own layout.

    Parameters
    ----------
    registry : Registry
        Registry of the data folder.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    digest = hashlib.sha256(_LAYOUT.encode())
    own = own_folder(registry.folder)
    files = {
        name: registry.folder / name for name in ["registry.toml", *(s.file for s in registry.sources if not s.is_own)]
    }
    files |= {f"own/{name}": own / name for name in ["registry.toml", *(s.file for s in registry.sources if s.is_own)]}
    for name, path in sorted(files.items()):
        digest.update(name.encode())
        digest.update(path.read_bytes() if path.exists() else b"absent")
    return digest.hexdigest()[:16]


@cache
def default_store() -> Store:
    """The store of the shipped figures, one a process.

    Returns
    -------
    Store
        It notices changed figures when the process starts, not while it runs.
    """
    return Store()
