"""Keys that move the chosen value, as the strip view names them."""

from __future__ import annotations

from collections.abc import Callable

from tui.elements import Field
from tui.widgets.info_line import Hints


def value_hints(field: Field, entered: bool, shown: Callable[[str], str]) -> Hints:
    """What moves a value, with the keys that do so: the arrows in the editor (`entered`), else keys of their own."""
    spec = field.spec
    keys = shown("increase") + shown("decrease") if entered else shown("more") + shown("less")
    hints: list[tuple[str, str]] = [(shown("leave"), "done")] if entered else []
    if spec.taper in ("switch", "choice"):
        hints.append((keys, "change"))
    else:
        unit = " %" if spec.taper == "log" else f" {spec.unit}" if spec.unit.isalpha() or spec.unit == "%" else ""
        hints += [(keys, f"{spec.step:g}{unit}"), (shown("increase_fine"), f"{spec.fine_step:g}")]
        hints += [(shown("increase_coarse"), f"{spec.coarse_step:g}"), (shown("type_value"), "type")]
    hints.append((shown("reset"), "default"))
    if not entered:
        hints.append((shown("enter"), "edit"))
    return tuple((keys, does) for keys, does in hints if keys)
