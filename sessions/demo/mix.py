"""The mix of the demo: a session that is music, and in which four things are wrong on purpose (README.md tells them).

What is at fault in the gain staging is marked where it stands: the four of the mix, and what lets the five of the
stems be heard.
"""

from __future__ import annotations

from pathlib import Path

from engine.mix import MASTER_ID
from sessions.demo.score import TEMPO_BPM
from sessions.insert import InsertState, processor
from sessions.model import MasterState, Session, SourceRef, StripState
from sessions.send import SendState
from sessions.slots import Slots

NAME = "Demo"
_DRUMS, _VOICES = "b1", "b2"
_REVERB, _ECHO = "r1", "r2"


def demo_session(folder: Path, sample_rate_hz: int) -> Session:
    """The mix of the stems in a folder (absolute), at the rate they were written with."""
    strips = (*_drums(folder), *_band(folder), *_voices(folder), *_buses(), *_returns())
    return Session(NAME, strips, sample_rate_hz, master=_master())


def _drums(folder: Path) -> tuple[StripState, ...]:
    kick = (
        _unit("equaliser", low_shelf=True, low_shelf_hz=70.0, low_shelf_gain_db=2.0, bell_1=True, bell_1_hz=320.0,
              bell_1_gain_db=-4.0, bell_3=True, bell_3_hz=3500.0, bell_3_gain_db=3.0),
        _unit("compressor", threshold_db=-16.0, compression_ratio=3.0, attack_ms=20.0, release_ms=90.0, make_up_db=1.5),
    )  # fmt: skip
    snare = (
        _unit("equaliser", high_pass=True, high_pass_hz=90.0, bell_1=True, bell_1_hz=210.0, bell_1_gain_db=3.0,
              bell_3=True, bell_3_hz=5000.0, bell_3_gain_db=3.0),
        _unit("saturator", curve="asymmetric", output_db=1.0),
    )  # fmt: skip
    hats = (_unit("equaliser", high_pass=True, high_pass_hz=350.0, high_shelf=True, high_shelf_gain_db=-1.5),)
    toms = (
        _unit("gate", threshold_db=-38.0, range_db=30.0, hold_ms=150.0, release_ms=250.0),
        _unit("equaliser", bell_1=True, bell_1_hz=400.0, bell_1_gain_db=-4.0, bell_3=True, bell_3_gain_db=2.0),
    )
    overheads = (_unit("equaliser", high_pass=True, high_pass_hz=250.0, high_shelf=True, high_shelf_gain_db=1.5),)
    room = SendState(_REVERB, level_db=-12.0)
    return (
        _stem(folder, 1, "Kick", trim_db=4.5, fader_db=5.0, inserts=kick, output=_DRUMS),
        # Recorded hot, and the trim was left where it is.
        _stem(folder, 2, "Snare", fader_db=5.0, inserts=snare, sends=(room,), output=_DRUMS),
        _stem(folder, 3, "Hats", fader_db=-1.0, pan_percent=25.0, inserts=hats, output=_DRUMS),
        _stem(folder, 4, "Toms", trim_db=3.0, fader_db=5.0, inserts=toms, sends=(room,), output=_DRUMS),
        _stem(folder, 5, "Overheads", trim_db=6.0, fader_db=3.0, inserts=overheads, output=_DRUMS),
    )


def _band(folder: Path) -> tuple[StripState, ...]:
    # The boosts add up: 4 dB of the equaliser and 6 dB of make-up, and the saturator is driven 10 dB hot.
    bass = (
        _unit("equaliser", high_pass=True, high_pass_hz=35.0, low_shelf=True, low_shelf_hz=120.0,
              low_shelf_gain_db=5.0, bell_2=True, bell_2_gain_db=4.0),
        _unit("compressor", threshold_db=-12.0, compression_ratio=3.0, attack_ms=15.0, release_ms=120.0,
              detector="rms", make_up_db=6.0),
        _unit("saturator", curve="tanh"),
    )  # fmt: skip
    # Recorded far too quietly: what comes in never reaches the threshold, and the fader has no more to give.
    keys = (
        _unit("compressor", threshold_db=-20.0, compression_ratio=2.5, attack_ms=20.0, release_ms=200.0),
        _unit("equaliser", high_pass=True, high_pass_hz=120.0, high_shelf=True, high_shelf_hz=6000.0,
              high_shelf_gain_db=1.5),
    )  # fmt: skip
    # The high-pass that would take the direct current away is there, and off.
    pad = (_unit("equaliser", high_pass_hz=150.0, bell_1=True, bell_1_hz=350.0, bell_1_gain_db=-3.0),)
    guitar = (
        _unit("equaliser", high_pass=True, high_pass_hz=100.0, bell_3=True, bell_3_hz=3000.0, bell_3_gain_db=-2.0),
        _unit("tape", speed="15 ips", drive_db=2.0),
    )
    acoustic = (
        _unit("equaliser", high_pass=True, high_pass_hz=140.0, high_shelf=True, high_shelf_hz=8000.0,
              high_shelf_gain_db=2.0),
        _unit("compressor", threshold_db=-18.0, compression_ratio=2.5, attack_ms=15.0, release_ms=150.0,
              make_up_db=1.5),
    )  # fmt: skip
    space = SendState(_REVERB, level_db=-14.0)
    return (
        _stem(folder, 6, "Bass", fader_db=-4.5, inserts=bass),
        _stem(folder, 7, "Keys", fader_db=6.0, inserts=keys),
        _stem(folder, 8, "Pad", trim_db=3.0, fader_db=-9.0, inserts=pad),
        _stem(folder, 9, "Guitar", fader_db=-10.5, pair=True, trim_db=2.0, inserts=guitar, sends=(space,)),
        _stem(folder, 10, "Acoustic", trim_db=2.0, fader_db=-7.0, pan_percent=-30.0, inserts=acoustic, sends=(space,)),
    )


def _voices(folder: Path) -> tuple[StripState, ...]:
    # The trim was left: everything here is driven 10 dB hot, and the fader, pulled down, is too late.
    lead = (
        _unit("equaliser", high_pass=True, high_pass_hz=110.0, bell_1=True, bell_1_hz=300.0, bell_1_gain_db=-2.0,
              high_shelf=True, high_shelf_hz=9000.0, high_shelf_gain_db=2.0),
        _unit("compressor", threshold_db=-15.0, compression_ratio=3.0, attack_ms=8.0, release_ms=120.0),
        _unit("console", character="channel"),
    )  # fmt: skip
    # The gate lies below the noise, and so never closes.
    backing = (
        _unit("gate", threshold_db=-70.0, range_db=40.0, hold_ms=200.0, release_ms=300.0),
        _unit("equaliser", high_pass=True, high_pass_hz=180.0, high_shelf=True, high_shelf_gain_db=2.0),
        _unit("compressor", threshold_db=-18.0, compression_ratio=3.0, attack_ms=10.0, release_ms=150.0,
              make_up_db=2.0),
    )  # fmt: skip
    return (
        _stem(
            folder,
            11,
            "Lead Vox",
            fader_db=-2.5,
            inserts=lead,
            sends=(SendState(_REVERB, level_db=-13.0), SendState(_ECHO, level_db=-14.0)),
            output=_VOICES,
        ),
        # Sent louder than it is heard itself.
        _stem(
            folder,
            12,
            "Backing Vox",
            trim_db=2.0,
            fader_db=-7.0,
            inserts=backing,
            sends=(SendState(_REVERB, level_db=2.0),),
            output=_VOICES,
        ),
    )


def _buses() -> tuple[StripState, ...]:
    # Each drum averages what it should; together they come in hot, and the trim of the bus was left.
    drums = (
        _unit("console", character="bus"),
        _unit("bus_compressor", threshold_db=0.0, ratio="4:1", attack="30 ms", release="0.1 s", filter_key=True),
    )
    voices = (_unit("bus_compressor", threshold_db=4.0, ratio="2:1", attack="10 ms", release="0.3 s"),)
    return (
        StripState(_DRUMS, "Drums", kind="bus", fader_db=-1.0, inserts=drums),
        StripState(_VOICES, "Voices", kind="bus", inserts=voices),
    )


def _returns() -> tuple[StripState, ...]:
    reverb = (
        _unit("reverb", predelay_ms=25.0, decay_s=1.9, high_decay_percent=40.0, low_cut_hz=220.0),
        _unit("equaliser", low_pass=True, low_pass_hz=9000.0),
    )
    echo = (
        _unit("delay", sync=True, tempo_bpm=TEMPO_BPM, note="1/8D", feedback_percent=30.0, low_cut_hz=250.0,
              high_cut_hz=4000.0, mode="ping-pong"),
    )  # fmt: skip
    return (
        StripState(_REVERB, "Reverb", kind="return", inserts=reverb),
        StripState(_ECHO, "Echo", kind="return", inserts=echo, sends=(SendState(_REVERB, level_db=-12.0),)),
    )


def _master() -> MasterState:
    chain = (
        _unit("equaliser", high_pass=True, high_pass_hz=28.0, high_shelf=True, high_shelf_hz=9000.0,
              high_shelf_gain_db=1.5),
        _unit("bus_compressor", threshold_db=3.0, ratio="2:1", attack="30 ms", release="auto", filter_key=True),
        _unit("limiter", input_gain_db=3.5, ceiling_dbtp=-1.0, release_ms=120.0),
    )  # fmt: skip
    return MasterState(inserts=chain)


def _stem(
    folder: Path,
    number: int,
    name: str,
    *,
    trim_db: float = 0.0,
    fader_db: float = 0.0,
    pan_percent: float = 0.0,
    inserts: Slots[InsertState] = (),
    sends: Slots[SendState] = (),
    output: str = MASTER_ID,
    pair: bool = False,
) -> StripState:
    sides = (".L", ".R") if pair else ("",)
    left, *right = (str(folder / f"{number:02} {name}{side}.wav") for side in sides)
    source = SourceRef(left, right[0] if right else None)
    return StripState(
        f"s{number}",
        name,
        source,
        trim_db=trim_db,
        fader_db=fader_db,
        pan_percent=pan_percent,
        inserts=inserts,
        sends=sends,
        output=output,
    )


def _unit(kind: str, **values: float | bool | str) -> InsertState:
    """A processor with some of its parameters set; a choice by its name."""
    insert = InsertState(kind)
    for key, value in values.items():
        choices = processor(kind).params[[spec.id for spec in processor(kind).params].index(key)].choices
        insert = insert.with_value(key, choices.index(value) if isinstance(value, str) else value)
    return insert
