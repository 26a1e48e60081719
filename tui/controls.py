"""The controls that keys and mouse move: what each can be, and how they are told about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from engine.core.params import STRIP_PARAMS, ParamSpec
from sessions.send import SEND_LETTERS, SEND_LEVEL
from tui.drawing.facts import CONTROL_LABELS, SEND_CONTROLS, ControlId, send_place

SPECS: Final[Mapping[ControlId, ParamSpec]] = MappingProxyType(
    {control: SEND_LEVEL if control in SEND_CONTROLS else STRIP_PARAMS[control] for control in CONTROL_LABELS}
)
"""Range, default and steps of each control."""


def send_letter(control: ControlId) -> str | None:
    """The letter of a send that is a control; None for another one."""
    place = send_place(control)
    return None if place is None else SEND_LETTERS[place]


def action_of(control: ControlId) -> str:
    """The action that makes a control the active one."""
    return f"control_{CONTROL_LABELS[control].lower().replace(' ', '_')}"


def control_hints(
    control: ControlId, shown: Callable[[str], str], goes_nowhere: bool = False
) -> tuple[tuple[str, str], ...]:
    """What moves a control, with the keys as they are now: `shown` gives the key of an action, "" if it has none.

    A send that `goes_nowhere` has nothing to move yet.
    """
    spec = SPECS[control]
    space = "" if spec.unit == "%" else " "
    up, down = shown("increase"), shown("decrease")
    hints = [
        (("" if len(up + down) <= 2 else "/").join(filter(None, (up, down))), f"{spec.step:g}{space}{spec.unit}"),
        (f"{shown('increase_fine')}", f"{spec.fine_step:g}"),
        (f"{shown('increase_coarse')}", f"{spec.coarse_step:g}"),
        (shown("type_value"), "type"),
        (shown("reset"), "centre" if control == "pan_percent" else "0 dB"),
    ]
    if control in SEND_CONTROLS:
        hints += [(shown("send_to"), "to"), (shown("send_tap"), "before fader"), (shown("send_mute"), "mute")]
    if goes_nowhere:
        hints = [(shown("send_to"), "choose where to")]
    others = [other for other in CONTROL_LABELS if other != control and other not in SEND_CONTROLS]
    hints += [(shown(action_of(other)), CONTROL_LABELS[other].lower()) for other in others]
    return tuple((keys, does) for keys, does in hints if keys)
