"""Whatever stands in a file, it is understood or refused in words; nothing else happens."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from import_files import write_csv, write_xlsx

from benchlib.errors import BenchlibError
from benchlib.indicators.imports import ImportOptions, plan_import, remove_import, store_import

WORDS = [
    "", "Pašvaldība", "Gads", "ATVK", "Rādītājs", "Vērtība", "social_protection_expenditure", "Sociālie darbinieki 2023", "2023",
    "2022. gads", "2022/2023", "Bauskas novads", "Rīga", "Jelgava", "Kopā", "25000", "0025000", "0400200", "1 234,5", "1,234.5", "12%",
    "-5", "x", "…", ":", "Vecumnieku novads", "Jautājums", "n", "Vidējais", "1-5", "lietotāji", "3,5", "7", "Ēka",
    "skola", "\u202e", "'", '"', "NULL",
    "uz 01.01.2015.", 3.5, 2023, 25000, 0.12, None, True, 1e300, -0.0,
]  # fmt: skip
WHOLE = {
    "figures": [
        ["ATVK", "Pašvaldība", "Gads", "Sociālās aizsardzības izdevumi", "Sociālie darbinieki, skaits", "Piezīmes"],
        *(
            [c, n, y, 1000.5, 7, ""]
            for c, n in ((25000, "Bauskas novads"), ("0026000", "Cēsu novads"))
            for y in (2023, 2024)
        ),
    ],
    "survey": [
        ["Pašvaldība", "Gads", "Jautājums", "n", "Vidējais", "Standartnovirze", "Skala", "Respondentu grupa"],
        *([n, 2023, q, 25, 3.5, 1.1, "1–5", "lietotāji"] for n in ("Bauskas novads", "Rīga") for q in ("q1", "q2")),
    ],
    "buildings": [
        [
            "Ēka",
            "Nosaukums",
            "Veids",
            "Platība",
            "Siltumavots",
            "Gads",
            "Siltumenerģija",
            "Elektroenerģija",
            "Pašvaldība",
        ],
        *([e, f"N{e}", "skola", 100, "šķelda", 2023, 10, 5, "Bauskas novads"] for e in ("a", "b")),
    ],
}


@pytest.mark.parametrize("kind", WHOLE)
def test_understood_or_refused(own: Path, tmp_path: Path, kind: str) -> None:
    chance, stored = random.Random(kind), 0
    for number in range(25):
        rows = [list(row) for row in WHOLE[kind]]
        for _ in range(number % 4):
            rows[chance.randrange(len(rows))][chance.randrange(len(rows[0]))] = chance.choice(WORDS)
        if number % 5 == 4:
            rows.insert(chance.randrange(len(rows) + 1), [chance.choice(WORDS) for _ in rows[0]])
        if number % 2:
            path = write_xlsx(tmp_path / "a.xlsx", rows)
        else:
            text = [["" if cell is None else cell for cell in row] for row in rows]
            path = write_csv(tmp_path / "a.csv", text, delimiter=chance.choice(";,\t"))
        try:
            plan = plan_import(path, ImportOptions(kind=kind, id="z"))  # type: ignore[arg-type]
        except BenchlibError:
            continue
        # What is understood passes every check that a later reading makes.
        store_import(plan)
        remove_import("z")
        stored += 1
    assert stored >= 3
    assert [path.name for path in own.iterdir()] == [".lock"]
