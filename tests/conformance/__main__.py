"""Prints the table of conformance: `python -m tests.conformance [ID...]`, all rows or those whose ids begin so.

The exit code is 1 when a row fails.
"""

from __future__ import annotations

import math
import sys
from concurrent.futures import ProcessPoolExecutor

from engine.io.warm_up import CORE, MEASURING, warm_up
from tests.conformance.row import Row, Verdict
from tests.conformance.table import BLOCKS, NOT_HERE, ROWS


def _number(value: float, unit: str) -> str:
    if value == -math.inf:
        return "none"
    return f"{value:.3f}" if unit else f"{value:.12f}"


def _tolerance(row: Row) -> str:
    return f"±{row.below:g}" if row.below == row.above else f"+{row.above:g} -{row.below:g}"


def _judge(id: str) -> Verdict:
    """In a process of its own, which knows rows by their ids only."""
    row = next(row for row in ROWS if row.id == id)
    return row.judge(row.read())


def _print(row: Row, verdict: Verdict) -> None:
    worst = f" (worst of {len(row.expected)})" if len(row.expected) > 1 else ""
    expected = f"{_number(verdict.expected, row.unit)} {row.unit:4}"
    measured = f"{_number(verdict.measured, row.unit)} {row.unit:4}"
    print(
        f"{row.id:13} {expected:>18} {measured:>18} {_tolerance(row):>10}  {'pass' if verdict.passed else 'FAIL'}"
        f"  {row.source}: {row.signal}{worst}",
        flush=True,
    )


def main(beginnings: list[str]) -> int:
    warm_up(names=dict.fromkeys((*CORE, *MEASURING)))
    rows = [row for row in ROWS if not beginnings or row.id.startswith(tuple(beginnings))]
    print(f"{'id':13} {'expected':>18} {'measured':>18} {'tolerance':>10}  {'':4}  source and signal", flush=True)
    failed = 0
    with ProcessPoolExecutor() as pool:
        for row, verdict in zip(rows, pool.map(_judge, [row.id for row in rows]), strict=True):
            failed += not verdict.passed
            _print(row, verdict)
    print(f"\n{len(rows) - failed} of {len(rows)} rows pass.\n{BLOCKS}\n{NOT_HERE}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
