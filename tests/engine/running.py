"""An engine that is run by hand: what the audio process's threads do, step by step in one thread."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from engine.deck import Deck
from engine.drive import render_blocks
from engine.memory import new_engine
from engine.meters.frame import MeterFrame
from engine.meters.reader import MeterReader
from engine.mix import Mix, Stem, Strip, StripControls
from engine.mixer.controls import MASTER_SLOT
from engine.mixer.live_mix import LiveMix
from engine.sources.butler import WAIT
from tests.engine.songs import RATE

_SERVED_FRAMES = 8192
"""The rings are looked after so often, or after each block that is longer."""


class Running:
    """An engine with a deck, rendered by hand as the audio thread would; its files are closed after the test."""

    opened: ClassVar[list[Running]] = []

    def __init__(self, *stems: Stem, rate: int = RATE, mix: Mix | None = None) -> None:
        strips = (Strip(str(slot), f"Strip {slot}", stem) for slot, stem in enumerate(stems))
        self.mix = mix or Mix(rate, tuple(strips))
        self.engine = new_engine(self.mix.sample_rate_hz)
        self.deck = Deck(self.engine)
        self.live = LiveMix(self.engine.controls)
        self.notices: list[str] = []
        self.reader = MeterReader(self.engine)
        self.apply(self.mix)
        self.opened.append(self)

    def close(self) -> None:
        """Closes its files, of which a process may not have so many."""
        self.deck.butler.close()
        self.deck.butler.step()

    @property
    def slots(self) -> tuple[int, ...]:
        """Of the strips in their order, and the master."""
        return (*(self.live.slots[strip.id] for strip in self.mix.strips), MASTER_SLOT)

    def apply(self, mix: Mix) -> None:
        """Goes over to a mix, as the player and the audio process do together."""
        self.mix = mix
        changes = self.live.write(mix)
        if changes.stems:
            self.reader.expect_stems()
        for slot in changes.new:
            self.reader.forget(slot)
        for slot, strip in changes.stems:
            self.deck.set_stem(slot, strip.stem if strip else None, strip.name if strip else "")
        if changes.nodes is not None:
            self.deck.connect(changes.nodes)

    def set(self, slot: int, controls: StripControls) -> None:
        strips = list(self.mix.strips)
        strips[slot] = replace(strips[slot], controls=controls)
        self.apply(replace(self.mix, strips=tuple(strips)))

    def serve(self) -> None:
        self.deck.service(lambda _slot, _severity, text: self.notices.append(text))
        while self.deck.butler.step() != WAIT:
            pass
        self.deck.service(lambda _slot, _severity, text: self.notices.append(text))

    def play(self, frames: int, block: int = 256, *, live: bool = True) -> npt.NDArray[np.float32]:
        out = np.zeros((frames, 2), np.float32)
        for start in range(0, frames, block):
            self.serve()
            self.deck.render(out[start : start + block], live=live)
        return out

    def advance(self, frames: int, *blocks_frames: int) -> None:
        """Plays what nobody listens to, in blocks of one size, many at a time, or of several sizes in turn."""
        out = np.zeros((max(blocks_frames), 2), np.float32)
        most = _SERVED_FRAMES if len(blocks_frames) == 1 else 0
        done = served = 0
        for size in cycle(blocks_frames):
            length = min(size, frames - done)
            if not length:
                return
            if done >= served:
                self.serve()
                served = done + _SERVED_FRAMES
            blocks = max(min(most, frames - done) // length, 1)
            render_blocks(self.engine.base.ctypes.data, out.ctypes.data, length, 1, blocks)
            done += blocks * length

    def locate(self, position: int) -> None:
        self.deck.locate(position)
        while self.deck.is_jumping:
            self.play(64)

    def frame(self) -> MeterFrame:
        return self.reader.read(self.slots)
