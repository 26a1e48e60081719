"""Inserts and sends as tables of a session file, and back: one table for each slot that holds something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.core.params import ParamSpec
from engine.mix import INSERT_SLOTS
from sessions.insert import InsertState, processor
from sessions.send import SEND_LETTERS, SendState
from sessions.slots import Slots, trimmed
from sessions.tables import Place, changed, check_keys, struct_of, table_as, table_text, value_shown
from sessions.values import SessionValueError, check_control, nearest_hint

_SLOTS: Final = tuple(str(slot) for slot in range(1, INSERT_SLOTS + 1))
_KEYS: Final = InsertState.__struct_fields__
_OWN_KEYS: Final = tuple(key for key in _KEYS if key not in ("kind", "params"))


def slots_text(head: str, inserts: Slots[InsertState], sends: Slots[SendState] = ()) -> list[str]:
    """The tables of what is in the slots of a strip whose own table is headed `head`."""
    parts = [
        f"[{head}.insert.{slot}]\n{_insert_text(insert)}"
        for slot, insert in zip(_SLOTS, inserts, strict=False)
        if insert is not None
    ]
    parts += [
        f"[{head}.send.{letter}]\n{table_text(changed(send, SendState.__struct_fields__))}"
        for letter, send in zip(SEND_LETTERS, sends, strict=False)
        if send is not None
    ]
    return parts


def inserts_of(place: Place, head: str, tables: Any) -> Slots[InsertState]:
    """What is in the insert slots. Raises `DocumentError`."""
    found = _slot_tables(place, head, "insert", _SLOTS, tables)
    return trimmed(
        tuple(
            _insert(place.inner(f"insert {slot}", "insert", slot), found[slot]) if slot in found else None
            for slot in _SLOTS
        )
    )


def sends_of(place: Place, head: str, tables: Any) -> Slots[SendState]:
    """The sends of a strip. Raises `DocumentError`."""
    found = _slot_tables(place, head, "send", tuple(SEND_LETTERS), tables)
    return trimmed(
        tuple(
            table_as(place.inner(f"send {letter}", "send", letter), found[letter], SendState)
            if letter in found
            else None
            for letter in SEND_LETTERS
        )
    )


def _slot_tables(place: Place, head: str, key: str, slots: tuple[str, ...], tables: Any) -> Mapping[str, Any]:
    if not isinstance(tables, dict):
        raise place.fault(f"{key} should be tables, headed [{head}.{key}.{slots[0]}] and so on", key)
    for slot in tables:
        if slot not in slots:
            what = f"there is no {key} {value_shown(slot)}, only {slots[0]} to {slots[-1]}"
            raise Place(place.words, (*place.keys, key)).fault(what, slot)
    return tables


def _insert_text(insert: InsertState) -> str:
    """The parameters that are not at their default go under `params`: they may be called as the slot's own keys."""
    own = {"kind": insert.kind} | changed(insert, _OWN_KEYS)
    specs = processor(insert.kind).params
    params = {
        spec.id: _written(spec, value)
        for spec, value in zip(specs, insert.params, strict=True)
        if value != spec.default
    }
    return table_text(own) + "".join(f"params.{line}" for line in table_text(params).splitlines(keepends=True))


def _insert(place: Place, table: Any) -> InsertState:
    if not isinstance(table, dict):
        raise place.is_no_table()
    check_keys(place, table, _KEYS)
    values = dict(table)
    kind = values.get("kind")
    if isinstance(kind, str):
        try:
            values["params"] = _params(place, kind, values.get("params", {}))
        except SessionValueError as error:
            raise place.fault(error.what, error.key) from None
    else:
        values.pop("params", None)
    return struct_of(place, InsertState, values)


def _params(place: Place, kind: str, table: Any) -> tuple[float, ...]:
    chosen = processor(kind)
    specs = {spec.id: spec for spec in chosen.params}
    if not isinstance(table, dict):
        raise place.fault("params should be a table, or lines that begin with params.", "params")
    place = Place(place.words, (*place.keys, "params"))
    for key in table:
        if key not in specs:
            what = f"the {chosen.label} has no parameter {value_shown(key)}, {nearest_hint(key, specs)}"
            raise place.unknown(what, key)
    return tuple(_read(place, spec, table[spec.id]) if spec.id in table else spec.default for spec in chosen.params)


def _written(spec: ParamSpec, value: float) -> float | bool | str:
    if spec.taper == "switch":
        return bool(value)
    return spec.choices[int(value)] if spec.taper == "choice" else value


def _read(place: Place, spec: ParamSpec, value: Any) -> float:
    fault = f"{spec.id}={value_shown(value)} should be"
    if spec.taper == "switch":
        if not isinstance(value, bool):
            raise place.fault(f"{fault} true or false", spec.id)
        return float(value)
    if spec.taper == "choice":
        if value not in spec.choices:
            choices = ", ".join(f'"{choice}"' for choice in spec.choices)
            raise place.fault(f"{fault} one of {choices}", spec.id)
        return float(spec.choices.index(value))
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            number = float(value)
            check_control("", spec, number)
            return number
    except SessionValueError as error:
        raise place.fault(error.what, spec.id) from None
    except OverflowError:  # a whole number of hundreds of digits
        pass
    raise place.fault(f"{fault} a number", spec.id)
