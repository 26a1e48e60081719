"""From the session and the meters to what the widgets show."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from engine.meters.frame import MeterFrame
from sessions.model import MASTER_ID, MasterState, Session, StripState
from tui.drawing.facts import ControlId, LevelFact, StripFacts
from tui.drawing.scale import METERS, MeterTypeId
from tui.holds import Holds
from tui.view import View
from tui.widgets.desk import DeskContent
from tui.widgets.gain_path import PathLevels, StageFacts
from tui.widgets.top_bar import TransportFacts

if TYPE_CHECKING:
    from sessions.controller import Controller

MASTER_NUMBER = "MASTER"
"""What stands where strips have their number."""


def desk_content(session: Session, view: View, missing: Collection[str]) -> DeskContent:
    """What the desk shows of a session; `missing` are the ids of strips whose file is not there."""
    soloed = any(strip.solo for strip in session.strips)
    strips = tuple(
        _strip_facts(strip, number, _active(strip.id, view), soloed and not strip.solo, strip.id in missing)
        for number, strip in enumerate(session.strips, start=1)
    )
    return DeskContent(
        strips=strips,
        master=_master_facts(session.master, _active(MASTER_ID, view)),
        first=view.first,
        meter=view.meter,
        view=view.stage_view,
        control=view.control,
    )


def selected_facts(content: DeskContent) -> StripFacts:
    """The facts of the selected strip."""
    return next((facts for facts in content.strips if facts.selected), content.master)


def transport_facts(controller: Controller, frame: MeterFrame | None) -> TransportFacts:
    """What the first line shows, rounded to what can be seen of it."""
    session, status = controller.session, controller.status
    return TransportFacts(
        session_name=session.name,
        unsaved=controller.dirty,
        playing=frame is not None and frame.playing,
        position_s=math.floor(frame.position_s * 10.0 + 1e-6) / 10.0 if frame else 0.0,
        length_s=frame.length_s if frame else 0.0,
        loop=session.loop.enabled,
        output=status.state,
        output_name=status.name,
        sample_rate_hz=status.sample_rate_hz or session.sample_rate_hz,
        buffer_frames=status.buffer_frames,
        load_percent=round(frame.load_percent) if frame else 0,
        xruns=frame.xruns if frame else 0,
        underruns=frame.underruns if frame else 0,
        monitor_db=session.monitor_db,
        progress=status.progress,
        detail=status.detail,
    )


def path_levels(holds: Mapping[MeterTypeId, Holds], frame: MeterFrame, row: int) -> PathLevels:
    """The held levels of one strip (a row of the frame), left and right at each stage, for each type of meter."""
    overs: list[list[bool]] = frame.over[row].tolist()
    levels: list[tuple[MeterTypeId, StageFacts]] = []
    for meter_id, held in holds.items():
        maxima: list[list[float]] = held.maxima[row].tolist()
        stages = []
        for (left, right), (left_over, right_over) in zip(maxima, overs, strict=True):
            meter, peak = METERS[meter_id], meter_id == "peak"
            stages.append(
                (LevelFact.of(meter, left, peak and left_over), LevelFact.of(meter, right, peak and right_over))
            )
        levels.append((meter_id, tuple(stages)))
    return tuple(levels)


def source_text(session: Session, strip_id: str) -> str:
    """What a strip plays, in a few words: the file's name, and its folder if it is not obvious."""
    if strip_id == MASTER_ID:
        return "the sum of all strips"
    source = session.strip(strip_id).source
    if source is None:
        return "no file"
    names = " + ".join(PurePath(path).name for path in source.paths)
    channel = f" channel {source.channel + 1}" if source.channel is not None else ""
    return names + channel


def _active(strip_id: str, view: View) -> ControlId | None:
    return view.control if view.selected == strip_id else None


def _strip_facts(strip: StripState, number: int, active: ControlId | None, silenced: bool, missing: bool) -> StripFacts:
    return StripFacts(
        strip_id=strip.id,
        number=str(number),
        name=strip.name,
        trim_db=strip.trim_db,
        fader_db=strip.fader_db,
        pan_percent=strip.pan_percent,
        mute=strip.mute,
        solo=strip.solo,
        invert_left=strip.invert_left,
        invert_right=strip.invert_right,
        active=active,
        silenced=silenced,
        missing=missing,
    )


def _master_facts(master: MasterState, active: ControlId | None) -> StripFacts:
    return StripFacts(
        strip_id=MASTER_ID,
        number=MASTER_NUMBER,
        name="Master",
        trim_db=master.trim_db,
        fader_db=master.fader_db,
        pan_percent=master.pan_percent,
        mute=master.mute,
        solo=None,
        invert_left=master.invert_left,
        invert_right=master.invert_right,
        active=active,
    )
