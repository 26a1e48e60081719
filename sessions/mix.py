"""The session in the engine's words."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from engine.mix import MASTER, MAX_STRIPS, Loop, Mix, Monitor, Stem, Strip, StripControls
from sessions.model import MasterState, Session, SourceRef, StripState


def mix_of(session: Session) -> Mix:
    """What the engine has to play. A strip that did not change is the same object as before: changes are found fast."""
    return Mix(
        sample_rate_hz=session.sample_rate_hz,
        strips=tuple(map(_strip, session.strips)),
        master=_master(session.master),
        pan_law=session.pan_law,
        monitor=Monitor(session.monitor_db),
        loop=Loop(session.loop.enabled, session.loop.start_s, session.loop.end_s),
    )


@lru_cache(maxsize=4 * MAX_STRIPS)
def _strip(strip: StripState) -> Strip:
    return Strip(strip.id, strip.name, _stem(strip.source), _controls(strip, solo=strip.solo))


@lru_cache(maxsize=4)
def _master(master: MasterState) -> Strip:
    return replace(MASTER, controls=_controls(master, solo=False))


def _stem(source: SourceRef | None) -> Stem:
    if source is None:
        return Stem(None)
    return Stem(source.path, source.start_s, source.channel, source.right_path)


def _controls(controls: StripState | MasterState, *, solo: bool) -> StripControls:
    return StripControls(
        trim_db=controls.trim_db,
        fader_db=controls.fader_db,
        pan_percent=controls.pan_percent,
        mute=controls.mute,
        solo=solo,
        invert_left=controls.invert_left,
        invert_right=controls.invert_right,
    )
