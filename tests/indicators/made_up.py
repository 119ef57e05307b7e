"""Made-up figures and data folders for the tests: small, whole, and easy to break."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from benchlib.indicators import Store
from benchlib.indicators.figures import COLUMNS

#: The four municipalities that Bauskas novads was made of, and their code today.
BAUSKA = "0025000"
BAUSKA_PARTS = ("0400200", "0406400", "0407700", "0409500")

Row = tuple[str, int, str, float | None]


def toml(fields: Mapping[str, Any]) -> str:
    """Lines `key = value`; a table becomes an inline table (TOML's literals are those of JSON otherwise)."""

    def literal(value: Any) -> str:
        if isinstance(value, Mapping):
            return "{ " + ", ".join(f"{key} = {literal(item)}" for key, item in value.items()) + " }"
        return json.dumps(value, ensure_ascii=False)

    return "".join(f"{key} = {literal(value)}\n" for key, value in fields.items())


def both(text: str) -> dict[str, str]:
    return {"lv": text, "en": text}


class DataFolder:
    """A data folder with made-up measures, sources and passports; the territories are always the shipped ones."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._registry: list[str] = []
        self._passports: list[str] = []
        (path / "figures").mkdir(parents=True)
        (path / "catalogue" / "indicators").mkdir(parents=True)
        for name in ("networks.toml", "reports.toml"):
            (path / "catalogue" / name).write_text("", encoding="utf-8")
        self._save()

    def measure(self, name: str, kind: str = "additive", **fields: Any) -> DataFolder:
        entry = {"name": both(name), "unit": "units", "kind": kind} | fields
        return self._registered(f"[measures.{name}]\n{toml(entry)}")

    def source(self, name: str, rows: Iterable[Sequence[object]], territory: str = "2009", **fields: Any) -> DataFolder:
        """A source with its file: rows of (territory, year, measure, value) with value None for a missing figure."""
        lines = [self._line(*row) for row in rows]
        content = "\n".join([",".join(COLUMNS), *lines, ""]).encode()
        (self.path / "figures" / f"{name}.csv").write_bytes(content)
        entry = {
            "id": name,
            "publisher": both("somebody"),
            "table": both("a table"),
            "territory": territory,
            "years": sorted({int(line.split(",")[1]) for line in lines}),
            "measures": sorted({line.split(",")[2] for line in lines}),
            "licence": "made up",
            "access": "public",
            "vintage": "2020-01-01",
            "vintage_basis": "made up",
            "file": f"figures/{name}.csv",
            "rows": len(lines),
            "sha256": hashlib.sha256(content).hexdigest(),
            "caveats": both("made up"),
        }
        return self._registered(f"[[sources]]\n{toml(entry | fields)}")

    def passport(self, name: str, **fields: Any) -> DataFolder:
        entry = {
            "id": name,
            "name": both(name),
            "definition": both(name),
            "unit": both("units"),
            "dimension": "context",
            "direction": 0,
            "decimals": 0,
            "caveats": both(""),
        }
        self._passports.append(f"[[indicator]]\n{toml(entry | fields)}")
        return self._save()

    def doubt(self, source: str, territory: str, year: int, measure: str, used: str = "as published") -> DataFolder:
        entry = {"source": source, "territory": territory, "year": year, "measure": measure}
        entry |= {"published": "1", "used": used, "reason": both("made up")}
        return self._registered(f"[[doubts]]\n{toml(entry)}")

    def store(self) -> Store:
        return Store(self.path, self.path.parent / "cache")

    @staticmethod
    def _line(territory: object, year: object, measure: object, value: object, *marks: object) -> str:
        status, symbol = (*marks, "", "")[:2]
        status = status or ("missing" if value is None else "observed")
        return f"{territory},{year},{measure},{'' if value is None else value},{status},{symbol}"

    def _registered(self, text: str) -> DataFolder:
        self._registry.append(text)
        return self._save()

    def _save(self) -> DataFolder:
        (self.path / "registry.toml").write_text("\n".join(self._registry), encoding="utf-8")
        passports = self.path / "catalogue" / "indicators" / "made_up.toml"
        passports.write_text("\n".join(self._passports), encoding="utf-8")
        return self


def figures(rows: Iterable[Row], **fields: str) -> pd.DataFrame:
    """Figures as `Store.figures` hands them out, typed in as (territory, year, measure, value)."""
    table = pd.DataFrame(list(rows), columns=["territory", "year", "measure", "value"])
    table["value"] = table["value"].astype("float64")
    table["status"] = ["missing" if missing else "observed" for missing in table["value"].isna()]
    given = {"symbol": "", "source": "made_up", "vintage": "2020-01-01", "access": "public"} | fields
    return table.assign(**given)


def replace_in(path: Path, old: str, new: str) -> None:
    """Replace text that stands exactly once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
