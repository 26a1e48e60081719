"""What was measured of files, as a table to be read and as a document for programs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sessions.values import shown
from tui.printing import put_tables, terminal_columns

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from sessions.measuring import Measured, Measurement

UNDEFINED: Final = "--.-"
_STABLE_S: Final = 60.0
"""Loudness ranges of less are not stable (EBU Tech 3341)."""
_UNSTABLE_MARK: Final = "*"
_WIDE_GAP: Final = 3
"""Cells between columns, where there is room; else one."""
_LEAST_NAME: Final = 12
_CUT: Final = "..."
_DECIMALS: Final = 4

_COLUMNS: Final = (
    ("I\nLUFS", "integrated_lufs"),
    ("LRA\nLU", "loudness_range_lu"),
    ("max M\nLUFS", "max_momentary_lufs"),
    ("max S\nLUFS", "max_short_term_lufs"),
    ("true\ndBTP", "true_peak_dbtp"),
    ("peak\ndBFS", "sample_peak_dbfs"),
    ("RMS\ndBFS", "rms_dbfs"),
    ("crest\ndB", "crest_db"),
    ("PLR\ndB", "plr_db"),
)
"""Headings, and the values under them."""
_RMS_AES17: Final = ("AES17\ndBFS", "rms_aes17_dbfs")


def _columns(aes17: bool) -> list[tuple[str, str]]:
    return [_RMS_AES17 if aes17 and key == "rms_dbfs" else (heading, key) for heading, key in _COLUMNS]


def print_table(measurements: Sequence[Measurement], *, aes17: bool = False) -> None:
    """Print a line for each file to the output; in a terminal that is too narrow for that, a line for each value.

    So nothing is left out, and no number is folded. `aes17` is about the RMS.
    """
    shown_columns = _columns(aes17)
    headings = ["length", *(heading for heading, _ in shown_columns)]
    rows = [[length(one.duration_s), *(_cell(one, key) for _, key in shown_columns)] for one in measurements]
    columns = [[*heading.split("\n"), *cells] for heading, *cells in zip(headings, *rows, strict=True)]
    values_width = sum(max(map(len, cells)) for cells in columns)
    names = [shown(str(one.path)) for one in measurements]
    width = terminal_columns()
    tables: list[RenderableType] = []
    if width >= values_width + len(columns) + _LEAST_NAME:
        tables.append(_table(names, headings, rows, values_width, width))
    else:
        for name, row in zip(names, rows, strict=True):
            tables += (_end_of(name, width), _block(headings, row))
    if any(_is_unstable(one) for one in measurements):
        tables.append(f"{_UNSTABLE_MARK} of less than {_STABLE_S:.0f} s: not stable")
    put_tables(*tables, width=width)


def _table(
    names: Sequence[str], headings: Sequence[str], rows: Sequence[Sequence[str]], values_width: int, width: int
) -> Table:
    """A line for each file. `values_width` is that of all columns but the names, without gaps."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    gaps = len(headings)
    padding = 1 if values_width + gaps * _WIDE_GAP + max(map(len, names)) <= width else 0
    room = width - values_width - gaps * (_WIDE_GAP if padding else 1)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, padding), show_edge=False)
    table.add_column("file", no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for name, row in zip(names, rows, strict=True):
        table.add_row(Text(_end_of(name, room)), *(Text(cell, _style(cell)) for cell in row))
    return table


def _block(headings: Sequence[str], row: Sequence[str]) -> Table:
    """The values of one file below each other: what it is, the value, its unit."""
    from rich.table import Table
    from rich.text import Text

    block = Table.grid(padding=(0, 1))
    block.add_column(no_wrap=True)
    block.add_column(justify="right", no_wrap=True)
    block.add_column(no_wrap=True)
    for heading, cell in zip(headings, row, strict=True):
        label, _, unit = heading.partition("\n")
        block.add_row(f"  {label}", Text(cell, _style(cell)), unit)
    return block


def document(measured: Measured, *, aes17: bool = False) -> dict[str, Any]:
    """The same for programs: None for what is undefined."""
    keys = ("sample_rate_hz", "channels", "duration_s", *(key for _, key in _columns(aes17)))
    return {
        "files": [
            {"path": str(one.path)} | {key: _number(getattr(one, key)) for key in keys} for one in measured.measurements
        ],
        "errors": [{"path": str(one.path), "message": one.message} for one in measured.problems],
    }


def length(duration_s: float) -> str:
    """A length of minutes and seconds, of hours where there are any."""
    tenths = round(duration_s * 10.0)
    hours, rest = divmod(tenths, 36000)
    minutes, tenths = divmod(rest, 600)
    if hours:
        return f"{hours}:{minutes:02}:{tenths // 10:02}"
    return f"{minutes}:{tenths / 10.0:04.1f}"


def _end_of(name: str, room: int) -> str:
    """The end of a name that is too long: there files differ."""
    return name if len(name) <= room else _CUT + name[len(_CUT) - room :]


def _cell(one: Measurement, key: str) -> str:
    value = _number(getattr(one, key))
    if value is None:
        return UNDEFINED
    text = f"{round(value, 1) + 0.0:.1f}"
    if key == "true_peak_dbtp" and value > 0.0:
        return f"+{text}"
    return f"{text}{_UNSTABLE_MARK}" if key == "loudness_range_lu" and _is_unstable(one) else text


def _style(cell: str) -> str:
    """What stands out: true peaks above full scale. What is undefined steps back."""
    return "bold red" if cell.startswith("+") else "dim" if cell == UNDEFINED else ""


def _is_unstable(one: Measurement) -> bool:
    return one.loudness_range_lu is not None and one.duration_s < _STABLE_S


def _number(value: float | None) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return value if isinstance(value, int) else round(value, _DECIMALS)
