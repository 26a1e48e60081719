"""Every other format, through libsndfile."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.sources.decode import decode_floats
from engine.sources.probe import Identity, open_codec, read_codec
from engine.sources.regular_file import RegularFile, StemError
from engine.sources.sample_file import FloatArray, Report, SampleFile, advise_sequential

BLOCK_FRAMES = 8192
"""Shorter reads cost twice as much per sample."""

_PREROLL_FRAMES = 8192
"""Lossy codecs overlap their blocks (Vorbis: 8192 frames at most) and MP3 borrows bits from earlier ones: after a
seek so much is decoded and thrown away, and the samples are those of a reading from the beginning."""

_LOSSY_CONTAINERS = ("Ogg", "Opus", "MP")

_MAX_FAILURES = 3
"""A corrupt place is left out; a decoder that fails this often in a row has lost the file."""


class CodecFile(SampleFile):
    """Reads interleaved blocks through soundfile and splits them."""

    def __init__(
        self,
        file: RegularFile,
        identity: Identity,
        sides: tuple[int, ...],
        report: Report,
        scratch: npt.NDArray[np.uint8],
    ) -> None:
        super().__init__(file, identity, sides, report)
        channels = self.info.channels
        samples = scratch.view(np.float32)
        if len(samples) < BLOCK_FRAMES * channels:
            samples = np.empty(BLOCK_FRAMES * channels, np.float32)
        self._block = samples[: len(samples) // channels * channels].reshape(-1, channels)
        self._sound: Any = open_codec(file, identity.mpeg)
        self._is_lossy = self.info.format.startswith(_LOSSY_CONTAINERS)
        self._at = 0
        self._failures = 0
        self._has_reported_corruption = False
        advise_sequential(file.fd)

    def close(self) -> None:
        """Closes decoder and file."""
        self._sound.close()
        super().close()

    def read_into(self, start_frame: int, outs: tuple[FloatArray, ...]) -> None:
        """Fills an array for each side; see `SampleFile`. Corrupt places are silence and reported once."""
        self.check_unchanged()
        if start_frame != self._at:
            self._seek(start_frame)
        frames = len(outs[0])
        for done in range(0, frames, len(self._block)):
            count = min(len(self._block), frames - done)
            block = self._block[:count]
            held = self._read_block(start_frame + done, block)
            block[held:] = 0.0
            bad = decode_floats(
                block.reshape(-1).view(np.int32),
                self.info.channels,
                self.sides,
                tuple(out[done : done + count] for out in outs),
            )
            if bad >= 0:
                self._report_not_finite(start_frame + done + bad)

    def _seek(self, frame: int) -> None:
        preroll = min(frame, _PREROLL_FRAMES) if self._is_lossy else 0
        self._at = -1
        try:
            self._sound.seek(frame - preroll)
        except (OSError, RuntimeError, ValueError):
            self._reopen()
            return
        self._at = frame - preroll
        while self._at < frame and self._at >= 0:
            count = min(len(self._block), frame - self._at)
            self._read_block(self._at, self._block[:count])

    def _read_block(self, frame: int, block: FloatArray) -> int:
        """Reads one block and returns how many frames are sound; a fault leaves a hole, not an end."""
        try:
            held = read_codec(self._sound, None if frame == self._at else frame, block)
        except StemError as error:
            self._failures += 1
            if self._failures >= _MAX_FAILURES:
                at_s = frame / self.sample_rate_hz
                raise StemError(f"{self.name}: cannot be decoded from {at_s:.1f} s on") from error
            self._report_hole(frame)
            self._reopen()
            return 0
        self._at = frame + held
        if held == len(block):
            self._failures = 0
        else:
            self._report_hole(frame + held)
            self._reopen()
        return held

    def _reopen(self) -> None:
        """A decoder that has failed once goes on failing."""
        self._sound.close()
        self._at = -1
        self._sound = open_codec(self._file, self._identity.mpeg)

    def _report_hole(self, frame: int) -> None:
        if not self._has_reported_corruption:
            self._has_reported_corruption = True
            at_s = frame / self.sample_rate_hz
            self._report(f"{self.name}: is corrupt or ends early at {at_s:.1f} s; that place is silent")
