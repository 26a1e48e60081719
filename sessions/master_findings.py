"""What a check finds of what leaves the master: the windows of the static mix and of a delivery profile.

All of them are about one level, so one move of the master's fader is proposed for all, the least that brings every
value into its window; where none does, it says which of them are in each other's way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from engine.core.params import FADER, TRIM
from engine.meters.frame import AFTER_FADER, MeterFrame
from sessions.finding import Finding, Severity
from sessions.flags import LEAST_S, channels_of
from sessions.model import Session
from sessions.profiles import Profile

_AVERAGE_DBFS: Final = -18.0
_ABOUT_DB: Final = 3.0
_FULL_SCALE_DBFS: Final = 0.0


@dataclass(frozen=True, slots=True)
class _Window:
    """A value of the master and where it should be, None for no such end. It is judged in tenths, as it is read."""

    rule: str
    what: str
    value: float
    unit: str
    lowest: float | None
    highest: float | None
    severity: Severity = "warning"

    @property
    def least_move_db(self) -> float:
        """By how much it has to move at least, -inf where it may be as low as it likes."""
        return -math.inf if self.lowest is None else round(self.lowest - round(self.value, 1), 1)

    @property
    def most_move_db(self) -> float:
        """By how much it may move at most."""
        return math.inf if self.highest is None else round(self.highest - round(self.value, 1), 1)

    @property
    def off_db(self) -> float:
        """How far it is above (or, negative, below) its window; 0 within it."""
        return -self.most_move_db if self.most_move_db < 0.0 else min(-self.least_move_db, 0.0)

    @property
    def target(self) -> str:
        """Where it should be."""
        if self.lowest is not None and self.highest is not None:
            return f"{self.what} {self.lowest:g} to {self.highest:g}"
        return (
            f"{self.what} at most {self.highest:g}"
            if self.highest is not None
            else f"{self.what} at least {self.lowest:g}"
        )


def master_findings(session: Session, frame: MeterFrame, profile: Profile, is_last: bool) -> Iterator[Finding]:
    """What is found of what leaves the master; `is_last`: nothing else is found, what is proposed now will do."""
    windows = [window for window in _windows(session, frame, profile) if math.isfinite(window.value)]
    if not windows:
        is_shut = any(channel.mute or math.isinf(channel.fader_db) for channel in channels_of(session))
        cause, fix = "the mix is silent", "open what is muted" if is_shut else "see whether these are the right files"
        yield Finding("S3", "error", "Master", "output", None, "dBFS", "sound", cause, fix)
        return
    limiters = [] if profile.allows_limiter else list(_limiters(session))
    fix = _move(session, windows, is_last and not limiters)
    for window in windows:
        off = window.off_db
        if off:
            cause = f"its {window.what} is {abs(off):.1f} dB {'above' if off > 0.0 else 'below'}"
            yield Finding(
                window.rule,
                window.severity,
                "Master",
                "output",
                window.value,
                window.unit,
                window.target,
                cause,
                fix,
                off,
            )
    yield from limiters


def output_average(frame: MeterFrame, row: int) -> float:
    """What leaves a strip on average, in dBFS; -inf where too little sounds."""
    evidence = frame.evidence
    is_heard = evidence.sounding_s[row, AFTER_FADER] >= LEAST_S
    return float(evidence.average_dbfs[row, AFTER_FADER]) if is_heard else -math.inf


def _windows(session: Session, frame: MeterFrame, profile: Profile) -> Iterator[_Window]:
    row, programme = len(session.strips), frame.programme
    peak = float(frame.hold_dbfs[row, AFTER_FADER].max())
    true_peak = float(frame.true_hold_dbtp[row, AFTER_FADER].max())
    highest_peak = profile.highest_peak_dbfs
    if highest_peak is None and profile.highest_true_peak_dbtp is None:
        highest_peak = _FULL_SCALE_DBFS
    rule = "S3" if profile.is_static_mix else "S10"
    how_bad: Severity = "error" if peak > _FULL_SCALE_DBFS else "warning"
    yield _Window(rule, "peak", peak, "dBFS", profile.lowest_peak_dbfs, highest_peak, how_bad)
    if profile.is_static_mix:
        average = output_average(frame, row)
        yield _Window("S3", "average", average, "dBFS", _AVERAGE_DBFS - _ABOUT_DB, _AVERAGE_DBFS + _ABOUT_DB)
    integrated = programme.integrated_lufs
    yield _Window("S10", "loudness", integrated, "LUFS", profile.lowest_lufs, profile.highest_lufs)
    highest = programme.max_short_term_lufs
    yield _Window("S10", "max short-term", highest, "LUFS", None, profile.highest_short_term_lufs)
    yield _Window("S10", "true peak", true_peak, "dBTP", None, profile.highest_true_peak_dbtp, "error")


def _move(session: Session, windows: Sequence[_Window], is_last: bool) -> str:
    """The least move of the master's fader that brings all into their windows, in words."""
    low = max(windows, key=lambda window: window.least_move_db)
    high = min(windows, key=lambda window: window.most_move_db)
    least, most = low.least_move_db, high.most_move_db
    if least > most:
        if not is_last:
            return "see to the rest first"
        said = f"no fader brings all of it there: {low.what} wants {least:+.1f} dB, {high.what} {most:+.1f}"
        if "peak" in high.what:
            return f"{said}; hold the peaks down first"
        return f"{said}; compress less, so that peaks stand out more" if low.what == "peak" else said
    move = min(max(0.0, least), most)
    master, when = session.master, "" if is_last else ", if it is still so after the rest"
    for label, spec, now_db in (("fader", FADER, master.fader_db), ("input trim", TRIM, master.trim_db)):
        to = round(now_db + move, 1)
        if to <= spec.maximum:  # where the fader has no room left for it, the trim has
            return f"Master: {label} {move:+.1f} dB, to {f'{to:+.1f}' if to else '0.0'}{when}"
    return f"raise all that feeds the master by {move:.1f} dB{when}"


def _limiters(session: Session) -> Iterator[Finding]:
    for slot, insert in enumerate(session.master.inserts, start=1):
        if insert is not None and insert.kind == "limiter" and not insert.bypass:
            place = f"{slot} {insert.label}"
            cause, fix = "a limiter takes from mastering what it needs", f"Master: bypass {place}"
            yield Finding("S10", "warning", "Master", place, None, "", "no limiter", cause, fix)
