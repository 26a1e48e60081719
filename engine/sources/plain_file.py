"""Files of plain samples (16, 24, 32 bits and 32-bit float in WAV, RF64, BW64, W64): read by position, decoded here.

The bytes are read, not mapped: a mapped file that shrinks kills the process that looks at it.
"""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt

from engine.sources.decode import decode_floats, decode_integers
from engine.sources.probe import Identity
from engine.sources.regular_file import RegularFile, StemError, reason
from engine.sources.riff import FLOAT
from engine.sources.sample_file import FloatArray, Report, SampleFile, advise_sequential


class PlainFile(SampleFile):
    """Reads with `preadv` into shared scratch memory and decodes from there straight into the caller's arrays."""

    def __init__(
        self,
        file: RegularFile,
        identity: Identity,
        sides: tuple[int, ...],
        report: Report,
        scratch: npt.NDArray[np.uint8],
    ) -> None:
        super().__init__(file, identity, sides, report)
        header = identity.plain
        assert header is not None
        self._header = header
        self._scratch = scratch
        self._bytes = scratch.data
        self._chunk_frames = len(scratch) // header.frame_bytes
        advise_sequential(file.fd)

    def read_into(self, start_frame: int, outs: tuple[FloatArray, ...]) -> None:
        """Fills an array for each side; see `SampleFile`."""
        self.check_unchanged()
        frames = len(outs[0])
        for done in range(0, frames, self._chunk_frames):
            count = min(self._chunk_frames, frames - done)
            self._read_bytes(start_frame + done, count)
            self._decode(start_frame + done, count, tuple(out[done : done + count] for out in outs))

    def _read_bytes(self, start_frame: int, frames: int) -> None:
        offset = self._header.data_offset + start_frame * self._header.frame_bytes
        wanted = frames * self._header.frame_bytes
        held = 0
        while held < wanted:
            try:
                got = os.preadv(self._file.fd, [self._bytes[held:wanted]], offset + held)
            except OSError as error:
                at_s = start_frame / self.sample_rate_hz
                raise StemError(f"{self.name}: cannot be read at {at_s:.1f} s ({reason(error)})") from error
            if got == 0:
                at_s = start_frame / self.sample_rate_hz
                raise StemError(f"{self.name}: shrank on disk while open; silent from {at_s:.1f} s until relinked")
            held += got

    def _decode(self, start_frame: int, frames: int, outs: tuple[FloatArray, ...]) -> None:
        header = self._header
        raw = self._scratch[: frames * header.frame_bytes]
        if header.format_tag == FLOAT:
            bad = decode_floats(raw.view(np.int32), header.channels, self.sides, outs)
            if bad >= 0:
                self._report_not_finite(start_frame + bad)
        else:
            decode_integers(raw, header.bits, header.channels, self.sides, outs)
