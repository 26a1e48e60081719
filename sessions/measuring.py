"""Measuring many sound files at once: what could be measured, and a line for whatever is wrong with any of them.

Files are measured in threads, not in processes: the decoding and the measuring run outside of Python's lock, so two
threads keep two processors busy, and none has to start Python, numpy and the linker once more for each file.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sessions.file import is_folder
from sessions.stem_files import SOUND_KINDS, sound_files
from sessions.values import SessionError

if TYPE_CHECKING:
    from engine.measure import Measurement

__all__ = ["FileProblem", "Measured", "Measurement", "measure_files"]

Progress = Callable[[float, str], None]
"""Is told the share done, 0 to 1, and what is being done."""

_LOOK_EVERY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong with a file; `is_measured` tells whether it was measured all the same, as far as it goes."""

    path: Path
    message: str
    is_measured: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """Measurements and problems, both in the order in which the files were named."""

    measurements: tuple[Measurement, ...]
    problems: tuple[FileProblem, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every file was measured."""
        return all(problem.is_measured for problem in self.problems)


class _StoppedError(Exception):
    """Nobody waits for the measurement any more."""


def measure_files(paths: Sequence[Path], progress: Progress = lambda _share, _what: None) -> Measured:
    """Measure files, and the sound files that lie in folders (not in folders within these).

    Raises `SessionError` where nothing can be measured because the engine cannot be made ready.
    """
    from engine.measure import EngineError, prepare

    items = _expanded(paths)
    files = [item for item in items if isinstance(item, Path)]
    if files:
        try:
            prepare(lambda share, what: progress(share or 0.0, what))
        except EngineError as error:
            raise SessionError(str(error)) from None
    results = iter(_Batch(files).run(progress))
    measurements: list[Measurement] = []
    problems: list[FileProblem] = []
    for item in items:
        result = next(results) if isinstance(item, Path) else item
        if isinstance(result, FileProblem):
            problems.append(result)
        else:
            measurements.append(result)
            problems += [FileProblem(result.path, _without_name(result.path, text), True) for text in result.problems]
    return Measured(tuple(measurements), tuple(problems))


class _Batch:
    """Files that are measured side by side."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._sizes = [_size(path) for path in files]
        self._shares = [0.0] * len(files)
        self._stopping = threading.Event()

    def run(self, progress: Progress) -> list[Measurement | FileProblem]:
        """Measure all of them; what ends this ends them too."""
        if not self._files:
            return []
        processors = len(os.sched_getaffinity(0))
        workers = min(processors, len(self._files))
        with ThreadPoolExecutor(workers, "measuring") as pool:
            threads = processors // workers
            futures = [pool.submit(self._measure, place, threads) for place in range(len(self._files))]
            waiting: set[Future[Measurement | FileProblem]] = set(futures)
            try:
                while waiting:
                    ended = len(futures) - len(waiting)
                    progress(self._share(), f"{min(ended + 1, len(futures))}/{len(futures)}")
                    _, waiting = wait(waiting, _LOOK_EVERY_S, FIRST_COMPLETED)
            except BaseException:
                self._stopping.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            return [future.result() for future in futures]

    def _share(self) -> float:
        done = sum(share * size for share, size in zip(self._shares, self._sizes, strict=True))
        return done / sum(self._sizes)

    def _measure(self, place: int, threads: int) -> Measurement | FileProblem:
        """One of the threads."""
        from engine.measure import StemError, measure

        def progress(share: float) -> None:
            if self._stopping.is_set():
                raise _StoppedError
            self._shares[place] = share

        path = self._files[place]
        try:
            return measure(path, progress, threads)
        except StemError as error:
            return FileProblem(path, _without_name(path, str(error)))
        except (OSError, MemoryError) as error:
            return FileProblem(path, f"cannot be measured ({error or 'there is not enough memory'})")
        finally:
            self._shares[place] = 1.0


def _expanded(paths: Sequence[Path]) -> list[Path | FileProblem]:
    """The files that are meant, and what is wrong with folders, in their place."""
    items: list[Path | FileProblem] = []
    for path in paths:
        if not is_folder(path):
            items.append(path)
            continue
        try:
            found, notices = sound_files(path)
        except SessionError as error:
            items.append(FileProblem(path, str(error)))
            continue
        items += found
        items += [FileProblem(path, notice.text) for notice in notices if notice.severity != "info"]
        if not found:
            items.append(FileProblem(path, f"is a folder without sound files ({SOUND_KINDS})"))
    return items


def _size(path: Path) -> int:
    """Bytes of a file; at least one, so that shares can be told of empty and missing ones."""
    try:
        return max(path.stat().st_size, 1)
    except (OSError, ValueError):
        return 1


def _without_name(path: Path, text: str) -> str:
    """What is said of a file, without the name in front."""
    from engine.measure import printable

    for name in (path.name, str(path)):
        text = text.removeprefix(f"{printable(name)}: ")
    return text
