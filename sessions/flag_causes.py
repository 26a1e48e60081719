"""Why a flag is up, and the one change that would put it right.

Along the path of a strip the averages after each stage tell what it adds; all of that, and how far what comes in lies
from the target, is the whole distance. Of a sum is told who brings most of it. The change is proposed where most of
the distance comes from: the trim (of a sum: its input trim), which answers for what comes in as well, the output of an
insert, or a send.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from engine.core.params import FADER, TRIM, ParamSpec
from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT, Evidence
from engine.routing import heard
from sessions.edits import Edit, SetControl, Together
from sessions.flags import Verdict, active_slots, channels_of, is_sum, limits_of
from sessions.insert import OUTPUT_TRIM
from sessions.insert_edits import SetInsertControl
from sessions.linking import LINKED_CONTROLS, linked_with
from sessions.mix import mix_of
from sessions.model import MASTER_ID, Channel, Session, StripState
from sessions.send import SEND_LETTERS, SEND_LEVEL
from sessions.send_edits import SetSendControl

_LEAST_CAUSE_DB: Final = 0.5
"""What adds less is not named."""
_MOST_CAUSES: Final = 3
_UNHEARD: Final = "to be heard again"
_STAYS_CLIPPED: Final = "what is cut off stays cut off"
_CLIPPED: Final = f"record it again with less gain: {_STAYS_CLIPPED}"
_AT_FULL_SCALE: Final = "the file stands at full scale for several samples"
_MOST_OF_IT: Final = 0.5
"""Who brings so much of a sum is named, and its send is what is too hot; what is undone so far is no cause."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What moves the level, by how much. `place` is `input`, `trim`, `fader`, a slot (`1`) or a send (`a`).

    `brief` is what is said of it where there is little room.
    """

    place: str
    words: str
    gain_db: float
    brief: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One control of one strip, moved by so many dB: its trim, the output of a slot (from 1) or a send (from 0)."""

    strip_id: str
    control: Literal["trim_db", "output_db", "level_db"]
    place: int
    change_db: float
    value_db: float
    """What it is then."""
    title: str
    """What the strip is called."""
    move: str
    """What is done to it."""
    brief: str
    """The same where there is little room."""

    @property
    def words(self) -> str:
        """Both: `Vox: trim -10.0 dB, to -10.0`."""
        return f"{self.title}: {self.move}"

    @property
    def moves(self) -> tuple[str, str, int]:
        """Which control it moves."""
        return self.strip_id, self.control, self.place

    def edit(self, session: Session) -> Edit:
        """The edit that does it.

        What is raised there is taken back by the fader, and by sends before it, so that nothing becomes louder.
        """
        edit = self._edit()
        back = [_moved_back(one, self.change_db) for one in _ways_out(session, self.strip_id, self.control)]
        if self.change_db <= 0.0 or not back:
            return edit
        return Together(edit.label(session), (edit, *back))

    def _edit(self) -> Edit:
        if self.control == "output_db":
            return SetInsertControl(self.strip_id, self.place, self.control, self.value_db)
        if self.control == "level_db":
            return SetSendControl(self.strip_id, SEND_LETTERS[self.place], self.control, self.value_db)
        return SetControl(self.strip_id, self.control, self.value_db)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The causes, the greatest first; the change, None where none in the mix helps."""

    causes: tuple[Cause, ...]
    fix: Fix | None
    instead: str = "change what comes before: the control that is there for it has reached the end of its range"
    """What to do where there is none."""
    condition: str = ""
    """What is said after it: that something else comes first, or what it does not put right."""

    @property
    def advice(self) -> str:
        """What to do, in words."""
        return (self.instead if self.fix is None else self.fix.words) + self.condition

    @property
    def why(self) -> str:
        """The causes in words, "" where none stands out."""
        return ", ".join(cause.words for cause in self.causes)


def explain(session: Session, evidence: Evidence, verdict: Verdict) -> Explanation:
    """Why a verdict is what it is, and what to do about it: nothing yet where that has perhaps been done."""
    if verdict.is_stale:
        return Explanation((Cause("", _UNHEARD, 0.0, _UNHEARD),), None, f"{_UNHEARD}: play it first")
    rows = {channel.id: row for row, channel in enumerate(channels_of(session))}
    channel = session.channel(verdict.point.strip_id)
    levels = evidence.peak_dbfs if verdict.is_about_peaks else evidence.average_dbfs
    members = _members(session, evidence, rows, channel) if is_sum(channel) else ()
    path = _path(channel, verdict, levels[rows[channel.id]].tolist(), members)
    sign = -1.0 if verdict.state == "cold" else 1.0
    causes = [cause for cause in path if sign * cause.gain_db >= _LEAST_CAUSE_DB]
    causes.sort(key=lambda cause: -sign * cause.gain_db)
    if verdict.is_clipped:
        causes.insert(0, Cause("input", _AT_FULL_SCALE, 0.0, "at full scale"))
        if not verdict.is_hot_too:
            return Explanation(tuple(causes[:1]), None, _CLIPPED)
    fix = _fix(session, channel, verdict, _place_to_fix(path, sign), members)
    condition = f"; {_STAYS_CLIPPED}" if verdict.is_clipped else ""
    return Explanation(tuple(causes[:_MOST_CAUSES]), fix, condition=condition)


@dataclass(frozen=True, slots=True)
class _Member:
    """Who brings something to a sum: by its output (`send` is None) or a send, and which share of the power."""

    strip: StripState
    send: int | None
    share: float


def _members(session: Session, evidence: Evidence, rows: dict[str, int], into: Channel) -> tuple[_Member, ...]:
    """All that goes into a sum, the loudest first."""
    open_ways = heard(mix_of(session))
    found: list[tuple[StripState, int | None, float]] = []
    for strip in session.strips:
        ways: list[tuple[int | None, int]] = []
        if strip.output == into.id and open_ways[strip.id][0]:
            ways.append((None, AFTER_FADER))
        for place, send in enumerate(strip.sends):
            if send is not None and send.to == into.id and not send.mute and open_ways[strip.id][1 + place]:
                ways.append((place, AT_SEND + place))
        for place_or_none, stage in ways:
            power = 10.0 ** (float(evidence.average_dbfs[rows[strip.id], stage]) / 10.0)
            found.append((strip, place_or_none, power))
    total = sum(power for _, _, power in found)
    members = [_Member(strip, place, power / total) for strip, place, power in found if power > 0.0]
    return tuple(sorted(members, key=lambda member: -member.share))


def _path(channel: Channel, verdict: Verdict, levels: Sequence[float], members: Sequence[_Member]) -> list[Cause]:
    """What lies on the way to the point that is judged; the gains add up to its distance from the target.

    `levels` are averages or, where it is about them, peaks after each stage.
    """
    target, point = verdict.target_dbfs, verdict.point
    what = "it comes in" if not is_sum(channel) else "what comes in is"
    if verdict.is_about_peaks:
        target += limits_of(channel, point).crest_db
        what = "its peaks come in"
    came = levels[INPUT] - target
    words = f"{what} {abs(came):.1f} dB {'above' if came > 0.0 else 'below'} {target:g}{_mostly(members)}"
    path = [Cause("input", words, came, f"in {came:+.1f}")] if math.isfinite(came) else []
    before = levels[INPUT]
    for place, label, after in _stages(channel, verdict, levels):
        gain = after - before
        if not math.isfinite(gain):
            continue
        before = after
        left = after - target
        if place == "trim" and came * gain < 0.0 and abs(left) < _MOST_OF_IT * abs(gain):
            # Most of what one of them does the other undoes: neither says by itself how much is left of it.
            words = f"after {label} it is {abs(left):.1f} dB {'above' if left > 0.0 else 'below'} {target:g}"
            path = [Cause(place, f"{words}{_mostly(members)}", left, f"trimmed {left:+.1f}")]
            continue
        words = f"{label} {'adds' if gain > 0.0 else 'takes'} {abs(gain):.1f} dB"
        path.append(Cause(place, words, gain, f"{label.removeprefix('the ')} {gain:+.1f}"))
    if point.where == "send" and isinstance(channel, StripState):
        send = channel.sends[point.place]
        assert send is not None
        if not send.before_fader:
            now = f"{channel.fader_db:+.1f}"
            path.append(Cause("fader", f"the fader is at {now} dB", channel.fader_db, f"fader {now}"))
        letter, now = SEND_LETTERS[point.place], f"{send.level_db:+.1f}"
        path.append(Cause(letter, f"send {letter} is at {now} dB", send.level_db, f"send {letter} {now}"))
    return path


def _stages(channel: Channel, verdict: Verdict, levels: Sequence[float]) -> list[tuple[str, str, float]]:
    """The trim and the inserts before the point: place, label and the level after it."""
    point = verdict.point
    last = {"input": 0, "insert": point.place - 1, "send": len(channel.inserts)}[point.where]
    found = [("trim", f"the {trim_label(channel)}", levels[AFTER_TRIM])]
    for slot in active_slots(channel):
        insert = channel.insert(slot)
        if slot <= last and insert is not None:
            found.append((str(slot), f"{slot} {insert.label}", levels[AFTER_INSERT + slot - 1]))
    return found


def _mostly(members: Sequence[_Member]) -> str:
    """Who brings most of a sum."""
    if len(members) == 1:
        return f", all of it from {members[0].strip.name}"
    if members and members[0].share >= _MOST_OF_IT:
        return f", {members[0].share:.0%} of it from {members[0].strip.name}"
    return ""


def title_of(channel: Channel) -> str:
    """What a strip is called."""
    return "Master" if channel.id == MASTER_ID else channel.name


def trim_label(channel: Channel) -> str:
    """What the trim of a strip is called: a sum's is its input trim."""
    return "input trim" if is_sum(channel) else "trim"


def _place_to_fix(path: Sequence[Cause], sign: float) -> str:
    """The insert that adds (`sign` 1) or takes most; the trim, if what there is after it is further off than that."""
    gains = {cause.place: sign * cause.gain_db for cause in path}
    arrived = gains.pop("input", 0.0) + gains.pop("trim", 0.0)
    inserts = [place for place in gains if place.isdigit() and gains[place] >= _LEAST_CAUSE_DB]
    most = max(inserts, key=lambda place: gains[place], default="trim")
    return most if most != "trim" and gains[most] > arrived else "trim"


def _fix(session: Session, channel: Channel, verdict: Verdict, place: str, members: Sequence[_Member]) -> Fix | None:
    limits = limits_of(channel, verdict.point)
    change = verdict.by_db if verdict.state == "cold" else -verdict.by_db
    if verdict.is_clipped:
        change = verdict.target_dbfs - verdict.average_dbfs
    elif verdict.state == "over":
        to_peaks = verdict.target_dbfs + limits.crest_db - verdict.peak_dbfs
        change = min(verdict.target_dbfs - verdict.average_dbfs, to_peaks)
    if verdict.point.where == "send":
        return _send_fix(session, channel, verdict.point.place, change)
    if place.isdigit():
        insert = channel.insert(int(place))
        assert insert is not None
        label = f"output of {place} {insert.label}"
        return _moved(session, channel, "output_db", int(place), OUTPUT_TRIM, insert.output_db, change, label)
    is_return = isinstance(channel, StripState) and channel.kind == "return"
    if is_return and members and members[0].share >= _MOST_OF_IT and members[0].send is not None:
        return _send_fix(session, members[0].strip, members[0].send, change)
    return _moved(session, channel, "trim_db", 0, TRIM, channel.trim_db, change, trim_label(channel))


def _send_fix(session: Session, channel: Channel, place: int, change: float) -> Fix | None:
    send = channel.sends[place] if isinstance(channel, StripState) else None
    if send is None or not math.isfinite(send.level_db):
        return None
    label = f"send {SEND_LETTERS[place]} to {session.strip(send.to).name}"
    return _moved(session, channel, "level_db", place, SEND_LEVEL, send.level_db, change, label)


def _moved(
    session: Session,
    channel: Channel,
    control: Literal["trim_db", "output_db", "level_db"],
    place: int,
    spec: ParamSpec,
    now_db: float,
    change_db: float,
    label: str,
) -> Fix | None:
    ways_out = _ways_out(session, channel.id, control)
    # What is raised can be taken back no further than there is room for it.
    room_db = min((way.room_db for way in ways_out), default=math.inf)
    to = round(min(max(now_db + min(change_db, room_db), spec.minimum), spec.maximum), 1) + 0.0
    linked = linked_with(session, (channel.id,))[1:] if control in LINKED_CONTROLS else ()
    if linked:  # the first of them that reaches an end of its range stops all
        to = round(float(getattr(SetControl(channel.id, control, to).apply(session).channel(channel.id), control)), 1)
    if to == round(now_db, 1):
        return None
    move = f"{label} {to - now_db:+.1f} dB, to {f'{to:+.1f}' if to else '0.0'}"
    if linked:
        names = ", ".join(title_of(session.channel(strip_id)) for strip_id in linked)
        move += f", and {names if len(linked) == 1 else f'{len(linked)} others'} with it"
    if to > now_db:
        own = [way for way in ways_out if way.strip_id == channel.id]
        move += "".join(f", its fader to {way.now_db - to + now_db:+.1f}" for way in own if not way.letter)
        letters = " and ".join(way.letter for way in own if way.letter)
        move += f", its send {letters} down as much" if letters else ""
    brief = f"{label.partition(' to ')[0]} {to - now_db:+.1f}"
    first = next((way for way in ways_out if way.strip_id == channel.id), None)
    if to > now_db and first is not None:
        brief += f", {f'send {first.letter}' if first.letter else 'fader'} {now_db - to:+.1f}"
    return Fix(channel.id, control, place, to - now_db, to, title_of(channel), move, brief)


@dataclass(frozen=True, slots=True)
class _WayOut:
    """Where what is raised before it leaves a strip: its fader, or a send before that (by its letter)."""

    strip_id: str
    letter: str
    now_db: float
    room_db: float
    """How far it can be turned down and stay open."""


def _ways_out(session: Session, strip_id: str, control: str) -> list[_WayOut]:
    """Those that a control comes before, of the strips that it moves; none that is shut."""
    if control == "level_db":
        return []
    found = []
    for one in linked_with(session, (strip_id,)) if control in LINKED_CONTROLS else (strip_id,):
        channel = session.channel(one)
        found.append(_WayOut(one, "", channel.fader_db, channel.fader_db - FADER.minimum))
        for letter, send in zip(SEND_LETTERS, channel.sends if isinstance(channel, StripState) else (), strict=False):
            if send is not None and send.before_fader:
                found.append(_WayOut(one, letter, send.level_db, send.level_db - SEND_LEVEL.minimum))
    return [way for way in found if math.isfinite(way.now_db)]


def _moved_back(way: _WayOut, raised_db: float) -> Edit:
    """The edit that takes back what was raised, in this strip alone: others are louder only if they have a way here."""
    to = round(way.now_db - raised_db, 1)
    if way.letter:
        return SetSendControl(way.strip_id, way.letter, "level_db", to)
    return SetControl(way.strip_id, "fader_db", to, alone=True)
