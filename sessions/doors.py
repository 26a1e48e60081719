"""The doors that the command line uses: what it asks for, without knowing the engine.

Nothing heavy is loaded before it is used. Whatever goes wrong is a `SessionError` of one line that says what to do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from sessions.model import Session, SessionError

if TYPE_CHECKING:
    from engine.player import Device, Player

Bits = Literal["16", "24", "32f"]
BITS: Final[tuple[Bits, ...]] = ("16", "24", "32f")
Tail = float | Literal["auto"]
"""Seconds that are rendered after the end, for what rings then; or all until it has died down."""
SILENT_CLOCK: Final = "none"
"""The device that is none: the transport runs, nothing is heard."""


@dataclass(frozen=True, slots=True)
class Bounced:
    """What a bounce wrote. `peak_dbfs` is -inf for silence; `problems` are lines about missing or damaged stems.

    The last `tail_frames` of its `frames` lie after the end.
    """

    path: Path
    session_name: str
    sample_rate_hz: int
    frames: int
    peak_dbfs: float
    clipped_samples: int
    problems: tuple[str, ...]
    tail_frames: int = 0

    @property
    def duration_s(self) -> float:
        """How long it is."""
        return self.frames / self.sample_rate_hz

    @property
    def tail_s(self) -> float:
        """How long the tail is, at its end."""
        return self.tail_frames / self.sample_rate_hz


@dataclass(frozen=True, slots=True)
class BenchLoad:
    """The engine's load with some strips at a block size, in percent of one core."""

    strips: int
    block_frames: int
    sample_rate_hz: int
    core_percent: float


def live_player(device: str | None, buffer_frames: int | None, left_channel: int, right_channel: int) -> Player:
    """The engine's live door, its process on the way: it compiles or opens the device while the session is read."""
    from engine.player import OutputRequest, Player

    return Player(OutputRequest(device, buffer_frames, left_channel, right_channel))


def devices() -> list[Device]:
    """The audio interfaces that can play."""
    from engine.player import DeviceError, output_devices

    try:
        return output_devices()
    except DeviceError as error:
        raise SessionError(str(error)) from None


def bounce(
    path: Path,
    out: Path,
    *,
    bits: Bits = "24",
    start_s: float = 0.0,
    end_s: float | None = None,
    tail: Tail = 0.0,
    split: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Bounced:
    """Render a session or a folder of stems to a WAV file, from `start_s` to `end_s` (None: the end of the song).

    After the end come so many seconds of `tail`, in which nothing plays and what rings goes on.
    """
    from engine.offline import WavError
    from engine.offline import bounce as render
    from sessions.file import SUFFIX, absolute, is_file, is_folder
    from sessions.mix import mix_of
    from sessions.opening import open_path

    target = absolute(out)
    opened = open_path(path, split=split)
    if is_folder(target):
        raise SessionError(f'"{out}" is a folder: name the WAV file to write')
    if target.suffix == SUFFIX or _is_same(target, opened.path):
        raise SessionError(f'"{out}" is the name of a session: write the bounce to another file')
    for source in [source for strip in opened.session.strips if strip.source for source in strip.source.paths]:
        if _is_same(target, Path(source)):
            raise SessionError(f'"{out}" is a stem of the session: write the bounce to another file')
    if opened.folder == absolute(path) and is_file(target) and _is_same(target.parent, opened.folder):
        # It was left out of the session, and may be a recording all the same.
        raise SessionError(f'"{out}" lies among the stems: write the bounce to another file')
    _check_range(opened.session, start_s, end_s, tail)
    length_s = _length_s(opened.session)
    if not length_s:
        raise SessionError(f'"{path}": nothing to render, none of its stems can be read')
    if start_s >= length_s:
        raise SessionError(f'"{path}": the song ends at {length_s:.1f} s, before the start at {start_s:.1f} s')
    try:
        mix = mix_of(opened.session)
        report = render(mix, target, bits=bits, start_s=start_s, end_s=end_s, tail=tail, progress=progress)
    except WavError as error:
        raise SessionError(str(error)) from None
    said = tuple(notice.text for notice in opened.notices if notice.severity != "info")
    problems = tuple(dict.fromkeys((*said, *report.problems)))
    return Bounced(
        out,
        opened.session.name,
        report.sample_rate_hz,
        report.frames,
        report.peak_dbfs,
        report.clipped,
        problems,
        report.tail_frames,
    )


def bench_runs() -> list[tuple[int, int]]:
    """The strips and block sizes a bench measures, in its order."""
    from engine.load import BLOCK_FRAMES, STRIP_COUNTS

    return [(strips, frames) for strips in STRIP_COUNTS for frames in BLOCK_FRAMES]


def bench() -> Iterator[BenchLoad]:
    """Measure the engine's load on this machine, one after the other of `bench_runs`."""
    from engine.load import measure_load

    for strips, block_frames in bench_runs():
        load = measure_load(strips, block_frames)
        yield BenchLoad(load.strips, load.block_frames, load.sample_rate_hz, load.core_percent)


@dataclass(frozen=True, slots=True)
class MetersLoad:
    """What all meters at so many stages of strips cost, the true peaks among it, and what one stage more does."""

    strips: int
    stages: int
    core_percent: float
    true_peak_percent: float
    stage_percent: float


@dataclass(frozen=True, slots=True)
class ConsoleLoad:
    """The load of a whole console, the part of its meters, what meters cost, and what each processor adds.

    Processors are (label, strips, percent).
    """

    strips: int
    block_frames: int
    core_percent: float
    meters_percent: float
    processors: tuple[tuple[str, int, float], ...]
    meters: MetersLoad


def bench_console() -> ConsoleLoad:
    """Measure a console of strips with processors, sends, buses and returns, and each processor by itself."""
    from engine.load import measure_console, measure_meters, measure_processors

    whole, bare = measure_console(), measure_console(metered=False)
    parts = tuple((load.label, load.strips, load.core_percent) for load in measure_processors())
    meters_percent = max(whole.core_percent - bare.core_percent, 0.0)
    meters = MetersLoad(**asdict(measure_meters()))
    return ConsoleLoad(whole.strips, whole.block_frames, whole.core_percent, meters_percent, parts, meters)


def demo_folder() -> Path:
    """Where the demo song lies unless another folder is named."""
    import platformdirs

    return platformdirs.user_data_path("gainstage", appauthor=False) / "demo"


def demo(folder: Path, progress: Callable[[float, str], None] | None = None) -> Path:
    """Write the demo song where it is not there yet; `progress` is told the share done and the file that comes next."""
    from sessions.demo import DemoError, write_demo

    try:
        return write_demo(folder, progress=progress)
    except DemoError as error:
        raise SessionError(str(error)) from None


def stem_fault(path: Path) -> str | None:
    """Why a file cannot be a stem, in one line; None if it can."""
    from engine.offline import StemError, probe

    try:
        info = probe(path)
    except StemError as error:
        return str(error)
    if info.channels > 2:
        return f'"{path.name}" has {info.channels} channels: a strip takes one or two'
    return None


def decibels_or_none(level: float) -> float | None:
    """A level for a document that knows no infinity: None for silence."""
    return level if math.isfinite(level) else None


def _check_range(session: Session, start_s: float, end_s: float | None, tail: Tail) -> None:
    """Raise `SessionError` for what is no part of a song."""
    times = {"start": start_s, "end": start_s if end_s is None else end_s, "tail": 0.0 if tail == "auto" else tail}
    for what, value in times.items():
        if not 0.0 <= value < math.inf:
            raise SessionError(f"{what}={value:g} s is no time within a song")
    rate = session.sample_rate_hz
    if end_s is not None and round(end_s * rate) <= round(start_s * rate):
        raise SessionError(f"nothing lies between the start at {start_s:g} s and the end at {end_s:g} s")


def _length_s(session: Session) -> float:
    """Where the last stem that can be read ends; 0.0 if there is none."""
    from engine.offline import StemError, probe

    ends_s = [0.0]
    for strip in session.strips:
        for source in strip.source.paths if strip.source else ():
            try:
                ends_s.append((strip.source.start_s if strip.source else 0.0) + probe(Path(source)).duration_s)
            except StemError:
                continue
    return max(ends_s)


def _is_same(one: Path, other: Path) -> bool:
    """Whether two names lead to one file."""
    try:
        return one.samefile(other)
    except OSError:
        return False
