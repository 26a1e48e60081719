"""The session in the engine's words."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from engine.mix import (
    MASTER,
    MAX_GROUPS,
    MAX_STRIPS,
    Insert,
    Loop,
    Mix,
    Monitor,
    Send,
    Stem,
    Strip,
    StripControls,
)
from sessions.model import (
    Channel,
    InsertState,
    MasterState,
    MonitorState,
    SendState,
    Session,
    SourceRef,
    StripState,
)


def mix_of(session: Session) -> Mix:
    """What the engine has to play. A strip that did not change is the same object as before: changes are found fast."""
    return Mix(
        sample_rate_hz=session.sample_rate_hz,
        strips=tuple(map(_strip, session.strips)),
        master=_master(session.master),
        pan_law=session.pan_law,
        monitor=_monitor(session.monitor),
        loop=Loop(session.loop.enabled, session.loop.start_s, session.loop.end_s),
        meters=session.meters.settings,
    )


@lru_cache(maxsize=4 * (MAX_STRIPS + MAX_GROUPS))
def _strip(strip: StripState) -> Strip:
    return Strip(
        id=strip.id,
        name=strip.name,
        stem=_stem(strip.source),
        controls=_strip_controls(strip),
        kind=strip.kind,
        inserts=tuple(map(_insert, strip.inserts)),
        sends=tuple(map(_send, strip.sends)),
        output=strip.output,
    )


@lru_cache(maxsize=4)
def _master(master: MasterState) -> Strip:
    return replace(MASTER, controls=_controls(master), inserts=tuple(map(_insert, master.inserts)))


def _stem(source: SourceRef | None) -> Stem:
    if source is None:
        return Stem(None)
    return Stem(source.path, source.start_s, source.channel, source.right_path)


def _strip_controls(strip: StripState) -> StripControls:
    return replace(_controls(strip), solo=strip.solo, solo_safe=strip.solo_safe, listen=strip.listen)


def _controls(controls: Channel) -> StripControls:
    return StripControls(
        trim_db=controls.trim_db,
        fader_db=controls.fader_db,
        pan_percent=controls.pan_percent,
        mute=controls.mute,
        invert_left=controls.invert_left,
        invert_right=controls.invert_right,
    )


def _insert(insert: InsertState | None) -> Insert | None:
    if insert is None:
        return None
    return Insert(insert.kind, insert.params, insert.bypass, insert.mix_percent, insert.output_db)


def _send(send: SendState | None) -> Send | None:
    if send is None:
        return None
    return Send(send.to, send.level_db, send.pan_percent, send.mute, send.before_fader)


def _monitor(monitor: MonitorState) -> Monitor:
    return Monitor(
        monitor.volume_db, monitor.dim, monitor.mono, monitor.mute, monitor.invert_right, monitor.ceiling_dbfs
    )
