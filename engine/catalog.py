"""Every kind of processor there is, by its id, in the order in which a user is offered them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.core.unit import Processor
from engine.inserts import bus_compressor, compressor, console, equaliser, gate, limiter, saturator, tape, utility
from engine.returns import delay, reverb

_MODULES = (
    utility, equaliser, gate, compressor, bus_compressor, saturator, tape, console, limiter, reverb, delay,
)  # fmt: skip

PROCESSORS: Mapping[str, Processor] = MappingProxyType({module.PROCESSOR.id: module.PROCESSOR for module in _MODULES})
