"""The monitor section: what comes after the master, for the ears only. A bounce never contains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import msgspec

from engine.core.params import INVERT_RIGHT, MONITOR, ParamSpec, switch
from sessions.values import check_control

VOLUME: Final = replace(MONITOR, id="volume_db")
DIM: Final = switch("dim", "Dim")
MONO: Final = switch("mono", "Mono")
MONITOR_MUTE: Final = switch("mute", "Mute")
CEILING: Final = ParamSpec("ceiling_dbfs", "Ceiling", "dBFS", -60.0, 0.0, -1.0, 0.5, 0.1, 6.0)

MONITOR_CONTROLS: Final[Mapping[str, ParamSpec]] = MappingProxyType(
    {spec.id: spec for spec in (VOLUME, DIM, MONO, MONITOR_MUTE, INVERT_RIGHT, CEILING)}
)


class MonitorState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the master is listened to; no sample leaves above `ceiling_dbfs`."""

    volume_db: float = VOLUME.default
    dim: bool = bool(DIM.default)
    mono: bool = bool(MONO.default)
    mute: bool = bool(MONITOR_MUTE.default)
    invert_right: bool = bool(INVERT_RIGHT.default)
    ceiling_dbfs: float = CEILING.default

    def __post_init__(self) -> None:
        for spec in (VOLUME, CEILING):
            check_control("monitor", spec, getattr(self, spec.id))
