"""The elements of a strip's path, from its input to where it goes, with what each of them can be set to.

An element is named by a short word: `input`, `polarity`, `trim`, `1` to `8` (insert slots), `a` to `d` (sends),
`fader`, `pan`, `output`. A field is one value of an element: its declaration, its value now, and the edit that sets it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, get_args

from engine.core.params import STRIP_PARAMS, ParamSpec
from engine.mix import INSERT_SLOTS, Listen
from sessions.edits import Edit, SetControl
from sessions.insert import INSERT_CONTROLS, processor
from sessions.insert_edits import SetInsertControl, SetInsertParam
from sessions.model import MASTER_ID, Channel, InsertState, SendState, Session, StripState
from sessions.send import SEND_CONTROLS, SEND_LETTERS
from sessions.send_edits import RemoveSend, SetSend, SetSendControl
from sessions.sum_edits import SetListen, SetOutput, SetSoloSafe
from tui.content import strip_numbers

SLOTS: Final = tuple(str(slot) for slot in range(1, INSERT_SLOTS + 1))
SENDS: Final = tuple(SEND_LETTERS)
_BEFORE_SENDS: Final = ("input", "polarity", "trim", *SLOTS)
_AFTER_SENDS: Final = ("fader", "pan", "output")
_LISTENS: Final[tuple[Listen, ...]] = get_args(Listen)
NOWHERE: Final = "nowhere"


@dataclass(frozen=True, slots=True)
class Field:
    """A value of an element. `edit` makes the edit that sets it; equal fields look the same."""

    id: str
    spec: ParamSpec
    value: float
    edit: Callable[[float], Edit] = field(compare=False, repr=False)


def elements_of(strip_id: str) -> tuple[str, ...]:
    """The elements of a strip in the order of its path; the master has no sends."""
    return (*_BEFORE_SENDS, *(() if strip_id == MASTER_ID else SENDS), *_AFTER_SENDS)


def insert_at(channel: Channel, element: str) -> InsertState | None:
    """The insert of an element, None if it is no slot or an empty one."""
    return channel.insert(int(element)) if element in SLOTS else None


def send_at(channel: Channel, element: str) -> SendState | None:
    """The send of an element, None if it is no send or goes nowhere."""
    return channel.send(element) if element in SENDS and isinstance(channel, StripState) else None


def fields_of(session: Session, strip_id: str, element: str) -> tuple[Field, ...]:
    """What an element can be set to, the most important first."""
    channel = session.channel(strip_id)
    if element in SLOTS:
        return _insert_fields(channel, int(element))
    if element in SENDS and isinstance(channel, StripState):
        return _send_fields(session, channel, element)
    if element == "output":
        return _output_fields(session, channel)
    controls = {
        "polarity": ("invert_left", "invert_right"),
        "trim": ("trim_db",),
        "fader": ("fader_db", "mute", "solo") if strip_id != MASTER_ID else ("fader_db", "mute"),
        "pan": ("pan_percent",),
    }.get(element, ())
    return tuple(_control(channel, control) for control in controls)


def main_field(session: Session, strip_id: str, element: str) -> Field | None:
    """The value that stands for an element in the path, None where no single one does."""
    if element in SENDS:
        return next((each for each in fields_of(session, strip_id, element) if each.id == "level_db"), None)
    if element in ("trim", "fader", "pan"):
        return fields_of(session, strip_id, element)[0]
    return None


def _control(channel: Channel, control: str) -> Field:
    strip_id = channel.id
    value = float(getattr(channel, control))
    return Field(control, STRIP_PARAMS[control], value, lambda to: SetControl(strip_id, control, to))


def _insert_fields(channel: Channel, slot: int) -> tuple[Field, ...]:
    insert, strip_id = channel.insert(slot), channel.id
    if insert is None:
        return ()

    def param(spec: ParamSpec, value: float) -> Field:
        return Field(spec.id, spec, value, lambda to: SetInsertParam(strip_id, slot, spec.id, _switched(spec, to)))

    def control(spec: ParamSpec) -> Field:
        value = float(getattr(insert, spec.id))
        # Some processors have an output of their own.
        shown = replace(spec, label="Output trim") if spec.id == "output_db" else spec
        edit = lambda to: SetInsertControl(strip_id, slot, spec.id, _switched(spec, to))  # noqa: E731
        return Field(f"slot {spec.id}", shown, value, edit)

    params = zip(processor(insert.kind).params, insert.params, strict=True)
    own = (INSERT_CONTROLS[each] for each in ("mix_percent", "output_db", "bypass", "intended_drive"))
    return (*(param(spec, value) for spec, value in params), *map(control, own))


def _send_fields(session: Session, strip: StripState, letter: str) -> tuple[Field, ...]:
    strip_id, send = strip.id, strip.send(letter)
    targets = [other for other in (*session.returns, *session.buses) if other.id != strip_id]
    ids = [target.id for target in targets]
    spec = _choice("to", "Goes to", [NOWHERE, *_titles(session, targets)])
    place = 1 + ids.index(send.to) if send is not None and send.to in ids else 0

    def go(to: float) -> Edit:
        return SetSend(strip_id, letter, ids[int(to) - 1]) if to >= 1.0 else RemoveSend(strip_id, letter)

    route = Field("to", spec, float(place), go)
    if send is None:
        return (route,)

    def control(spec: ParamSpec) -> Field:
        value = float(getattr(send, spec.id))
        return Field(spec.id, spec, value, lambda to: SetSendControl(strip_id, letter, spec.id, _switched(spec, to)))

    level, *others = (
        control(SEND_CONTROLS[each]) for each in ("level_db", "pan_percent", "before_fader", "mute", "intended_drive")
    )
    return (level, route, *others)


def _output_fields(session: Session, channel: Channel) -> tuple[Field, ...]:
    if not isinstance(channel, StripState):
        return ()
    strip_id = channel.id
    buses = [bus for bus in session.buses if bus.id != strip_id]
    ids: list[str | None] = [None, MASTER_ID, *(bus.id for bus in buses)]
    spec = _choice("output", "Goes to", [NOWHERE, "master", *_titles(session, buses)], default=1)
    place = ids.index(channel.output) if channel.output in ids else 0
    route = Field("output", spec, float(place), lambda to: SetOutput(strip_id, ids[int(to)]))
    safe_spec = ParamSpec("solo_safe", "Solo safe", "", 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, taper="switch")
    safe = Field("solo_safe", safe_spec, float(channel.solo_safe), lambda to: SetSoloSafe(strip_id, bool(to)))
    listen_spec = _choice("listen", "Listen", ["off", "before the fader", "after the fader"])
    now = float(_LISTENS.index(channel.listen))
    listen = Field("listen", listen_spec, now, lambda to: SetListen(strip_id, _LISTENS[int(to)]))
    return (route, listen, safe)


def _titles(session: Session, strips: list[StripState]) -> list[str]:
    """Numbers and names: several may have the same name."""
    numbers = strip_numbers(session)
    return [f"{numbers[strip.id]} {strip.name}" for strip in strips]


def _choice(identity: str, label: str, names: list[str], default: int = 0) -> ParamSpec:
    last = float(len(names) - 1)
    return ParamSpec(
        identity, label, "", 0.0, last, float(default), 1.0, 1.0, 1.0, taper="choice", choices=tuple(names)
    )


def _switched(spec: ParamSpec, value: float) -> float | bool:
    """A switch as a switch: each press is a step of undo, and never merged."""
    return bool(value) if spec.taper == "switch" else value
