"""`python -m benchmarks [dea bootstrap report ...]`: the table of all cases, or of those named."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from benchlib.errors import BenchlibError
from benchmarks.cases import CASES
from benchmarks.measure import Row, Skipped, table


def measured(names: list[str]) -> Iterator[Row | Skipped]:
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr)
        try:
            for case in CASES[name]:
                yield from case()
        except BenchlibError as error:
            yield Skipped(name, str(error))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure the budgets, each beside a peer."
    )
    parser.add_argument("cases", nargs="*", metavar="case", help=f"one of {', '.join(CASES)}; all if none is named")
    names = parser.parse_args().cases or list(CASES)
    if unknown := set(names) - set(CASES):
        parser.error(f"unknown case {', '.join(sorted(unknown))}; known are {', '.join(CASES)}")
    rows = list(measured(names))
    print(table(rows))
    return int(any(isinstance(row, Row) and row.verdict == "OVER" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
