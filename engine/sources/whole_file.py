"""A file with all its channels, as they are: for what looks at a recording rather than playing it."""

from __future__ import annotations

from pathlib import Path

from engine.sources.codec_file import CodecFile
from engine.sources.plain_file import PlainFile
from engine.sources.probe import identify
from engine.sources.regular_file import RegularFile
from engine.sources.sample_file import Report, SampleFile, new_scratch


def open_whole(path: str | Path, report: Report) -> SampleFile:
    """Opens a file of any format with a side for each channel. Raises StemError; `report` is told of faults."""
    file = RegularFile(path)
    try:
        identity = identify(file)
        for warning in identity.info.warnings:
            report(warning)
        sides = tuple(range(identity.info.channels))
        opener = CodecFile if identity.plain is None else PlainFile
        return opener(file, identity, sides, report, new_scratch())
    except BaseException:
        file.close()
        raise
