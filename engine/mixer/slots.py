"""Insert slots: every unit of a slot runs over its columns of the rack; a column without one passes as it is.

What a unit does to the sound, and how that is blended, is its seat's business (`mixer.seat`), called by its address.
"""

from __future__ import annotations

from typing import Any

from engine.core.jit import kernel
from engine.core.pointers import address_of, call_at
from engine.core.record import STRIPS_PER_RACK
from engine.mixer.seat import AIM, END_TICK, ENTER, LEAVE, LOOK, RUN, RUN_STILL, START


@kernel
def _tell(ref: Any, order: int, address: int, number: int) -> None:
    call_at(ref.seat_entry, (address_of(ref.word), order, address, number))


@kernel
def run_insert(plan: Any, index: int, insert: int, block: Any, frames: int, sounding: bool) -> None:
    """Audio thread. Takes the block of a rack through one insert slot, in place; `sounding` while stems play."""
    address = address_of(block)
    order = RUN if sounding else RUN_STILL
    for number in range(plan.first_unit[index, insert], plan.first_unit[index, insert + 1]):
        _tell(plan.units[number], order, address, frames)


@kernel
def end_insert_tick(engine: Any, plan: Any) -> None:
    """Audio thread, after the last sample of each 10 ms. Lets units rest, and shows what they read."""
    for number in range(plan.unit_count):
        ref = plan.units[number]
        _tell(ref, END_TICK, address_of(engine.racks[ref.rack].readings[ref.insert].reduction_db), 0)


@kernel
def derive_inserts(engine: Any, plan: Any, jump: bool) -> None:
    """Audio thread. Tells units whose parameters changed, and sends bypass, mix and output trim on their way."""
    for number in range(plan.unit_count):
        ref = plan.units[number]
        for column in range(STRIPS_PER_RACK):
            if ref.columns[column] >= 0:
                slot = plan.slots[ref.rack, ref.columns[column]]
                control = engine.controls.strips[slot].inserts[ref.insert]
                _tell(ref, AIM, address_of(control.version), 2 * column + (1 if jump else 0))


@kernel
def start_units(plan: Any) -> None:
    """Audio thread, when the song starts at its beginning."""
    for number in range(plan.unit_count):
        _tell(plan.units[number], START, 0, 0)


@kernel
def enter_units(plan: Any, jump: bool) -> None:
    """Audio thread, when a plan is taken. Lets columns in that are new to their unit."""
    for number in range(plan.unit_count):
        _tell(plan.units[number], ENTER, 0, 1 if jump else 0)


@kernel
def leave_units(plan: Any) -> None:
    """Audio thread. Begins to take out the columns that a plan, which is to be taken soon, takes away from units."""
    for number in range(plan.leaving_count):
        _tell(plan.leaving[number], LEAVE, 0, 0)


@kernel
def have_left(plan: Any) -> bool:
    """Audio thread. Whether those columns are out."""
    for number in range(plan.leaving_count):
        _tell(plan.leaving[number], LOOK, address_of(plan.is_out), 0)
        if plan.is_out[0] == 0:
            return False
    return True
