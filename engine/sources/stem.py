"""A stem in the song: where it begins, how it sounds at the engine's rate, and silence around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.sources.codec_file import CodecFile
from engine.sources.plain_file import PlainFile
from engine.sources.probe import StemInfo, identify
from engine.sources.regular_file import RegularFile, StemError
from engine.sources.resample import DirectStream, ResampledStream
from engine.sources.sample_file import FloatArray, SampleFile, new_scratch


class StemReader:
    """Reads a stem as two planar sides of float32 at the engine's rate, from any frame of the song.

    `channel` (0-based) picks one channel of a file as a mono stem; `right_path` joins a second mono file as the right
    side. Mono stems fill both sides. `start_frame` is where the stem's first frame lies in the song. Raises StemError
    when it cannot be opened. Later faults are told by `take_problems`, the stem is silent from then on.

    For one thread. `scratch` may be shared by all readers of that thread.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        rate_out_hz: int,
        channel: int | None = None,
        right_path: str | Path | None = None,
        start_frame: int = 0,
        scratch: npt.NDArray[np.uint8] | None = None,
    ) -> None:
        self._problems: list[str] = []
        self._scratch = new_scratch() if scratch is None else scratch
        self._streams: list[DirectStream | ResampledStream] = []
        self.start_frame = start_frame
        self.position = 0
        """The next frame of the song that `read_into` gives."""
        self.has_failed = False
        try:
            self._open(path, channel, right_path, rate_out_hz)
        except BaseException:
            self.close()
            raise

    @property
    def info(self) -> StemInfo:
        """The (left) file."""
        return self._streams[0].file.info

    @property
    def is_mono(self) -> bool:
        """Whether both sides are one channel."""
        return len(self._streams) == 1 and len(self._streams[0].file.sides) == 1

    @property
    def full_scales(self) -> tuple[float, float]:
        """The highest sample that each side's file holds, 0 where there is none: it holds no integers, or another rate.

        What was resampled may be higher than any sample of the file.
        """
        each = [stream.file.info.full_scale if isinstance(stream, DirectStream) else 0.0 for stream in self._streams]
        return each[0], each[-1]

    @property
    def end_frame(self) -> int:
        """The frame of the song after the stem's last."""
        return self.start_frame + max(stream.frames for stream in self._streams)

    def seek(self, frame: int) -> None:
        """Makes a frame of the song the next; free of cost until something is read."""
        self.position = frame

    def read_into(self, left: FloatArray, right: FloatArray) -> None:
        """Fills both sides with the next frames of the song (contiguous arrays of one length)."""
        frames = len(left)
        first = self.position - self.start_frame
        self.position += frames
        if not self.has_failed:
            try:
                self._read_sides(first, left, right)
                return
            except StemError as error:
                self._fail(str(error))
            except (OSError, RuntimeError, ValueError, MemoryError) as error:
                self._fail(f"{self.info.path}: cannot be read any more ({error})")
        left.fill(0.0)
        right.fill(0.0)

    def take_problems(self) -> list[str]:
        """The faults found since the last call, one clear line each."""
        problems = self._problems.copy()
        self._problems.clear()  # The files keep the list: it must stay the same one.
        return problems

    def check_path(self) -> None:
        """Looks whether the files are still where and what they were (about once a second)."""
        if self.has_failed:
            return
        try:
            for stream in self._streams:
                stream.file.check_path()
        except StemError as error:
            self._fail(str(error))
        except OSError:
            return

    def close(self) -> None:
        """Closes the files."""
        for stream in self._streams:
            stream.file.close()

    def _fail(self, problem: str) -> None:
        self.has_failed = True
        self._problems.append(problem)

    def _open(self, path: str | Path, channel: int | None, right_path: str | Path | None, rate_out_hz: int) -> None:
        if right_path is None:
            self._streams.append(_stream(self._open_file(path, channel, allow_stereo=True), rate_out_hz))
            return
        for side in (path, right_path):
            self._streams.append(_stream(self._open_file(side, channel, allow_stereo=False), rate_out_hz))

    def _open_file(self, path: str | Path, channel: int | None, *, allow_stereo: bool) -> SampleFile:
        file = RegularFile(path)
        try:
            identity = identify(file)
            channels = identity.info.channels
            if channel is not None:
                if not 0 <= channel < channels:
                    raise StemError(f"{file.name}: has no channel {channel + 1}, only {channels}")
                sides: tuple[int, ...] = (channel,)
            elif channels == 1:
                sides = (0,)
            elif not allow_stereo:
                raise StemError(f"{file.name}: has {channels} channels; one side of a stereo pair must be mono")
            elif channels == 2:
                sides = (0, 1)
            else:
                advice = "a stem is mono or stereo (import it with --split)"
                raise StemError(f"{file.name}: has {channels} channels; {advice}")
            self._problems += identity.info.warnings
            opener = CodecFile if identity.plain is None else PlainFile
            return opener(file, identity, sides, self._problems.append, self._scratch)
        except BaseException:
            file.close()
            raise

    def _read_sides(self, first: int, left: FloatArray, right: FloatArray) -> None:
        if len(self._streams) == 2:
            _read_stream(self._streams[0], first, (left,))
            _read_stream(self._streams[1], first, (right,))
        elif self.is_mono:
            _read_stream(self._streams[0], first, (left,))
            right[:] = left
        else:
            _read_stream(self._streams[0], first, (left, right))


def _stream(file: SampleFile, rate_out_hz: int) -> DirectStream | ResampledStream:
    return DirectStream(file) if file.sample_rate_hz == rate_out_hz else ResampledStream(file, rate_out_hz)


def _read_stream(stream: DirectStream | ResampledStream, first: int, outs: tuple[FloatArray, ...]) -> None:
    """Reads frames from `first` (which may be negative) on, with silence outside the stream."""
    frames = len(outs[0])
    before = min(max(-first, 0), frames)
    inside = min(max(stream.frames - (first + before), 0), frames - before)
    for out in outs:
        out[:before] = 0.0
        out[before + inside :] = 0.0
    if inside:
        stream.read_into(first + before, tuple(out[before : before + inside] for out in outs))
