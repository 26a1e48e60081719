"""From the session to what the desk shows."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath

from sessions.model import MASTER_ID, MasterState, Session, StripState
from tui.drawing.facts import ControlId, StripFacts
from tui.view import View
from tui.widgets.desk import DeskContent

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
