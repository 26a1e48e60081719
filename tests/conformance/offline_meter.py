"""The meter of files, given signals instead of files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from engine.meters.channel_weights import channel_weights
from engine.meters.energy_ranks import Energies
from engine.meters.loudness import Loudness
from engine.meters.programme import Levels, ProgrammeMeter
from tests.conformance.signals import Channel


class _KeepingLoudness(Loudness):
    """Keeps the energies too."""

    def __init__(self, sample_rate_hz: float) -> None:
        super().__init__(sample_rate_hz)
        self.kept: list[Energies] = []

    def take(self, energies: Energies) -> None:
        self.kept.append(energies.copy())
        super().take(energies)


class Reading:
    """What the meter reads of a signal: the values at its end, and momentary and short-term every 10 ms."""

    def __init__(self, rate_hz: int, *channels: Channel, weights: Sequence[float] | None = None) -> None:
        self.rate_hz = rate_hz
        meter = ProgrammeMeter(rate_hz, len(channels), weights or channel_weights(len(channels)))
        self.portion_s = meter.room_frames / rate_hz
        self.loudness = meter.loudness = _KeepingLoudness(rate_hz)
        for start in range(0, len(channels[0]), meter.room_frames):
            portions = [channel[start : start + meter.room_frames] for channel in channels]
            for room, portion in zip(meter.room, portions, strict=True):
                room[: len(portion)] = portion
            meter.take(len(portions[0]))
        meter.finish()
        self.levels: Levels = meter.levels

    def every_tick(self) -> Iterator[Loudness]:
        """The meter after each tick of 10 ms."""
        loudness = Loudness(self.rate_hz)
        for energy in np.concatenate(self.loudness.kept):
            loudness.take(np.array([energy]))
            yield loudness


def stereo(rate_hz: int, channel: Channel) -> Reading:
    """The reading of a signal in both channels, in phase."""
    return Reading(rate_hz, channel, channel)


def true_peaks(rate_hz: int, channels: Sequence[Channel]) -> list[float]:
    """True peaks of signals, one by one."""
    return [Reading(rate_hz, channel).levels.true_peak_dbtp for channel in channels]
