"""The interface's side of a mix that plays: which strip has which slot, and what differs from the mix before.

Single words (levels, switches, parameters) are written into the shared record and heard with the next block; what the
audio process must do for itself (open stems, connect strips and processors) is returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.mix import MAX_STRIPS, Insert, Mix, Strip
from engine.mixer.controls import (
    GROUP_SLOT,
    MASTER_SLOT,
    publish,
    write_insert,
    write_monitor,
    write_pan_law,
    write_strip,
)
from engine.mixer.planner import Node, nodes_of
from engine.routing import heard


@dataclass(frozen=True, slots=True)
class Changes:
    """What the audio process has to be told.

    `stems` are slots with the stem strip that is there now, or None for a slot that was left. `new` are slots that
    another strip has now. `nodes` are the connections, None if they stay as they are.
    """

    stems: tuple[tuple[int, Strip | None], ...]
    new: tuple[int, ...]
    nodes: tuple[Node, ...] | None


class LiveMix:
    """Writes one mix after another into an engine's controls."""

    def __init__(self, controls: Any) -> None:
        self._controls = controls
        self.slots: dict[str, int] = {}
        self._mix: Mix | None = None
        self._heard: dict[str, tuple[bool, ...]] = {}
        self.nodes: tuple[Node, ...] = ()

    def write(self, mix: Mix) -> Changes:
        """Goes over to a mix. Raises RoutingError, and changes nothing, for connections that cannot be."""
        before = self._mix
        known = {strip.id: strip for strip in (*before.strips, before.master)} if before else {}
        slots, new = self._find_slots(mix)
        nodes = nodes_of(mix, slots)
        left = [(slot, None) for identity, slot in self.slots.items() if identity not in slots and slot < GROUP_SLOT]
        sounds = heard(mix)
        stems: list[tuple[int, Strip | None]] = list(left)
        for strip in (*mix.strips, mix.master):
            old = known.get(strip.id)
            slot = slots[strip.id]
            if old is not None and (old.stem, old.name) == (strip.stem, strip.name):
                pass
            elif strip.kind == "stem":
                stems.append((slot, strip))
            if old is strip and sounds[strip.id] == self._heard[strip.id]:
                continue
            if old is None or _levels(old) != _levels(strip) or sounds[strip.id] != self._heard[strip.id]:
                write_strip(self._controls, slot, strip, sounds[strip.id])
            self._write_inserts(slot, old.inserts if old is not None else (), strip.inserts)
        if before is None or before.pan_law != mix.pan_law:
            write_pan_law(self._controls, mix.pan_law)
        write_monitor(self._controls, mix.monitor)
        self._controls.peak_fall_db_per_s = mix.meters.peak_fall_db_per_s
        self._controls.listening = any(strip.controls.listen != "off" for strip in mix.strips)
        publish(self._controls)
        changed = nodes if nodes != self.nodes else None
        self.slots, self.nodes, self._heard, self._mix = slots, nodes, sounds, mix
        return Changes(tuple(stems), new, changed)

    def _write_inserts(self, slot: int, before: tuple[Insert | None, ...], inserts: tuple[Insert | None, ...]) -> None:
        for index, insert in enumerate(inserts):
            if insert is not None and (index >= len(before) or before[index] != insert):
                write_insert(self._controls, slot, index, insert)

    def _find_slots(self, mix: Mix) -> tuple[dict[str, int], tuple[int, ...]]:
        """Slots of all strips; slots that were left just now come last: what was there is still heard for a moment."""
        kept = {strip.id: self.slots[strip.id] for strip in mix.strips if strip.id in self.slots}
        in_use, left = set(self.slots.values()), set(self.slots.values()) - set(kept.values())
        stems = iter([*sorted(set(range(MAX_STRIPS)) - in_use), *sorted(left)])
        groups = iter([*sorted(set(range(GROUP_SLOT, MASTER_SLOT)) - in_use), *sorted(left)])
        slots, new = {mix.master.id: MASTER_SLOT}, []
        for strip in mix.strips:
            if strip.id in kept:
                slots[strip.id] = kept[strip.id]
            else:
                is_stem = strip.kind == "stem"
                slots[strip.id] = next(
                    slot for slot in (stems if is_stem else groups) if (slot < GROUP_SLOT) == is_stem
                )
                new.append(slots[strip.id])
        return slots, tuple(new)


def _levels(strip: Strip) -> tuple[object, ...]:
    """What `write_strip` writes of a strip."""
    return strip.controls, strip.sends
