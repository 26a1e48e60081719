"""Which stems a folder holds: its sound files described, `.L` and `.R` joined, and a line for whatever is left out.

Only headers are read; nothing is ever written into the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.notice import Notice
from engine.offline import StemError, StemInfo
from sessions.file import SUFFIX, is_file, reason
from sessions.model import SessionError, shown
from sessions.stem_names import Side, natural_key, side_of
from sessions.values import listed

Probe = Callable[[Path], StemInfo]
"""Describes a sound file or raises `StemError`."""

SOUND_SUFFIXES: Final = frozenset(
    (".wav", ".wave", ".bwf", ".rf64", ".w64", ".aif", ".aiff", ".aifc", ".flac", ".ogg", ".oga", ".opus", ".mp3")
)
SOUND_KINDS: Final = "WAV, RF64, W64, AIFF, FLAC, Ogg, Opus, MP3"


@dataclass(frozen=True, slots=True)
class FoundStem:
    """A stem for one strip: one file, a pair of mono files, or one channel of a file. `base` names the file or pair."""

    base: str
    info: StemInfo
    path: Path
    right_path: Path | None = None
    channel: int | None = None


def sound_files(folder: Path) -> tuple[list[Path], list[Notice]]:
    """The files of a folder that are sound by their suffix, in natural order, and a line for those that are not.

    Hidden files, folders and sessions are passed over in silence. Raises `SessionError` if the folder cannot be read.
    """
    if not _is_text(str(folder)):
        raise SessionError(f'"{folder}": its name is not UTF-8 text: rename the folder to open it')
    try:
        entries = [entry for entry in folder.iterdir() if not entry.name.startswith(".") and is_file(entry)]
    except OSError as error:
        raise SessionError(f'cannot read the folder "{folder}": {reason(error)}') from None
    entries.sort(key=lambda path: natural_key(path.stem))
    sounds = [path for path in entries if path.suffix.lower() in SOUND_SUFFIXES]
    others = [path.name for path in entries if path.suffix.lower() not in (*SOUND_SUFFIXES, SUFFIX)]
    notices = []
    if others:
        what = "1 file that is" if len(others) == 1 else f"{len(others)} files that are"
        notices.append(Notice("info", f"skipped {what} no sound ({SOUND_KINDS}): {listed(others)}"))
    unnamed = [path.name for path in sounds if not _is_text(path.name)]
    if unnamed:
        which = "its name is" if len(unnamed) == 1 else "their names are"
        notices.append(Notice("warning", f"{listed(unnamed)}: {which} not UTF-8 text: rename what is to be opened"))
    return [path for path in sounds if _is_text(path.name)], notices


def find_stems(files: Collection[Path], *, split: bool, probe: Probe) -> tuple[list[FoundStem], list[Notice]]:
    """The stems in these files, in their order, and a line for each file that cannot be one.

    With `split`, every channel of a file with more than two becomes a mono stem.
    """
    notices: list[Notice] = []
    infos: dict[Path, StemInfo] = {}
    for path in files:
        try:
            infos[path] = probe(path)
        except StemError as error:
            notices.append(Notice("warning", str(error)))
        else:
            notices += [Notice("warning", warning) for warning in infos[path].warnings]
    rights = _pairs(infos, notices)
    joined = set(rights.values())
    stems: list[FoundStem] = []
    for path, info in infos.items():
        if path in joined:
            continue
        if (right := rights.get(path)) is not None:
            side = side_of(path.stem)
            stems.append(FoundStem(side.base if side else path.stem, info, path, right))
        elif info.channels <= 2:
            stems.append(FoundStem(path.stem, info, path))
        elif split:
            stems += [FoundStem(path.stem, info, path, channel=channel) for channel in range(info.channels)]
        else:
            text = f"{shown(path.name)}: has {info.channels} channels, and a strip takes 1 or 2"
            notices.append(Notice("warning", f"{text}: open with --split to import them as mono strips"))
    return stems, notices


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _pairs(infos: dict[Path, StemInfo], notices: list[Notice]) -> dict[Path, Path]:
    """Left files and the right ones that belong to them; a line where two look like a pair and are none."""
    sides: dict[tuple[object, ...], dict[bool, list[Path]]] = {}
    for path, info in infos.items():
        side: Side | None = side_of(path.stem)
        if side is not None and info.channels == 1:
            key = (path.parent, *side.key, path.suffix.lower())
            sides.setdefault(key, {True: [], False: []})[side.left].append(path)
    rights = {}
    for found in sides.values():
        if len(found[True]) == len(found[False]) == 1:
            [left], [right] = found[True], found[False]
            difference = _difference(infos[left], infos[right])
            if difference is None:
                rights[left] = right
            else:
                text = f"{shown(left.name)} and {shown(right.name)}: not joined to a stereo strip, {difference}"
                notices.append(Notice("info", text))
    return rights


def _difference(left: StemInfo, right: StemInfo) -> str | None:
    if left.sample_rate_hz != right.sample_rate_hz:
        return f"their rates differ ({left.sample_rate_hz} and {right.sample_rate_hz} Hz)"
    if left.frames != right.frames:
        return f"their lengths differ ({left.frames} and {right.frames} frames)"
    if left.time_reference_s != right.time_reference_s:
        return "their time stamps differ"
    return None
