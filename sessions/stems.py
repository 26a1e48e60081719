"""A folder of stems as a session: names, rate, places in time, and what there is to say of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from engine.mix import MAX_STRIPS, SAMPLE_RATES_HZ
from engine.notice import Notice
from engine.offline import StemError
from engine.offline import probe as probe_file
from sessions.file import absolute, is_folder
from sessions.model import Session, SessionError, SourceRef, StripState, shown
from sessions.stem_files import SOUND_KINDS, SOUND_SUFFIXES, FoundStem, Probe, find_stems, sound_files
from sessions.stem_names import clean_names, distinct_names
from sessions.values import listed

_START_DECIMALS: Final = 9
"""A nanosecond: far below a frame at any rate, and without the noise of binary fractions."""


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    stem: FoundStem


def session_from_folder(
    folder: Path, *, split: bool = False, probe: Probe = probe_file
) -> tuple[Session, list[Notice]]:
    """A new session of all stems in a folder, and a line for whatever is not as could be expected.

    The rate is the one most stems have (of equally many the higher). Raises `SessionError` if there is no sound.
    """
    folder = absolute(folder)
    files, notices = sound_files(folder)
    if not files:
        raise SessionError(f'"{folder}": no sound files ({SOUND_KINDS}) in this folder{_sound_below(folder)}')
    considered = _first_of(files)
    stems, said = find_stems(considered, split=split, probe=probe)
    if not stems:
        raise SessionError(f'"{folder}": none of its {len(files)} sound files can be used: {said[0].text}')
    notices += said
    named = _named(stems, context=[], taken=[])
    fitting = _within(MAX_STRIPS, named, files[len(considered) :], notices)
    rate_hz = _common_rate_hz(fitting)
    stamps_s = [entry.stem.info.time_reference_s for entry in fitting]
    strips = _strips(fitting, [], min((stamp for stamp in stamps_s if stamp is not None), default=0.0), notices)
    _tell_resampling(fitting, rate_hz, notices)
    title = shown(folder.name).strip() or "Session"
    return Session(title, tuple(strips), rate_hz), notices


def with_new_stems(
    session: Session, folder: Path, *, split: bool = False, probe: Probe = probe_file
) -> tuple[Session, list[Notice]]:
    """The session with one more strip for each stem of the folder that it does not know yet, and lines about those."""
    folder = absolute(folder)
    files, _ = sound_files(folder)
    known = {path for strip in session.strips if strip.source for path in strip.source.paths}
    new = [path for path in files if str(path) not in known]
    considered = _first_of(new)
    stems, notices = find_stems(considered, split=split, probe=probe)
    if not stems:
        return session, notices
    # The names of the known files show what is common to all, so that a new one is cleaned as they were.
    context = [path.stem for path in files if str(path) in known]
    named = _named(stems, context, taken=[strip.name for strip in session.strips])
    fitting = _within(MAX_STRIPS - len(session.stems), named, new[len(considered) :], notices)
    if not fitting:
        return session, notices
    notices.append(Notice("info", f"new in the folder: {listed([entry.name for entry in fitting])}"))
    origin_s = _origin_s(session, fitting, probe)
    strips = _strips(fitting, [strip.id for strip in session.strips], origin_s, notices)
    _tell_resampling(fitting, session.sample_rate_hz, notices)
    return msgspec.structs.replace(session, strips=(*session.strips, *strips)), notices


def _first_of(files: Sequence[Path]) -> Sequence[Path]:
    """As many files as could make a full session of pairs: a library of samples is not read through."""
    return files[: 2 * MAX_STRIPS]


def _sound_below(folder: Path) -> str:
    """A hint at the first folder inside that holds sound, as an end of the sentence."""
    for below in sorted(path for path in folder.iterdir() if is_folder(path) and not path.name.startswith(".")):
        try:
            if any(path.suffix.lower() in SOUND_SUFFIXES for path in below.iterdir()):
                return f'; there are some in "{shown(below.name)}" below it'
        except OSError:
            continue
    return ""


def _named(stems: list[FoundStem], context: list[str], taken: Sequence[str]) -> list[_Named]:
    """Stems with the names of their strips; `context` are names of known files of the folder, `taken` of strips."""
    bases = {stem.path: stem.base for stem in stems}
    cleaned = clean_names([*context, *bases.values()])[len(context) :]
    name_of = dict(zip(bases, cleaned, strict=True))
    channels = ["" if stem.channel is None else f" {stem.channel + 1}" for stem in stems]
    names = [name_of[stem.path] + channel for stem, channel in zip(stems, channels, strict=True)]
    return [_Named(name, stem) for name, stem in zip(distinct_names(names, taken), stems, strict=True)]


def _within(room: int, named: list[_Named], unread: Sequence[Path], notices: list[Notice]) -> list[_Named]:
    """The stems there is room for, and a line about the others."""
    left_out = [entry.name for entry in named[room:]] + [path.stem for path in unread]
    if left_out:
        count = len(named) + len(unread)
        text = f"{count} stems, and {room} fit (a session takes {MAX_STRIPS} strips): left out {listed(left_out)}"
        notices.append(Notice("warning", text))
    return named[:room]


def _common_rate_hz(named: list[_Named]) -> int:
    count = Counter(entry.stem.info.sample_rate_hz for entry in named)
    rate_hz = max(count, key=lambda rate: (count[rate], rate))
    return next((rate for rate in SAMPLE_RATES_HZ if rate >= rate_hz), SAMPLE_RATES_HZ[-1])


def _origin_s(session: Session, named: list[_Named], probe: Probe) -> float:
    """The time stamp of the song's beginning: that of a known stem, less where it lies; else the first of the new."""
    stamps_s = [entry.stem.info.time_reference_s for entry in named]
    if any(stamp is not None for stamp in stamps_s):
        for source in [strip.source for strip in session.strips if strip.source]:
            try:
                stamp_s = probe(Path(source.path)).time_reference_s
            except StemError:
                continue
            if stamp_s is not None:
                return stamp_s - source.start_s
    return min((stamp for stamp in stamps_s if stamp is not None), default=0.0)


def _strips(named: list[_Named], taken_ids: Sequence[str], origin_s: float, notices: list[Notice]) -> list[StripState]:
    ids = (identity for n in range(1, 2 * MAX_STRIPS + 1) if (identity := f"s{n}") not in taken_ids)
    strips: list[StripState] = []
    unstamped: list[str] = []
    for identity, entry in zip(ids, named, strict=False):
        stem, stamp_s = entry.stem, entry.stem.info.time_reference_s
        if stamp_s is None:
            unstamped.append(entry.name)
        start_s = 0.0 if stamp_s is None else round(stamp_s - origin_s, _START_DECIMALS)
        if start_s < 0.0:
            text = f"{shown(stem.path.name)}: its time stamp is {-start_s:.3f} s before the song begins: starts at 0"
            notices.append(Notice("warning", text, identity))
        right = None if stem.right_path is None else str(stem.right_path)
        source = SourceRef(str(stem.path), right, stem.channel, max(start_s, 0.0))
        strips.append(StripState(identity, entry.name, source))
    latest_s = max(strip.source.start_s for strip in strips if strip.source)
    if latest_s > 0.0:
        notices.append(Notice("info", f"stems are placed by their time stamps, the last starts at {latest_s:.3f} s"))
        if unstamped:
            notices.append(Notice("info", f"without a time stamp, so they start at 0: {listed(unstamped)}"))
    return strips


def _tell_resampling(named: list[_Named], rate_hz: int, notices: list[Notice]) -> None:
    others: dict[int, list[str]] = {}
    for entry in named:
        others.setdefault(entry.stem.info.sample_rate_hz, []).append(entry.name)
    others.pop(rate_hz, None)
    for other_hz, names in sorted(others.items()):
        text = f"resampled from {other_hz} to {rate_hz} Hz, the rate of the session: {listed(names)}"
        notices.append(Notice("info", text))
