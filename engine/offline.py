"""The offline door: renders a mix through the same signal flow as the live one, as fast as the machine can.

What comes out equals the live master sample for sample, whatever the block size: the monitor section is not part of
it, nor is the loop, and a start within the song does not fade in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.core.units import OFF_DB, db_from_gain, frames_from_seconds
from engine.mix import Mix
from engine.sources.probe import StemError, StemInfo, probe
from engine.sources.wav import Subtype, WavError, WavWriter, write_wav

__all__ = ["Bits", "RenderReport", "StemError", "StemInfo", "WavError", "bounce", "probe", "render", "write_wav"]

Bits = Literal["16", "24", "32f"]
SUBTYPES: dict[Bits, Subtype] = {"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"}

CHUNK_FRAMES = 16384
"""Rendered between two looks at the disk."""
RING_FRAMES = 65536
READ_FRAMES = 32768


@dataclass(frozen=True, slots=True)
class RenderReport:
    """What was rendered.

    `problems` are clear lines about stems that are silent or damaged; `clipped` counts samples that a file of integers
    could not hold.
    """

    sample_rate_hz: int
    frames: int
    peak_dbfs: float
    problems: tuple[str, ...]
    clipped: int = 0


def render(
    mix: Mix,
    write: Callable[[npt.NDArray[np.float32]], object],
    *,
    start_s: float = 0.0,
    end_s: float | None = None,
    block_frames: int = CHUNK_FRAMES,
    progress: Callable[[float], None] | None = None,
) -> RenderReport:
    """Renders a mix from `start_s` to `end_s` (None: the end of the last stem).

    `write` is given float32 arrays (frames, 2) of at most `block_frames`, which it must copy or use up before it
    returns. `progress` is told the share done, 0 to 1.
    """
    # The compiled part of the engine is loaded only by who renders.
    from engine.deck import Deck
    from engine.io.warm_up import CORE, warm_up
    from engine.memory import new_engine
    from engine.mixer.controls import slots_of, write_mix
    from engine.mixer.planner import entries_of, nodes_of
    from engine.sources.butler import WAIT

    slots = slots_of(mix)
    nodes = nodes_of(mix, slots)
    warm_up(names=(*CORE, *entries_of(nodes)))
    engine = new_engine(mix.sample_rate_hz)
    engine.metered = 0  # Half of the work, and nobody reads it.
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
        # The processors' latency is left out: what is written begins where the stems do.
        done = -deck.latency_frames
        peak = 0.0
        while done < total:
            frames = min(block_frames, total - done if done >= 0 else -done)
            while not deck.holds(frames) and deck.butler.step() != WAIT:
                pass
            chunk = out[:frames]
            deck.render(chunk)
            turn()
            done += frames
            if done <= 0:
                continue
            peak = max(peak, float(chunk.max()), -float(chunk.min()))
            write(chunk)
            if progress is not None:
                progress(done / total)
    finally:
        deck.butler.close()
        deck.butler.step()
    return RenderReport(
        mix.sample_rate_hz, total, db_from_gain(peak) if peak else OFF_DB, tuple(dict.fromkeys(problems))
    )


def bounce(
    mix: Mix,
    out: Path,
    *,
    bits: Bits = "24",
    start_s: float = 0.0,
    end_s: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> RenderReport:
    """Renders a mix to a WAV file; the file appears when it is whole. Raises WavError when it cannot be written."""
    with WavWriter(out, mix.sample_rate_hz, 2, SUBTYPES[bits]) as writer:
        report = render(mix, writer.write, start_s=start_s, end_s=end_s, progress=progress)
    return RenderReport(report.sample_rate_hz, report.frames, report.peak_dbfs, report.problems, writer.clipped_samples)
