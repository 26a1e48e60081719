"""What a processor is set to, in a line: the values that are not as they come."""

from __future__ import annotations

from engine.core.params import ParamSpec
from sessions.insert import processor
from sessions.model import InsertState
from tui.field_values import field_text

_AS_IT_COMES = "as it comes"


def summary(insert: InsertState) -> str:
    """The values in words; a switch takes those along that are named after it, as a band does its frequency."""
    parts: list[str] = []
    band: ParamSpec | None = None
    for spec, value in zip(processor(insert.kind).params, insert.params, strict=True):
        if band is not None and spec.id.startswith(f"{band.id}_"):
            if insert.value(band.id) and (value != spec.default or spec.unit == "Hz"):
                parts[-1] += f" {field_text(spec, value)}"
            continue
        band = spec if spec.taper == "switch" else None
        if band is not None and value:
            parts.append(spec.label)
        elif value != spec.default:
            parts.append(f"{spec.label} {field_text(spec, value)}")
    if insert.mix_percent != 100.0:
        parts.append(f"Mix {insert.mix_percent:.0f} %")
    if insert.output_db:
        parts.append(f"Output {insert.output_db:+.1f} dB")
    return ", ".join(parts) or _AS_IT_COMES
