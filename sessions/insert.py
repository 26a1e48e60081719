"""What is in an insert slot: a processor of the engine's catalog with its parameters. The only door to that catalog."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from engine.catalog import PROCESSORS
from engine.core.params import ParamSpec, switch
from engine.core.unit import Processor
from sessions.values import SessionValueError, check_control, nearest_hint

__all__ = ["INSERT_CONTROLS", "InsertState", "ParamSpec", "Processor", "processor", "processors"]

BYPASS: Final = switch("bypass", "Bypass")
MIX: Final = ParamSpec("mix_percent", "Mix", "%", 0.0, 100.0, 100.0, 5.0, 1.0, 25.0)
OUTPUT_TRIM: Final = ParamSpec("output_db", "Output", "dB", -60.0, 40.0, 0.0, 0.5, 0.1, 6.0)
INTENDED_DRIVE: Final = switch("intended_drive", "Intended drive")

INSERT_CONTROLS: Final[Mapping[str, ParamSpec]] = MappingProxyType(
    {spec.id: spec for spec in (BYPASS, MIX, OUTPUT_TRIM, INTENDED_DRIVE)}
)
"""What every insert slot has, whichever processor is in it."""


def processors() -> Mapping[str, Processor]:
    """Every kind of processor by its id, in the order in which they are offered."""
    return PROCESSORS


def processor(kind: str) -> Processor:
    """The kind of that id. Raises a `SessionValueError` that names the nearest."""
    found = PROCESSORS.get(kind)
    if found is None:
        what = f'kind="{kind}" is no processor, {nearest_hint(kind, PROCESSORS)}'
        raise SessionValueError("insert", what, "kind")
    return found


class InsertState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A processor in a slot. `params` are in the order the kind declares them; without any they are the defaults.

    `mix_percent` blends it with the sound before it, `output_db` trims what leaves the slot. With
    `intended_drive` its input is meant to be as hot (or cold) as it is.
    """

    kind: str
    params: tuple[float, ...] = ()
    bypass: bool = bool(BYPASS.default)
    mix_percent: float = MIX.default
    output_db: float = OUTPUT_TRIM.default
    intended_drive: bool = bool(INTENDED_DRIVE.default)

    def __post_init__(self) -> None:
        specs = processor(self.kind).params
        if not self.params:
            msgspec.structs.force_setattr(self, "params", processor(self.kind).defaults)
        where = f'insert "{self.label}"'
        if len(self.params) != len(specs):
            raise SessionValueError(where, f"{len(self.params)} parameters are not the {len(specs)} it has")
        for spec, value in zip(specs, self.params, strict=True):
            check_control(where, spec, value)
        check_control(where, MIX, self.mix_percent)
        check_control(where, OUTPUT_TRIM, self.output_db)

    @property
    def label(self) -> str:
        """What the processor is called."""
        return processor(self.kind).label

    def spec(self, param_id: str) -> ParamSpec:
        """The declaration of one of its parameters. Raises a `SessionValueError` that names the nearest."""
        return processor(self.kind).params[self._place(param_id)]

    def value(self, param_id: str) -> float:
        """The value of one of its parameters."""
        return self.params[self._place(param_id)]

    def with_value(self, param_id: str, value: float) -> InsertState:
        """The insert with another value of one of its parameters."""
        place = self._place(param_id)
        params = (*self.params[:place], float(value), *self.params[place + 1 :])
        return msgspec.structs.replace(self, params=params)

    def _place(self, param_id: str) -> int:
        ids = [spec.id for spec in processor(self.kind).params]
        if param_id not in ids:
            what = f'it has no parameter "{param_id}", {nearest_hint(param_id, ids)}'
            raise SessionValueError(f'insert "{self.label}"', what)
        return ids.index(param_id)
