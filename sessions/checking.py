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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, INPUT, Evidence, MeterFrame
from sessions.finding import SEVERITIES, Finding, Severity
from sessions.flag_causes import Explanation, Fix, explain, title_of
from sessions.flag_watch import behind
from sessions.flags import Verdict, channels_of, is_sum, judge, limits_of, stage_before, verdict_of
from sessions.master_findings import master_findings, output_average
from sessions.model import Session, SessionError, StripState
from sessions.profiles import PREMASTER, Profile
from sessions.send import SEND_LETTERS

if TYPE_CHECKING:
    from engine.offline import Survey

__all__ = ["Checked", "Finding", "check", "findings_of", "place_of", "rule_of"]

Flagged = Sequence[tuple[Verdict, Explanation]]
_LOUD_STRIP_DBFS: Final = -12.0
_AFTER_THE_REST: Final = ", if it is still so after the rest"
_SOUND_DBFS: Final = -60.0
"""What is below it counts as silence, as it does for the flags."""


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
    said = [notice.text for notice in opened.notices if notice.severity != "info"]
    if not seen.length_s:
        why = "; ".join(dict.fromkeys((*said, *seen.problems)))
        raise SessionError(f'"{path}": nothing to check, none of its stems can be read{f": {why}" if why else ""}')
    solo = [strip.name for strip in opened.session.strips if strip.solo]
    if solo:
        said.append(f"solo is on ({', '.join(solo)}): buses, returns and the master are judged without the rest")
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
    flagged = _flagged(session, frame)
    before = [*_flags(session, flagged), *_loud_strips(session, frame, flagged), *_silent_stems(session, frame)]
    is_last = not any(finding.off_db for finding in before if finding.severity != "note")
    found = [*_by_importance(before), *_by_importance(master_findings(session, frame, profile, is_last))]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def _by_importance(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: -abs(finding.off_db))


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


def _flagged(session: Session, frame: MeterFrame) -> Flagged:
    """All flags and notes with their explanations.

    What is proposed for an insert counts for those after it: each asks only for what is then left to be done. What it
    comes to at sends and in sums nobody knows before it is done.
    """
    found = []
    evidence = frame.evidence
    then = replace(evidence, average_dbfs=evidence.average_dbfs.copy(), peak_dbfs=evidence.peak_dbfs.copy())
    rows = {channel.id: row for row, channel in enumerate(channels_of(session))}
    proposed: dict[str, Fix] = {}
    for verdict in judge(session, frame, {}, is_whole=True).values():
        point = verdict.point
        if not (verdict.is_raised or verdict.is_note):
            continue
        explanation = explain(session, evidence, verdict)
        if point.where == "insert" and verdict.is_raised:
            row, last = rows[point.strip_id], proposed.get(point.strip_id)
            explanation = _with_what_is_left(session, then, row, explanation, verdict, last)
            fix = explanation.fix
            if fix is not None and fix.strip_id == point.strip_id:
                proposed[point.strip_id] = fix
                done_db = last.change_db if last is not None and last.moves == fix.moves else 0.0
                first = AFTER_INSERT + fix.place - 1 if fix.control == "output_db" else AFTER_TRIM
                for levels in (then.average_dbfs, then.peak_dbfs):
                    levels[row, first:AFTER_FADER] += fix.change_db - done_db
        found.append((verdict, explanation))
    return [(verdict, _after_the_rest(session, verdict, explanation, found)) for verdict, explanation in found]


def _after_the_rest(session: Session, verdict: Verdict, explanation: Explanation, all_: Flagged) -> Explanation:
    """An explanation that says so where something else is proposed for what comes there."""
    point, fix = verdict.point, explanation.fix
    if fix is None or verdict.is_note or (point.where != "send" and not is_sum(session.channel(point.strip_id))):
        return explanation
    others = [one.fix for each, one in all_ if each.is_raised and one.fix is not None and one.fix.moves != fix.moves]
    if point.where == "send":
        is_first = not any(one.strip_id == point.strip_id and one.control != "level_db" for one in others)
    else:
        is_first = not any(point.strip_id in behind(session, session.channel(one.strip_id)) for one in others)
    return explanation if is_first else replace(explanation, condition=_AFTER_THE_REST)


def _with_what_is_left(
    session: Session, then: Evidence, row: int, whole: Explanation, verdict: Verdict, last: Fix | None
) -> Explanation:
    """An explanation with what there is to do about a verdict when all that is proposed before it, at `last` in the
    same direction, is done: `then` is the evidence with that.
    """
    if whole.fix is None or last is None or whole.fix.change_db * last.change_db < 0.0:
        return whole
    point, channel = verdict.point, session.channel(verdict.point.strip_id)
    stage = stage_before(channel, point)
    left = verdict_of(channel, point, float(then.average_dbfs[row, stage]), float(then.peak_dbfs[row, stage]))
    if not left.is_raised or (left.state == "cold") != (verdict.state == "cold"):
        return replace(whole, fix=last)  # what compresses will do less then: nobody knows yet
    fix = explain(session, then, left).fix
    if fix is not None and fix.moves == last.moves:  # the same control has to move further
        return whole if whole.fix.moves == last.moves else replace(whole, fix=last)
    return whole if fix is None else replace(whole, fix=fix)


def _flags(session: Session, flagged: Flagged) -> Iterator[Finding]:
    """A finding for each change that puts something right; the places that it puts right together."""
    together: dict[object, list[tuple[Verdict, Explanation]]] = {}
    for verdict, explanation in flagged:
        fix = explanation.fix
        key = verdict.point if fix is None or verdict.is_note else (*fix.moves, fix.change_db > 0.0)
        together.setdefault(key, []).append((verdict, explanation))
    for judged in together.values():
        yield _flag(session, judged)


def _flag(session: Session, judged: Flagged) -> Finding:
    """What is said of some places is said of the one that asks for the greatest change."""
    verdict, explanation = max(judged, key=lambda each: abs(each[1].fix.change_db) if each[1].fix else 0.0)
    condition = next((each.condition for _, each in judged if each.condition), "")
    strips = dict.fromkeys(title_of(session.channel(each.point.strip_id)) for each, _ in judged)
    own = [each for each, _ in judged if each.point.strip_id == verdict.point.strip_id]
    worst = next((each for each in own if each.state == "over"), verdict)
    words = verdict.words if worst is verdict else f"{worst.words} at {place_of(session, worst)}; {verdict.words}"
    return Finding(
        rule_of(session, verdict),
        "note" if verdict.is_intended else "error" if worst.state == "over" else "warning",
        title_of(session.channel(verdict.point.strip_id)) if len(strips) == 1 else ", ".join(strips),
        ", ".join(dict.fromkeys(place_of(session, each) for each, _ in judged)),
        worst.peak_dbfs if worst.by_peaks or worst.state == "over" else verdict.average_dbfs,
        "dBFS",
        _target_text(session, worst),
        f"{words}: {explanation.why}" if explanation.why else words,
        "meant to be so" if verdict.is_intended else replace(explanation, condition=condition).advice,
        abs(explanation.fix.change_db) if explanation.fix else 0.0,
    )


def _target_text(session: Session, verdict: Verdict) -> str:
    if verdict.state == "over":
        return "peaks below 0"
    if not verdict.by_peaks:
        return f"average {verdict.target_dbfs:g}"
    limits = limits_of(session.channel(verdict.point.strip_id), verdict.point)
    return f"peaks at most {verdict.target_dbfs + limits.crest_db:g}"


def _silent_stems(session: Session, frame: MeterFrame) -> Iterator[Finding]:
    """Stems in which nothing sounds, where there are others in which something does."""
    peaks = [float(frame.maxima.at("peak_dbfs", row, INPUT).max()) for row in range(len(session.stems))]
    if all(peak < _SOUND_DBFS for peak in peaks):
        return
    for strip, peak in zip(session.stems, peaks, strict=True):
        if peak < _SOUND_DBFS:
            severity: Severity = "note" if strip.intended_drive else "warning"
            cause = f"nothing in it is above {_SOUND_DBFS:g} dBFS"
            fix = "meant to be so" if strip.intended_drive else "see whether it is the right file"
            value = peak if math.isfinite(peak) else None
            yield Finding("S2", severity, strip.name, "input", value, "dBFS", "sound", cause, fix)


def _loud_strips(session: Session, frame: MeterFrame, flagged: Flagged) -> Iterator[Finding]:
    """Strips that are too loud, and stay so with what their flags propose."""
    for row, strip in enumerate(session.stems):
        average = output_average(frame, row)
        fixes = [one.fix for verdict, one in flagged if verdict.is_raised and one.fix is not None]
        own = [fix.change_db for fix in fixes if fix.strip_id == strip.id and fix.control != "level_db"]
        lowered = min(own, default=0.0)
        off = round(average + min(lowered, 0.0) - _LOUD_STRIP_DBFS, 1)
        if off > 0.0:
            fix = f"{strip.name}: fader {-off:+.1f} dB, to {strip.fader_db - off:+.1f}"
            cause = "what leaves the strip is louder than a static mix wants it"
            yield Finding("S3", "warning", strip.name, "output", average, "dBFS", "average -18 to -12", cause, fix, off)
