"""The command line's arguments: what may be written, and what it means."""

from __future__ import annotations

import argparse
import math
import re
import sys
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

from sessions.profiles import PROFILES
from tui.printing import complain, put

BITS: Final = ("16", "24", "32f")
COLOURS: Final = ("classic", "cvd", "contrast", "mono")
FPS_RANGE: Final = (1.0, 60.0)
_BUFFER_RANGE: Final = (16, 8192)
_MOST_CHANNELS: Final = 256
_USAGE_EXIT: Final = 2
_LONGEST_S: Final = 24 * 3600.0
"""No song is longer; a slip of the keys would fill the disk."""
_SHOWN_CHARACTERS: Final = 40
_TIME: Final = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?)")
_OUTPUTS: Final = re.compile(r"(\d+)-(\d+)")


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """End with the exit code of wrong use."""
        complain(f"{message} (gainstage --help tells more)")
        sys.exit(_USAGE_EXIT)

    def print_help(self, file: Any = None) -> None:
        """Print it as all else is printed: argparse itself passes over an output that cannot be written."""
        if file is None:
            put(self.format_help(), end="")
        else:
            super().print_help(file)


def seconds(text: str) -> float:
    """A time: `90`, `1:30`, `1:02:03.5`."""
    match = _TIME.fullmatch(text.strip())
    shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
    if match is None:
        raise argparse.ArgumentTypeError(f'"{shown}" is no time: write seconds (90.5) or minutes and seconds (1:30)')
    hours, minutes, rest = (float(part or 0.0) for part in match.groups())
    value = hours * 3600.0 + minutes * 60.0 + rest
    if not value <= _LONGEST_S:
        raise argparse.ArgumentTypeError(f'"{shown}" is longer than a day')
    return value


def tail(text: str) -> float | Literal["auto"]:
    """How long a bounce goes on after its end: a time, or `auto`."""
    return "auto" if text.strip() == "auto" else seconds(text)


def frames_per_second(text: str) -> float:
    """A frame rate of the meters."""
    lowest, highest = FPS_RANGE
    value = _number(text)
    if not lowest <= value <= highest:
        raise argparse.ArgumentTypeError(f"{text} is not within {lowest:g} to {highest:g} frames per second")
    return value


def buffer_frames(text: str) -> int:
    """A block size of the device."""
    lowest, highest = _BUFFER_RANGE
    value = _number(text)
    if value != int(value) or not lowest <= value <= highest:
        raise argparse.ArgumentTypeError(f"{text} is not a number of frames within {lowest} to {highest}")
    return int(value)


def output_pair(text: str) -> tuple[int, int]:
    """Two output channels, counted from 1: `1-2`, `3-4`."""
    match = _OUTPUTS.fullmatch(text.strip())
    pair = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(1 <= channel <= _MOST_CHANNELS for channel in pair) or pair[0] == pair[1]:
        raise argparse.ArgumentTypeError(f'"{text}" is no pair of output channels: write left-right, as in 1-2 or 3-4')
    return pair


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f'"{text}" is not a number')
    return value


def make_parser() -> Parser:
    """The whole command line."""
    parser = Parser(
        prog="gainstage",
        description="A gain-staging mixer for the terminal: stems on faders, with a meter at every stage.",
        epilog="gainstage COMMAND --help tells more of a command."
        " Exit codes: 0 fine, 1 findings (check), 2 wrong use or unreadable input.",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)

    opened = commands.add_parser("open", help="open a folder of stems or a session in the mixer")
    opened.add_argument("path", type=Path, metavar="PATH", help="a folder of stems, or a session file")
    _add_mixer_options(opened)
    _add_split(opened)

    demo = commands.add_parser("demo", help="write the demo song where it is not there yet, and open it")
    demo.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help="where to (default: your data folder)")
    _add_mixer_options(demo)

    bounce = commands.add_parser("bounce", help="render a session or a folder of stems to a WAV file")
    bounce.add_argument("path", type=Path, metavar="PATH", help="a folder of stems, or a session file")
    bounce.add_argument("out", type=Path, metavar="OUT", help="the WAV file to write")
    bounce.add_argument("--bits", choices=BITS, default="24", help="16, 24, or 32f for 32-bit float (default: 24)")
    bounce.add_argument("--from", dest="start_s", type=seconds, default=0.0, metavar="TIME", help="start (90, 1:30)")
    bounce.add_argument("--to", dest="end_s", type=seconds, metavar="TIME", help="end (default: the end of the song)")
    bounce.add_argument(
        "--tail",
        type=tail,
        default=0.0,
        metavar="TIME",
        help="go on after the end, for what rings then: seconds, or auto for all until it has died down (default: 0)",
    )
    _add_split(bounce)
    _add_json(bounce)

    check = commands.add_parser("check", help="judge the gain staging of a session or a folder of stems")
    check.add_argument("path", type=Path, metavar="PATH", help="a folder of stems, or a session file")
    check.add_argument(
        "--profile",
        choices=PROFILES,
        default="premaster",
        metavar="NAME",
        help=f"where it goes: {', '.join(PROFILES)} (default: premaster)",
    )
    _add_split(check)
    _add_json(check)

    measure = commands.add_parser("measure", help="loudness and levels of sound files")
    measure.add_argument("files", type=Path, nargs="+", metavar="FILE", help="sound files, and folders of them")
    measure.add_argument("--aes17", action="store_true", help="RMS as AES-17 has it: a sine at full scale reads 0")
    _add_json(measure)

    _add_json(commands.add_parser("devices", help="list the audio interfaces that can play"))
    _add_json(commands.add_parser("bench", help="measure how many strips this machine can play"))
    return parser


def _add_mixer_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", metavar="NAME", help="part of a device's name, its number, or none: silent clock")
    parser.add_argument("--buffer", type=buffer_frames, metavar="FRAMES", help="the device's block size, 16 to 8192")
    parser.add_argument(
        "--outputs", type=output_pair, default=(1, 2), metavar="L-R", help="output channels, from 1 (default: 1-2)"
    )
    parser.add_argument(
        "--fps", type=frames_per_second, default=20.0, metavar="N", help="meter frames per second (default: 20)"
    )
    parser.add_argument(
        "--colours",
        choices=COLOURS,
        help="palette; cvd is for colour-blind eyes (default: the one chosen last)",
    )
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")


def _add_split(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--split", action="store_true", help="files of more than two channels: one mono strip for each")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
