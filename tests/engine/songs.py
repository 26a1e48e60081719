"""Stems for tests of the whole engine, and the same mix worked out in double precision."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from engine.catalog import PROCESSORS
from engine.mix import Insert, Mix, Stem, Strip, StripControls
from engine.offline import render

RATE = 48000


def write_stem(path: Path, sound: npt.NDArray[np.floating], rate: int = RATE, subtype: str = "PCM_24") -> Stem:
    """Writes a file and names it as a stem."""
    soundfile.write(path, sound, rate, subtype=subtype)
    return Stem(str(path))


def noise(
    seconds: float, seed: int, channels: int = 2, level: float = 0.2, rate: int = RATE
) -> npt.NDArray[np.float64]:
    """Uniform noise (frames, channels)."""
    return np.random.default_rng(seed).uniform(-level, level, (round(seconds * rate), channels))


def strip(number: int, stem: Stem, controls: StripControls | None = None) -> Strip:
    """A strip with a name made from its number."""
    return Strip(f"id{number}", f"Strip {number}", stem, controls or StripControls())


def insert(kind: str, *, bypass: bool = False, mix: float = 100.0, output_db: float = 0.0, **changed: float) -> Insert:
    """A processor with some parameters changed."""
    specs = PROCESSORS[kind].params
    assert changed.keys() <= {spec.id for spec in specs}
    values = tuple(changed.get(spec.id, spec.default) for spec in specs)
    return Insert(kind, values, bypass, mix, output_db)


def rendered(mix: Mix, **wanted: object) -> npt.NDArray[np.float32]:
    """The whole of a bounce, (frames, 2)."""
    chunks: list[npt.NDArray[np.float32]] = []
    render(mix, lambda chunk: chunks.append(chunk.copy()), **wanted)  # type: ignore[arg-type]
    return np.concatenate(chunks) if chunks else np.zeros((0, 2), np.float32)


def gain(level_db: float) -> float:
    """Linear."""
    return 0.0 if level_db == -math.inf else 10 ** (level_db / 20)


def reference(mix: Mix, frames: int) -> npt.NDArray[np.float64]:
    """The mix in double precision by the book: stems at the mix's rate, sine/cosine pan, balance, plain sums."""
    total = np.zeros((frames, 2))
    any_solo = any(strip.controls.solo for strip in mix.strips)
    for one in mix.strips:
        if one.stem.path is None or one.controls.mute or (any_solo and not one.controls.solo):
            continue
        sound, rate = soundfile.read(one.stem.path, dtype="float64", always_2d=True)
        assert rate == mix.sample_rate_hz
        pan = one.controls.pan_percent / 100
        if sound.shape[1] == 1:
            place = (pan + 1) * math.pi / 4
            sides = np.array([math.cos(place), math.sin(place)])
        else:
            sides = np.array([min(1, 1 - pan), min(1, 1 + pan)])
        polarity = np.array([-1 if one.controls.invert_left else 1, -1 if one.controls.invert_right else 1])
        level = gain(one.controls.trim_db) * gain(one.controls.fader_db)
        start = round(one.stem.start_s * mix.sample_rate_hz)
        length = min(len(sound), frames - start)
        total[start : start + length] += (sound * sides * polarity * level)[:length]
    return total * gain(mix.master.controls.trim_db) * gain(mix.master.controls.fader_db)
