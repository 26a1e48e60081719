"""From the session and the meters to what the widgets show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from engine.meters.frame import OVERVIEW, MeterFrame
from sessions.flags import Point, Verdict, Where
from sessions.insert import processor
from sessions.model import MASTER_ID, InsertState, MasterState, SendState, Session, StripState
from tui.drawing.facts import ControlId, LevelFact, SendFacts, SlotFacts, StripFacts, TargetFacts
from tui.drawing.flags import Mark, mark_of
from tui.drawing.meter_types import meter_types
from tui.drawing.scale import MeterType, MeterTypeId
from tui.drawing.short_names import letter, short_name
from tui.heard import heard_with_solo
from tui.holds import Holds
from tui.view import View
from tui.widgets.desk_content import DeskContent
from tui.widgets.gain_path import PathLevels, StageFacts
from tui.widgets.top_bar import TransportFacts

if TYPE_CHECKING:
    from sessions.controller import Controller

MASTER_NUMBER = "MASTER"
"""What stands where strips have their number."""
_MASTER_TARGET = TargetFacts("", "Master")


Verdicts = Mapping[Point, Verdict]


def desk_content(
    session: Session, view: View, missing: Collection[str], verdicts: Verdicts = MappingProxyType({})
) -> DeskContent:
    """What the desk shows of a session; `missing` are the ids of strips whose file is not there."""
    heard = heard_with_solo(session)
    numbers = strip_numbers(session)
    targets = {strip.id: TargetFacts(numbers[strip.id], strip.name) for strip in session.strips}
    types = meter_types(session.meters)

    def own(strip_id: str) -> dict[str, Any]:
        meter_id = view.own_meters.get(strip_id)
        return {"own_meter": types[meter_id] if meter_id else None, "own_stage": view.own_stages.get(strip_id)}

    linked = {member: group.name for group in session.link_groups for member in group.members}
    strips = tuple(
        replace(
            _flagged(_strip_facts(strip, targets, view, strip.id not in heard, strip.id in missing), verdicts),
            linked=linked.get(strip.id, ""),
            **own(strip.id),
        )
        for strip in session.strips
    )
    return DeskContent(
        strips=strips,
        master=replace(_flagged(_master_facts(session.master, view), verdicts), **own(MASTER_ID)),
        first=view.first,
        meter=meter_types(session.meters)[view.meter_id],
        view=view.stage_view,
        control=view.control,
        slot=view.slot,
    )


def _flagged(facts: StripFacts, verdicts: Verdicts) -> StripFacts:
    """With the marks of what is hot, cold or over."""

    def mark(where: Where, place: int = 0) -> Mark:
        verdict = verdicts.get(Point(facts.strip_id, where, place))
        return "" if verdict is None else mark_of(verdict.state, verdict.is_intended)

    slots = tuple(
        slot if slot is None or slot.bypass else replace(slot, flag=mark("insert", number))
        for number, slot in enumerate(facts.slots, start=1)
    )
    sends = tuple(
        send if send is None or send.mute else replace(send, flag=mark("send", place))
        for place, send in enumerate(facts.sends)
    )
    return replace(facts, slots=slots, sends=sends, input_flag=mark("input"))


def strip_numbers(session: Session) -> dict[str, str]:
    """What strips are numbered by their ids: `1`, `B1`, `R1`."""
    prefixed = ((session.stems, ""), (session.buses, "B"), (session.returns, "R"))
    return {
        strip.id: f"{prefix}{number}" for strips, prefix in prefixed for number, strip in enumerate(strips, start=1)
    }


def selected_facts(content: DeskContent) -> StripFacts:
    """The facts of the selected strip."""
    return next((facts for facts in content.strips if facts.selected), content.master)


def transport_facts(controller: Controller, frame: MeterFrame | None, flags: int) -> TransportFacts:
    """What the first line shows, rounded to what can be seen; `flags` are how many levels are hot, cold or over."""
    session, status = controller.session, controller.status
    rate = status.sample_rate_hz or session.sample_rate_hz
    latency_s = frame.latency_s if frame else 0.0
    return TransportFacts(
        session_name=session.name,
        unsaved=controller.dirty,
        playing=frame is not None and frame.playing,
        length_s=frame.length_s if frame else 0.0,
        loop=session.loop.enabled,
        output=status.state,
        output_name=status.name,
        sample_rate_hz=rate,
        buffer_frames=status.buffer_frames,
        load_percent=round(frame.load_percent) if frame else 0,
        xruns=frame.xruns if frame else 0,
        underruns=frame.underruns if frame else 0,
        monitor_db=session.monitor_db,
        progress=status.progress,
        detail=status.detail,
        missing_processors=status.missing_processors,
        listening=listening_text(session),
        monitor_states=_monitor_states(session),
        latency_ms=round(latency_s * 1000.0, 1),
        latency_frames=round(latency_s * rate),
        flags=flags,
    )


def listening_text(session: Session) -> str:
    """What is listened to instead of the mix: `Snare, before fader`; "" if nothing is."""
    listened = [strip for strip in session.strips if strip.listen != "off"]
    if not listened:
        return ""
    where = {strip.listen for strip in listened}
    taken = f"{listened[0].listen} fader" if len(where) == 1 else "before and after faders"
    names = listened[0].name if len(listened) == 1 else f"{len(listened)} strips"
    return f"{names}, {taken}"


def _monitor_states(session: Session) -> tuple[tuple[str, str], ...]:
    monitor = session.monitor
    states = (
        (monitor.mute, "MUTE", "monitor_mute"),
        (monitor.dim, "DIM", "monitor_dim"),
        (monitor.mono, "MONO", "monitor_mono"),
        (monitor.invert_right, "POLARITY R", "monitor_polarity"),
    )
    return tuple((word, action) for on, word, action in states if on)


def path_levels(types: Sequence[MeterType], holds: Holds, frame: MeterFrame, row: int) -> PathLevels:
    """The levels of one strip (a row of the frame), left and right at each stage, for some types of meters."""
    shown = list(OVERVIEW)
    overs: list[list[bool]] = frame.over[row, shown].tolist()
    levels: list[tuple[MeterType, StageFacts]] = []
    for meter in types:
        numbers: list[list[float]] = meter.read(holds.numbers(meter)[row, shown]).tolist()
        peak = meter.source in ("peak_dbfs", "true_peak_dbtp")
        stages = tuple(
            (LevelFact.of(meter, left, peak and left_over), LevelFact.of(meter, right, peak and right_over))
            for (left, right), (left_over, right_over) in zip(numbers, overs, strict=True)
        )
        levels.append((meter, stages))
    return tuple(levels)


_USUAL: Final[tuple[MeterTypeId, ...]] = ("peak", "rms", "vu")


def path_meters(types: Mapping[MeterTypeId, MeterType], shown: MeterTypeId) -> tuple[MeterType, ...]:
    """The types of which the path tells the levels: peak, RMS and VU, or instead of the last the one that is shown."""
    ids = _USUAL if shown in _USUAL else (*_USUAL[:-1], shown)
    return tuple(types[each] for each in ids)


def source_text(session: Session, strip_id: str) -> str:
    """What a strip plays, in a few words: the file's name, and its folder if it is not obvious."""
    if strip_id == MASTER_ID:
        return "the sum of all strips"
    strip = session.strip(strip_id)
    source = strip.source
    if strip.kind != "stem":
        return f"a {strip.kind}: the sum of what goes there"
    if source is None:
        return "no file"
    names = " + ".join(PurePath(path).name for path in source.paths)
    channel = f" channel {source.channel + 1}" if source.channel is not None else ""
    return names + channel


def _active(strip_id: str, view: View) -> ControlId | None:
    return view.control if view.selected == strip_id else None


def _strip_facts(
    strip: StripState, targets: Mapping[str, TargetFacts], view: View, silenced: bool, missing: bool
) -> StripFacts:
    return StripFacts(
        strip_id=strip.id,
        number=targets[strip.id].number,
        name=strip.name,
        trim_db=strip.trim_db,
        fader_db=strip.fader_db,
        pan_percent=strip.pan_percent,
        mute=strip.mute,
        solo=strip.solo,
        invert_left=strip.invert_left,
        invert_right=strip.invert_right,
        active=_active(strip.id, view),
        silenced=silenced,
        missing=missing,
        kind=strip.kind,
        slots=tuple(map(_slot_facts, strip.inserts)),
        slot=view.slot if view.selected == strip.id else None,
        sends=tuple(_send_facts(send, targets) for send in strip.sends),
        output=_MASTER_TARGET if strip.output == MASTER_ID else targets.get(strip.output or ""),
        listen=strip.listen,
        solo_safe=strip.solo_safe,
        marked=strip.id in view.marked,
    )


def _master_facts(master: MasterState, view: View) -> StripFacts:
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
        active=_active(MASTER_ID, view),
        kind="master",
        slots=tuple(map(_slot_facts, master.inserts)),
        slot=view.slot if view.selected == MASTER_ID else None,
        marked=MASTER_ID in view.marked,
    )


@lru_cache(maxsize=256)
def _slot_facts(insert: InsertState | None) -> SlotFacts | None:
    if insert is None:
        return None
    kind = processor(insert.kind)
    return SlotFacts(
        kind.label,
        short_name(kind.id, kind.label),
        letter(kind.id, kind.label),
        bypass=insert.bypass,
        reduces=kind.reads_reduction,
    )


def _send_facts(send: SendState | None, targets: Mapping[str, TargetFacts]) -> SendFacts | None:
    if send is None:
        return None
    return SendFacts(targets[send.to], send.level_db, send.mute, send.before_fader)
