"""The multitrack: which stems there are, in which files, and what is wrong with five of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from sessions.demo import drums, guitars, keyboards, voices
from sessions.demo.recording import at_average, at_peak, clipped, with_noise, with_offset
from sessions.demo.synthesis import Signal

VERSION = 1
"""Raised whenever any stem sounds different, so that songs written before are made anew."""

HOT_PEAK_DBFS = -1.0
QUIET_AVERAGE_DBFS = -45.0
CLIPPED_OVER_DB = 3.0
OFFSET = 0.05
HISS_DBFS = -54.0
HUM_DBFS = -48.0


@dataclass(frozen=True, slots=True)
class Stem:
    """One file. `frames` is float32, mono (frames,) or stereo (frames, 2)."""

    file_name: str
    sample_rate_hz: int
    subtype: Literal["PCM_16", "PCM_24"]
    frames: Signal


@dataclass(frozen=True, slots=True)
class _Take:
    """A file of the plan: what is played and how it was recorded, both of them at a sample rate."""

    file_name: str
    play: Callable[[int], Signal]
    record: Callable[[Signal, int], Signal]
    subtype: Literal["PCM_16", "PCM_24"] = "PCM_24"
    other_rate: bool = False


def _peak(level_dbfs: float) -> Callable[[Signal, int], Signal]:
    return lambda signal, rate: at_peak(signal, level_dbfs)


def _average(level_dbfs: float) -> Callable[[Signal, int], Signal]:
    return lambda signal, rate: at_average(signal, rate, level_dbfs)


def _offset_pad(signal: Signal, rate: int) -> Signal:
    return with_offset(at_average(signal, rate, -22.0), OFFSET)


def _noisy_backing(signal: Signal, rate: int) -> Signal:
    clean = at_average(signal, rate, -20.0)
    return with_noise(clean, rate, hiss_dbfs=HISS_DBFS, hum_dbfs=HUM_DBFS, name="backing")


_CLOSE = {
    "kick": _Take("01 Kick.wav", drums.kick, _peak(-8.0), "PCM_16"),
    "snare": _Take("02 Snare.wav", drums.snare, _peak(HOT_PEAK_DBFS)),
    "hats": _Take("03 Hats.wav", drums.hats, _peak(-12.0)),
    "toms": _Take("04 Toms.wav", drums.toms, _peak(-9.0)),
}
_OTHERS = (
    _Take("06 Bass.wav", keyboards.bass, _average(-18.0)),
    _Take("07 Keys.wav", keyboards.keys, _average(QUIET_AVERAGE_DBFS)),
    _Take("08 Pad.wav", keyboards.pad, _offset_pad),
    _Take("09 Guitar.L.wav", lambda rate: guitars.electric(rate, "guitar left", False), _average(-21.0)),
    _Take("09 Guitar.R.wav", lambda rate: guitars.electric(rate, "guitar right", True), _average(-21.0)),
    _Take("10 Acoustic.wav", guitars.acoustic, _average(-20.0), other_rate=True),
    _Take("11 Lead Vox.wav", voices.lead, lambda signal, rate: clipped(signal, CLIPPED_OVER_DB)),
    _Take("12 Backing Vox.wav", voices.backing, _noisy_backing),
)
_OVERHEADS = "05 Overheads.wav"

FILE_NAMES = (*(take.file_name for take in _CLOSE.values()), _OVERHEADS, *(take.file_name for take in _OTHERS))


def other_rate_hz(sample_rate_hz: int) -> int:
    """The rate of the one stem that comes from elsewhere."""
    return 48_000 if sample_rate_hz == 44_100 else 44_100


def stems(sample_rate_hz: int, wanted: frozenset[str]) -> Iterator[Stem]:
    """The stems with the wanted file names, in the order of `FILE_NAMES`, each made when it is asked for."""
    close = {}
    for drum, take in _CLOSE.items():
        if wanted & {take.file_name, _OVERHEADS}:
            close[drum] = take.play(sample_rate_hz)
            if take.file_name in wanted:
                yield Stem(take.file_name, sample_rate_hz, take.subtype, take.record(close[drum], sample_rate_hz))
    if _OVERHEADS in wanted:
        yield Stem(_OVERHEADS, sample_rate_hz, "PCM_24", at_peak(drums.overheads(sample_rate_hz, close), -10.0))
    for take in _OTHERS:
        if take.file_name in wanted:
            rate = other_rate_hz(sample_rate_hz) if take.other_rate else sample_rate_hz
            yield Stem(take.file_name, rate, take.subtype, take.record(take.play(rate), rate))
