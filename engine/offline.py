"""The offline door: renders a mix through the same signal flow as the live one, as fast as the machine can.

What comes out equals the live master sample for sample, whatever the block size: the monitor section is not part of
it, nor is the loop, and a start within the song does not fade in.

What delays and reverbs still hold when the song ends (its tail) is rendered as far as is asked for; it is what the live
master gives after the song's end. Where the end lies within the song, the stems stop there as they do live.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from engine.core.units import OFF_DB, db_from_gain, frames_from_seconds, gain_from_db
from engine.meters.frame import MeterFrame
from engine.mix import Mix
from engine.sources.probe import StemError, StemInfo, probe
from engine.sources.wav import Subtype, WavError, WavWriter, write_wav

__all__ = [
    "AUTO_TAIL",
    "Bits",
    "RenderReport",
    "StemError",
    "StemInfo",
    "Survey",
    "Tail",
    "WavError",
    "bounce",
    "probe",
    "render",
    "survey",
    "write_wav",
]

Bits = Literal["16", "24", "32f"]
FloatArray = npt.NDArray[np.float32]
SUBTYPES: dict[Bits, Subtype] = {"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"}

Tail = float | Literal["auto"]
"""What is rendered after the end: so many seconds, or all until what rings has died down."""
AUTO_TAIL: Final = "auto"
TAIL_FLOOR_DBFS = -90.0
"""What stays below it has died down: the smallest step of 16 bits."""
LONGEST_TAIL_S = 30.0
"""Where a tail that does not die down is cut off."""
_AFTER_ECHO_S = 0.5
"""How much longer than the longest delay it has to be quiet before nothing more is waited for."""

_LAST_TICKS_S = 0.02
"""Rendered after the end of a survey, so that the last 10 ms of sound are whole."""
_LOOK_EVERY_TICKS = 3000
"""Half a minute: an engine keeps ten of the programme."""

CHUNK_FRAMES = 16384
"""Rendered between two looks at the disk."""
RING_FRAMES = 65536
READ_FRAMES = 32768


@dataclass(frozen=True, slots=True)
class RenderReport:
    """What was rendered.

    `problems` are clear lines about stems that are silent or damaged; `clipped` counts samples that a file of integers
    could not hold. The last `tail_frames` of `frames` lie after the end.
    """

    sample_rate_hz: int
    frames: int
    peak_dbfs: float
    problems: tuple[str, ...]
    clipped: int = 0
    tail_frames: int = 0


@dataclass(frozen=True, slots=True)
class Survey:
    """What all meters have seen of a mix.

    `frame` is read at its end: holds, evidence, integrated loudness and the programme are of all of it, and the rest of
    that moment. `problems` are clear lines about stems that are silent or damaged.
    """

    frame: MeterFrame
    problems: tuple[str, ...]
    length_s: float


def render(
    mix: Mix,
    write: Callable[[FloatArray], object],
    *,
    start_s: float = 0.0,
    end_s: float | None = None,
    tail: Tail = 0.0,
    block_frames: int = CHUNK_FRAMES,
    progress: Callable[[float], None] | None = None,
) -> RenderReport:
    """Renders a mix from `start_s` to `end_s` (None: the end of the last stem), and its tail.

    `write` is given float32 arrays (frames, 2) of at most `block_frames`, which it must copy or use up before it
    returns. `progress` is told the share done, 0 to 1.
    """
    return _render(mix, write, None, start_s, end_s, tail, block_frames, progress)


def _render(
    mix: Mix,
    write: Callable[[FloatArray], object],
    look: Callable[[Any], object] | None,
    start_s: float,
    end_s: float | None,
    tail: Tail,
    block_frames: int,
    progress: Callable[[float], None] | None,
) -> RenderReport:
    """Renders; where `look` is given all meters run, and it is given the engine first and after each block."""
    # The compiled part of the engine is loaded only by who renders.
    from engine.deck import Deck
    from engine.io.warm_up import CORE, warm_up
    from engine.memory import new_engine
    from engine.mixer.controls import slots_of, write_mix
    from engine.mixer.planner import entries_of, nodes_of
    from engine.sources.butler import WAIT

    slots = slots_of(mix)
    nodes = nodes_of(mix, slots)
    warm_up(names=(*CORE, *chain(*entries_of(nodes).values())))
    engine = new_engine(mix.sample_rate_hz)
    engine.metered = look is not None  # Half of the work, which a bounce has nobody for.
    if look is not None:
        look(engine)
    deck = Deck(engine, ring_frames=RING_FRAMES, read_frames=READ_FRAMES)
    problems: list[str] = []
    write_mix(engine.controls, mix, slots)
    deck.connect(nodes)
    for strip in mix.strips:
        if strip.kind == "stem":
            deck.set_stem(slots[strip.id], strip.stem, strip.name)
    start = frames_from_seconds(start_s, mix.sample_rate_hz)
    deck.locate(start, soft=False)
    # More than the rings hold would be waited for in vain.
    block_frames = min(block_frames, RING_FRAMES // 2)
    out = np.zeros((block_frames, 2), np.float32)

    def turn() -> None:
        deck.service(lambda _slot, _severity, text: problems.append(text))

    try:
        while deck.is_jumping:
            deck.render(out[:0])
            turn()
            deck.butler.step()
        deck.play(soft=False)
        length = int(engine.transport.length_frames)
        end = length if end_s is None else frames_from_seconds(end_s, mix.sample_rate_hz)
        total = max(end - start, 0)
        longest_s = LONGEST_TAIL_S if tail == AUTO_TAIL else tail
        tail_frames = frames_from_seconds(longest_s, mix.sample_rate_hz) if total else 0
        whole = total if tail == AUTO_TAIL else total + tail_frames
        # The processors' latency is left out: what is written begins where the stems do.
        done = -deck.latency_frames
        fed = total + done
        written, peak = 0, 0.0

        def chunks(to: int) -> Iterator[FloatArray]:
            nonlocal done
            while done < to:
                frames = min(block_frames, to - done)
                while not deck.holds(frames) and deck.butler.step() != WAIT:
                    pass
                deck.render(out[:frames])
                turn()
                done += frames
                if look is not None:
                    look(engine)
                yield out[:frames]
                if progress is not None and done > 0:
                    progress(min(done / whole, 1.0))

        def put(chunk: FloatArray) -> None:
            nonlocal written, peak
            peak = max(peak, float(chunk.max()), -float(chunk.min()))
            written += len(chunk)
            write(chunk)

        for to in sorted({0, fed, total}):
            for chunk in chunks(to):
                if to > 0:
                    put(chunk)
            if to == fed and tail_frames:
                deck.stop()
        tail_chunks = chunks(total + tail_frames)
        for chunk in _until_quiet(tail_chunks, mix.sample_rate_hz) if tail == AUTO_TAIL else tail_chunks:
            put(chunk)
        if tail == AUTO_TAIL and tail_frames and done == total + tail_frames:
            problems.append(f"after {LONGEST_TAIL_S:g} s the tail still rings: it is cut off there")
    finally:
        deck.butler.close()
        deck.butler.step()
    return RenderReport(
        mix.sample_rate_hz,
        written,
        db_from_gain(peak) if peak else OFF_DB,
        tuple(dict.fromkeys(problems)),
        tail_frames=written - total,
    )


def survey(
    mix: Mix,
    *,
    progress: Callable[[float], None] | None = None,
    start_s: float = 0.0,
    end_s: float | None = None,
) -> Survey:
    """Plays a mix from `start_s` to `end_s` (None: the end of the last stem) to its meters, as fast as they can."""
    listener = _Listener(mix)
    # Where the end lies within the song, what comes after it is none of its affair.
    tail_s = _LAST_TICKS_S if end_s is None else 0.0
    report = _render(mix, lambda _chunk: None, listener.look, start_s, end_s, tail_s, CHUNK_FRAMES, progress)
    length_s = (report.frames - report.tail_frames) / mix.sample_rate_hz
    return Survey(listener.last_frame(), report.problems, length_s)


class _Listener:
    """Reads the meters of a mix that is rendered, often enough for nothing to be lost."""

    def __init__(self, mix: Mix) -> None:
        from engine.mixer.controls import slots_of

        slots = slots_of(mix)
        self._slots = tuple(slots[strip.id] for strip in (*mix.strips, mix.master))
        self._settings = mix.meters
        self._reader: Any = None
        self._read_at = 0

    def look(self, engine: Any) -> None:
        from engine.meters.reader import MeterReader

        if self._reader is None:
            self._reader = MeterReader(engine)
            self._reader.set(self._settings)
        ticks = int(engine.meters.ticks[0])
        if ticks - self._read_at >= _LOOK_EVERY_TICKS:
            self._read_at = ticks
            self._reader.read(self._slots)

    def last_frame(self) -> MeterFrame:
        from engine.meters.silence import silent_frame

        if self._reader is None:
            return silent_frame(len(self._slots) - 1)
        frame: MeterFrame = self._reader.read(self._slots, at_end=True)
        return frame


def _until_quiet(chunks: Iterable[FloatArray], sample_rate_hz: int) -> Iterator[FloatArray]:
    """Of what rings, all that comes before it has died down. It has when it is quiet for longer than any echo waits."""
    from engine.returns.delay import LONGEST_S

    floor = gain_from_db(TAIL_FLOOR_DBFS)
    longest = frames_from_seconds(LONGEST_S + _AFTER_ECHO_S, sample_rate_hz)
    quiet: list[FloatArray] = []
    quiet_frames = 0
    for chunk in chunks:
        loud = np.flatnonzero(np.abs(chunk).max(axis=1) > floor)
        if quiet_frames + (int(loud[0]) if len(loud) else len(chunk)) >= longest:
            return
        rest = chunk
        if len(loud):
            yield from quiet
            after = int(loud[-1]) + 1
            yield chunk[:after]
            quiet, quiet_frames, rest = [], 0, chunk[after:]
        if len(rest):
            quiet.append(rest.copy())
            quiet_frames += len(rest)


def bounce(
    mix: Mix,
    out: Path,
    *,
    bits: Bits = "24",
    start_s: float = 0.0,
    end_s: float | None = None,
    tail: Tail = 0.0,
    progress: Callable[[float], None] | None = None,
) -> RenderReport:
    """Renders a mix to a WAV file; the file appears when it is whole. Raises WavError when it cannot be written."""
    with WavWriter(out, mix.sample_rate_hz, 2, SUBTYPES[bits]) as writer:
        report = render(mix, writer.write, start_s=start_s, end_s=end_s, tail=tail, progress=progress)
    return replace(report, clipped=writer.clipped_samples)
