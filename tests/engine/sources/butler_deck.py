"""A butler with somebody who listens, and what is to be heard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engine.sources.butler import WAIT, Butler
from engine.sources.ring import new_ring_control, new_rings
from tests.engine.sources.sounds import Floats, decoded

RATE_HZ = 48000
CAPACITY = 8192
BLOCK = 64


class Deck:
    """A butler, its rings, and a listener that keeps to the rules of the audio thread."""

    def __init__(self, capacity: int = CAPACITY, **options: Any) -> None:
        self.rings = new_rings(capacity)
        self.control = new_ring_control()
        self.seconds = 0.0
        self.butler = Butler(self.rings, self.control, RATE_HZ, clock=lambda: self.seconds, **options)
        self.read_frames = 0

    def work(self) -> None:
        """Lets the butler do all there is to do."""
        for _ in range(100_000):
            if self.butler.step() == WAIT:
                return
        raise AssertionError("the butler is never done")

    def locate(self, frame: int, generation: int | None = None) -> None:
        """Jumps as the transport does: waits for the generation, then counts from 0."""
        wanted = self.butler.locate(frame, generation)
        self.work()
        assert self.control.generation[0] == wanted
        self.adopt()

    def adopt(self) -> None:
        self.read_frames = 0
        self.control.read_frames[0] = 0

    def ready(self, frames: int) -> bool:
        """Whether every active slot holds so many more frames."""
        active = self.control.active.astype(bool)
        return bool((self.control.written[active] - self.read_frames >= frames).all())

    def listen(self, frames: int, slots: int = 1) -> Floats:
        """Plays on in blocks while the butler works; returns (slots, 2, frames). Inactive slots are silent."""
        heard = np.zeros((slots, 2, frames), np.float32)
        for start in range(0, frames, BLOCK):
            count = min(BLOCK, frames - start)
            if not self.ready(count):
                self.work()
            assert self.ready(count), "an underrun"
            places = (self.read_frames + np.arange(count)) & (self.rings.shape[2] - 1)
            for slot in range(slots):
                if self.control.active[slot]:
                    heard[slot, :, start : start + count] = self.rings[slot][:, places]
            self.read_frames += count
            self.control.read_frames[0] = self.read_frames
            if self.read_frames % 1024 == 0:
                self.butler.step()
        return heard


def song(path: Path, frames: int) -> Floats:
    """A file from its beginning, as (2, frames), silent behind its end."""
    sound = decoded(path)[:frames]
    padded = np.pad(sound, ((0, frames - len(sound)), (0, 0)))
    return (np.repeat(padded, 2, axis=1) if padded.shape[1] == 1 else padded).T
