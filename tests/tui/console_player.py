"""A fake player whose processors read something, and a session with processors, sends and buses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from engine.meters.frame import MeterFrame
from engine.meters.reader import silent_frame as no_frame
from sessions.model import InsertState, SendState, Session, StripState
from tests.tui.fake_player import FakePlayer, session_of

REDUCTION_DB = -4.2
VU = (-2.5, 1.2)


class ConsolePlayer(FakePlayer):
    """Every processor reduces by the same, and reads the same VU."""

    def frame(self) -> MeterFrame:
        frame = super().frame()
        vu = np.zeros_like(frame.unit_vu_db)
        vu[:] = VU
        silent = no_frame(len(frame.peak_dbfs) - 2)  # nothing has sounded yet that anything could be judged by
        return replace(
            frame, evidence=silent.evidence, reduction_db=np.full_like(frame.reduction_db, REDUCTION_DB), unit_vu_db=vu
        )


def insert(kind: str, **values: float) -> InsertState:
    made = InsertState(kind)
    for param_id, value in values.items():
        made = made.with_value(param_id, value)
    return made


def console_session(folder: Path | None = None) -> Session:
    """Three stems, a bus and a return; the first stem has something in most of its slots."""
    session = session_of(3, folder)
    equaliser = insert(
        "equaliser", high_pass=1.0, high_pass_hz=45.0, bell_1=1.0, bell_1_gain_db=-4.0, bell_3=1.0, bell_3_gain_db=5.5
    )
    compressor = insert("compressor", threshold_db=-24.0, compression_ratio=4.0, make_up_db=5.0)
    inserts = (equaliser, compressor, None, insert("saturator", drive_db=6.0), None, InsertState("gate", bypass=True))
    sends = (SendState("return1", level_db=-14.0), None, SendState("return1", mute=True, before_fader=True))
    first, *others = session.strips
    first = msgspec.structs.replace(first, trim_db=-3.5, output="bus1", inserts=inserts, sends=sends)
    sums = (
        StripState("bus1", "Drum bus", kind="bus", inserts=(InsertState("bus_compressor"), InsertState("tape"))),
        StripState("return1", "Hall", kind="return", inserts=(InsertState("reverb"), InsertState("delay"))),
    )
    return msgspec.structs.replace(session, strips=(first, *others, *sums))
