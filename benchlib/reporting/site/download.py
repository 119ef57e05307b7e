"""The data of the site for download: tidy CSV files described by a Frictionless Data Package (version 1).

https://specs.frictionlessdata.io/data-package/ - text is UTF-8, numbers have a decimal point, an empty cell is missing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchlib import __version__
from benchlib.reporting.site.material import Material, sha256_of
from benchlib.reporting.site.resources import Resource, resources

PACKAGE: Final = "datapackage.json"
_LICENCES: Final = {
    "CC-BY-4.0": {
        "name": "CC-BY-4.0",
        "path": "https://creativecommons.org/licenses/by/4.0/",
        "title": "Creative Commons Attribution 4.0",
    }
}
#: The word of Open Definition's list for what nobody has said.
_UNKNOWN_LICENCE: Final = {
    "name": "notspecified",
    "title": "No licence recorded for the figures of some publishers (see sources.csv); attribution is owed",
}


@dataclass(frozen=True)
class Download:
    """A file for download.

    Attributes
    ----------
    name : str
        File name in the folder `data`.
    title : str
        What it holds, in English.
    content : bytes
        The file.
    rows : int or None
        Rows of figures, without the header; None for what is no table.
    """

    name: str
    title: str
    content: bytes
    rows: int | None


def downloads(material: Material) -> list[Download]:
    """All files for download, `datapackage.json` last.

    Parameters
    ----------
    material : Material
        Public figures, scores and passports.

    Returns
    -------
    list of Download
        The same figures give the same bytes.
    """
    tables = resources(material)
    files = [Download(f"{table.name}.csv", table.title, _csv(table), len(table.rows)) for table in tables]
    described = [_described(table, file) for table, file in zip(tables, files, strict=True)]
    package = json.dumps(_package(material, described), ensure_ascii=False, indent=2) + "\n"
    return [*files, Download(PACKAGE, "Description of the files for programs", package.encode(), None)]


def _csv(table: Resource) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in table.fields])
    writer.writerows([[_cell(value) for value in row] for row in table.rows])
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Twelve digits: more than any figure has, fewer than those in which two machines may differ.
        return format(value, ".12g")
    return str(value) if isinstance(value, int) else _inert(str(value))


def _inert(text: str) -> str:
    """Text that a spreadsheet takes for text: a formula in a name must not run on anybody's machine."""
    is_formula = text[:1] in {"=", "+", "@", "\t", "\r"} or (text[:1] == "-" and text[1:2].isalpha())
    return f"'{text}" if is_formula else text


def _described(table: Resource, file: Download) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [field.described() for field in table.fields],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    if table.links:
        schema["foreignKeys"] = [
            {"fields": own, "reference": {"resource": other, "fields": field}} for own, other, field in table.links
        ]
    return {
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "path": file.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(file.content),
        "hash": f"sha256:{sha256_of(file.content)}",
        "schema": schema,
    }


def _package(material: Material, described: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": "benchlib-latvian-municipalities",
        "title": "Comparable indicators of the municipalities of Latvia",
        "description": (
            "Public indicators of the 42 municipalities of Latvia, carried over the territorial reforms of 2021 and 2025, with passports, "
            "sources and efficiency scores. Nothing is filled in: a missing figure is a row with an empty value."
        ),
        "version": __version__,
        "keywords": ["Latvia", "municipalities", "benchlearning", "indicators", "efficiency"],
        "licenses": _licences(source.licence for source in material.sources),
        "sources": [{"title": f"{source.publisher['en']}: {source.table['en']}"} for source in material.sources],
        "resources": list(described),
    }


def _licences(recorded: Iterable[str]) -> list[dict[str, str]]:
    words = list(dict.fromkeys(recorded))
    known = [_LICENCES.get(word, {"name": word}) for word in words if word != "not recorded"]
    return [*known, *([_UNKNOWN_LICENCE] if "not recorded" in words or not words else [])]
