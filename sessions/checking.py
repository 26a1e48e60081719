"""A check of a mix as gain staging wants it: rendered offline by the engine, judged by the flags and by windows.

| rule | what is judged |
|---|---|
| S2 | what is recorded: averages -18 to -12 dBFS, peaks at most -6 |
| S3 | the static mix: no strip averages above -12 at its output, the master about -18 with peaks of -6 to -3 |
| S5 | the level into every insert |
| S7 | the level into every bus and the master, by its input trim |
| S9 | sends and returns that are too hot |
| S10 | delivery: what the profile asks for |
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from engine.meters.frame import AFTER_FADER, MeterFrame
from sessions.flag_causes import Explanation, explain, title_of
from sessions.flags import LEAST_S, Point, Verdict, judge
from sessions.model import MASTER_ID, Session, SessionError, StripState
from sessions.profiles import PREMASTER, Profile
from sessions.send import SEND_LETTERS

if TYPE_CHECKING:
    from engine.offline import Survey

Severity = Literal["error", "warning", "note"]
_SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
_LOUD_STRIP_DBFS: Final = -12.0
_MASTER_AVERAGE_DBFS: Final = -18.0
_ABOUT_DB: Final = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be; a note is meant to be so, and counts for nothing.

    `value` is what was found, in `unit`; `target` says what it should be; `off_db` how far off it is.
    """

    rule: str
    severity: Severity
    strip: str
    stage: str
    value: float | None
    unit: str
    target: str
    cause: str
    fix: str
    off_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Checked:
    """Findings, the most important first, and lines about stems that are silent or damaged."""

    session_name: str
    profile: Profile
    strips: int
    duration_s: float
    findings: tuple[Finding, ...]
    problems: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is found but what is meant to be so."""
        return all(finding.severity == "note" for finding in self.findings)


def check(
    path: Path, profile: Profile = PREMASTER, *, split: bool = False, progress: Callable[[float], None] | None = None
) -> Checked:
    """Check a session or a folder of stems. Raises `SessionError` where there is nothing to check."""
    from engine.offline import survey
    from sessions.mix import mix_of
    from sessions.opening import open_path

    opened = open_path(path, split=split)
    seen: Survey = survey(mix_of(opened.session), progress=progress)
    if not seen.length_s:
        raise SessionError(f'"{path}": nothing to check, none of its stems can be read')
    said = tuple(notice.text for notice in opened.notices if notice.severity != "info")
    return Checked(
        opened.session.name,
        profile,
        len(opened.session.strips),
        seen.length_s,
        findings_of(opened.session, seen.frame, profile),
        tuple(dict.fromkeys((*said, *seen.problems))),
    )


def findings_of(session: Session, frame: MeterFrame, profile: Profile) -> tuple[Finding, ...]:
    """What is found of a session that was rendered whole, the most important first."""
    found = [*_flags(session, frame), *_loud_strips(session, frame), *_master(session, frame, profile)]
    return tuple(sorted(found, key=lambda finding: (_SEVERITIES.index(finding.severity), -abs(finding.off_db))))


def place_of(session: Session, verdict: Verdict) -> str:
    """Where a verdict is, within its strip: `input`, `2 Compressor`, `send a`."""
    point = verdict.point
    channel = session.channel(point.strip_id)
    if point.where == "insert":
        insert = channel.insert(point.place)
        return f"{point.place} {insert.label}" if insert is not None else str(point.place)
    return f"send {SEND_LETTERS[point.place]}" if point.where == "send" else "input"


def rule_of(session: Session, verdict: Verdict) -> str:
    """The rule of gain staging that a verdict is about."""
    point = verdict.point
    channel = session.channel(point.strip_id)
    if point.where == "insert":
        return "S5"
    if point.where == "send" or (isinstance(channel, StripState) and channel.kind == "return"):
        return "S9"
    return "S2" if isinstance(channel, StripState) and channel.kind == "stem" else "S7"


def _flags(session: Session, frame: MeterFrame) -> Iterator[Finding]:
    """A finding for each change that puts something right; the places that it puts right together."""
    together: dict[object, list[tuple[Verdict, Explanation]]] = {}
    for verdict in judge(session, frame, {}).values():
        if not (verdict.is_raised or verdict.is_note):
            continue
        if verdict.point == Point(MASTER_ID, "input") and verdict.state != "over":
            continue  # it is judged by what leaves it
        explanation = explain(session, frame.evidence, verdict)
        fix = explanation.fix
        key = verdict.point if fix is None or verdict.is_note else (*fix.moves, fix.change_db > 0.0)
        together.setdefault(key, []).append((verdict, explanation))
    for judged in together.values():
        yield _flag(session, judged)


def _flag(session: Session, judged: Sequence[tuple[Verdict, Explanation]]) -> Finding:
    """What is said of some places is said of the one that asks for the greatest change."""
    verdict, explanation = max(judged, key=lambda each: abs(each[1].fix.change_db) if each[1].fix else 0.0)
    strips = dict.fromkeys(title_of(session.channel(each.point.strip_id)) for each, _ in judged)
    own = [each for each, _ in judged if each.point.strip_id == verdict.point.strip_id]
    worst = next((each for each in own if each.state == "over"), verdict)
    return Finding(
        rule_of(session, verdict),
        "note" if verdict.is_intended else "error" if worst.state == "over" else "warning",
        title_of(session.channel(verdict.point.strip_id)) if len(strips) == 1 else ", ".join(strips),
        ", ".join(dict.fromkeys(place_of(session, each) for each, _ in judged)),
        worst.peak_dbfs if worst.by_peaks or worst.state == "over" else verdict.average_dbfs,
        "dBFS",
        _target_text(worst),
        f"{worst.words}: {explanation.why}" if explanation.why else worst.words,
        "meant to be so" if verdict.is_intended else explanation.advice,
        abs(explanation.fix.change_db) if explanation.fix else 0.0,
    )


def _target_text(verdict: Verdict) -> str:
    if verdict.state == "over":
        return "peaks below 0"
    return f"peaks at most {verdict.target_dbfs + 12.0:g}" if verdict.by_peaks else f"average {verdict.target_dbfs:g}"


def _average(frame: MeterFrame, row: int) -> float:
    """What leaves a strip on average; -inf where too little sounds."""
    evidence = frame.evidence
    is_heard = evidence.sounding_s[row, AFTER_FADER] >= LEAST_S
    return float(evidence.average_dbfs[row, AFTER_FADER]) if is_heard else -math.inf


def _loud_strips(session: Session, frame: MeterFrame) -> Iterator[Finding]:
    for row, strip in enumerate(session.stems):
        average = _average(frame, row)
        if average > _LOUD_STRIP_DBFS:
            off = average - _LOUD_STRIP_DBFS
            fix = f"{strip.name}: fader {-off:+.1f} dB"
            cause = "what leaves the strip is louder than a static mix wants it"
            yield Finding("S3", "warning", strip.name, "output", average, "dBFS", "average -18 to -12", cause, fix, off)


def _master(session: Session, frame: MeterFrame, profile: Profile) -> Iterator[Finding]:
    row = len(session.strips)
    peak = float(frame.hold_dbfs[row, AFTER_FADER].max())
    if not math.isfinite(peak):
        yield Finding(
            "S3", "error", "Master", "output", None, "dBFS", "sound", "the mix is silent", "open what is muted"
        )
        return
    rule = "S3" if profile.is_static_mix else "S10"
    yield from _window(rule, "peak", peak, "dBFS", profile.lowest_peak_dbfs, profile.highest_peak_dbfs)
    average = _average(frame, row)
    if profile.is_static_mix and math.isfinite(average):
        lowest, highest = _MASTER_AVERAGE_DBFS - _ABOUT_DB, _MASTER_AVERAGE_DBFS + _ABOUT_DB
        yield from _window("S3", "average", average, "dBFS", lowest, highest)
    yield from _delivery(session, frame, profile)


def _delivery(session: Session, frame: MeterFrame, profile: Profile) -> Iterator[Finding]:
    row, programme = len(session.strips), frame.programme
    integrated = programme.integrated_lufs
    if math.isfinite(integrated):
        yield from _window("S10", "loudness", integrated, "LUFS", profile.lowest_lufs, profile.highest_lufs)
    highest = programme.max_short_term_lufs
    yield from _window("S10", "max short-term", highest, "LUFS", None, profile.highest_short_term_lufs)
    true_peak = float(frame.true_hold_dbtp[row, AFTER_FADER].max())
    yield from _window("S10", "true peak", true_peak, "dBTP", None, profile.highest_true_peak_dbtp, "error")
    if profile.allows_limiter:
        return
    for slot, insert in enumerate(session.master.inserts, start=1):
        if insert is not None and insert.kind == "limiter" and not insert.bypass:
            place = f"{slot} {insert.label}"
            cause, fix = "a limiter takes from mastering what it needs", f"Master: bypass {place}"
            yield Finding("S10", "warning", "Master", place, None, "", "no limiter", cause, fix)


def _window(
    rule: str,
    what: str,
    value: float,
    unit: str,
    lowest: float | None,
    highest: float | None,
    severity: Severity = "warning",
) -> Iterator[Finding]:
    """A finding where a value of the master lies outside of a window."""
    if not math.isfinite(value):
        return
    if highest is not None and value > highest:
        off, side = value - highest, "above"
    elif lowest is not None and value < lowest:
        off, side = value - lowest, "below"
    else:
        return
    if lowest is None or highest is None:
        target = f"at most {highest:g}" if highest is not None else f"at least {lowest:g}"
    else:
        target = f"{lowest:g} to {highest:g}"
    cause = f"its {what} is {abs(off):.1f} dB {side}"
    fix = f"Master: fader {-off:+.1f} dB"
    yield Finding(rule, severity, "Master", "output", value, unit, f"{what} {target}", cause, fix, off)
