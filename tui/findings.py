"""What a check has found, as a table to be read and as a document for programs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from sessions.values import shown
from tui.measurements import length
from tui.printing import output_encoding, put_tables, terminal_columns

if TYPE_CHECKING:
    from sessions.checking import Checked, Finding

_STYLES: Final = {"error": "bold red", "warning": "yellow", "note": "dim"}
_DECIMALS: Final = 2
_LEAST_WIDTH: Final = 32
"""Words are broken in a narrower terminal, by the terminal."""
_WIDEST: Final = 140
_ERROR_MARK: Final = "!"
_RULE_CELLS: Final = 5
_AVERAGES: Final = "RMS by AES-17 (a sine reads its peak), of what sounds (gated)"
"""A sine's mathematical RMS is 3 dB lower."""
_TABLE_FROM: Final = 110
"""In a narrower terminal each finding has its lines to itself: words in a narrow column are hard to read."""


def print_table(checked: Checked) -> None:
    """Print a line of what was checked, and a row for each finding, to the output."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    width = min(max(terminal_columns(), _LEAST_WIDTH), _WIDEST)
    arrow = _arrow(output_encoding())
    tables = []
    if width < _TABLE_FROM:
        grid = Table.grid(padding=(0, 1))
        grid.add_column(min_width=_RULE_CELLS)
        for finding in checked.findings:
            style = _STYLES[finding.severity]
            found = ", ".join(filter(None, (_value(finding), f"should be: {finding.target}")))
            what = Text(f"{shown(finding.strip)}, {shown(finding.stage)}: ").append(found, style)
            what.append(f"\n{shown(finding.cause)}").append(f"\n{arrow} {shown(finding.fix)}", _fix_style(finding))
            grid.add_row(Text(_rule(finding), style), what, style="dim" if finding.severity == "note" else "")
        tables.append(grid)
    elif checked.findings:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False, expand=False)
        for heading, justify in (("rule", "left"), ("where", "left"), ("found", "right"), ("should be", "left")):
            table.add_column(heading, justify=justify)  # type: ignore[arg-type]
        table.add_column("why, and what to do", ratio=1)
        for finding in checked.findings:
            style = _STYLES[finding.severity]
            where = f"{shown(finding.strip)}\n{shown(finding.stage)}"
            why = Text(shown(finding.cause)).append(f"\n{arrow} {shown(finding.fix)}", _fix_style(finding))
            cells = (Text(_rule(finding), style), Text(where), Text(_value(finding), style), Text(finding.target), why)
            table.add_row(*cells, style="dim" if finding.severity == "note" else "")
        tables.append(table)
    put_tables(*tables, _summary(checked), f"averages are {_AVERAGES}", width=width)


def _rule(finding: Finding) -> str:
    """The rule, with a mark where it is an error: colours alone tell nothing."""
    return f"{finding.rule:<3} {_ERROR_MARK}" if finding.severity == "error" else finding.rule


def _fix_style(finding: Finding) -> str:
    return "" if finding.severity == "note" else "bold"


def _arrow(encoding: str) -> str:
    """What stands before the thing to do, in the letters of this terminal or file."""
    try:
        "→".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return "->"
    return "→"


def document(checked: Checked) -> dict[str, Any]:
    """The same for programs: None for what is undefined."""
    profile = checked.profile
    return {
        "session": checked.session_name,
        "strips": checked.strips,
        "duration_s": round(checked.duration_s, 3),
        "profile": {"id": profile.id, "source": profile.source, "status": profile.status, "date": profile.date},
        "averages": _AVERAGES,
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "strip": finding.strip,
                "stage": finding.stage,
                "value": _number(finding.value),
                "unit": finding.unit,
                "target": finding.target,
                "cause": finding.cause,
                "fix": finding.fix,
            }
            for finding in checked.findings
        ],
        "problems": list(checked.problems),
    }


def _summary(checked: Checked) -> str:
    counts = {severity: sum(one.severity == severity for one in checked.findings) for severity in _STYLES}
    marked = {"error": f" ({_ERROR_MARK})"}
    said = ", ".join(
        f"{count} {word}{'s' if count != 1 else ''}{marked.get(word, '')}" for word, count in counts.items() if count
    )
    profile = checked.profile
    strips = f"{checked.strips} strip{'s' if checked.strips != 1 else ''}"
    what = f"{shown(checked.session_name)}: {strips}, {length(checked.duration_s)}"
    against = f"profile {profile.label} ({profile.source}, {profile.status}, {profile.date})"
    return f"{what}: {said or 'nothing to put right'}; {against}"


def _value(finding: Finding) -> str:
    value = _number(finding.value)
    return "" if value is None else f"{round(value, 1) + 0.0:.1f} {finding.unit}"


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, _DECIMALS)
