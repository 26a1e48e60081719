"""The command line.

Made with argparse: measured on the machine this was written on, importing it takes 6 ms, typer 30 to 50 ms, and a
bounce of a short song is over in a few hundred. For the same reason each command imports only what it needs, when it
runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tui.arguments import make_parser
from tui.printing import OutputError, complain, give_up, prepare_streams, put, put_json

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from tui.keymap import Keymap

_FINE: Final = 0
_FINDINGS: Final = 1
_WRONG_USE: Final = 2
_INTERRUPTED: Final = 130
_WITHOUT_TERMINAL: Final = "the mixer needs a terminal: its input or output is redirected"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    # numpy starts a thread on every processor for linear algebra, which nobody here does.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    prepare_streams()
    try:
        return _run(arguments)
    except OutputError as error:
        give_up(sys.stdout)
        return _fail(str(error))
    except BrokenPipeError:  # who read the output has gone
        give_up(sys.stdout)
        return _FINE


def _run(arguments: Sequence[str] | None) -> int:
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.version:
        put(f"gainstage {_version()}")
        return _FINE
    if options.command is None:
        parser.print_help()
        return _FINE
    commands = {
        "open": _open,
        "demo": _demo,
        "bounce": _bounce,
        "check": _check,
        "measure": _measure,
        "devices": _devices,
        "bench": _bench,
    }
    from sessions.model import SessionError

    try:
        return commands[options.command](options)
    except SessionError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        complain("interrupted")
        return _INTERRUPTED


def _fail(text: str) -> int:
    complain(text)
    return _WRONG_USE


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("gainstage")
    except PackageNotFoundError:
        return "(not installed)"


def _open(options: argparse.Namespace) -> int:
    if not _has_terminal():
        return _fail(_WITHOUT_TERMINAL)
    return _mix(options, options.path, split=options.split)


def _demo(options: argparse.Namespace) -> int:
    if not _has_terminal():
        return _fail(_WITHOUT_TERMINAL)
    from sessions import doors
    from tui.progress import ProgressLine

    with ProgressLine("writing the demo song") as progress:
        folder = doors.demo(options.folder or doors.demo_folder(), progress)
    return _mix(options, folder, split=False)


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _mix(options: argparse.Namespace, path: Path, *, split: bool) -> int:
    from dataclasses import replace

    from engine.notice import Notice
    from sessions import doors
    from sessions.controller import Controller
    from sessions.opening import open_path
    from tui.keymap import KeymapError

    try:
        keymap, keys_file = _keymap()
    except KeymapError as error:
        return _fail(str(error))
    opened = open_path(path, split=split)
    yielded = tuple(Notice("info", text) for text in keymap.notices)
    opened = replace(opened, notices=(*opened.notices, *yielded))
    player = doors.live_player(options.device, options.buffer, *options.outputs)
    try:
        controller = Controller.of(opened, player)
    except BaseException:
        player.close()
        raise
    # Loaded while the engine's process starts.
    from sessions.recovery import state_folder
    from tui.app import AppSettings
    from tui.drawing.palette import CLASSIC, PALETTES
    from tui.remembered import RememberedPalette
    from tui.run import run_mixer

    remembered = RememberedPalette(state_folder())
    settings = AppSettings(
        fps=options.fps,
        ascii_only=options.ascii,
        palette=PALETTES[options.colours] if options.colours else remembered.load() or CLASSIC,
        keymap=keymap,
        keys_file=str(keys_file),
        remembered=remembered,
    )
    return run_mixer(controller, settings, opened.recovery)


def _keymap() -> tuple[Keymap, Path]:
    import platformdirs

    from tui import keymap

    path = platformdirs.user_config_path("gainstage", appauthor=False) / keymap.FILE_NAME
    return keymap.load(path), path


def _bounce(options: argparse.Namespace) -> int:
    if options.end_s is not None and options.end_s <= options.start_s:
        return _fail(f"--to {options.end_s:g} s is not after --from {options.start_s:g} s")
    from sessions import doors
    from sessions.values import shown
    from tui.progress import ProgressLine
    from tui.signals import ended_by_signals

    with ended_by_signals(), ProgressLine(f"bouncing to {shown(options.out.name)}") as progress:
        done = doors.bounce(
            options.path,
            options.out,
            bits=options.bits,
            start_s=options.start_s,
            end_s=options.end_s,
            tail=options.tail,
            split=options.split,
            progress=progress,
        )
    for problem in done.problems:
        complain(problem)
    if options.json:
        put_json(
            {
                "path": str(done.path),
                "bits": options.bits,
                "sample_rate_hz": done.sample_rate_hz,
                "frames": done.frames,
                "duration_s": done.duration_s,
                "tail_s": done.tail_s,
                "peak_dbfs": doors.decibels_or_none(done.peak_dbfs),
                "clipped_samples": done.clipped_samples,
                "problems": list(done.problems),
            }
        )
        return _FINE
    if done.clipped_samples:
        complain(
            f"{done.clipped_samples} samples were above full scale and are cut off: lower the master by"
            f" {done.peak_dbfs:.1f} dB, or use --bits 32f"
        )
    peak = doors.decibels_or_none(done.peak_dbfs)
    level = "silence" if peak is None else f"peak {peak:+.1f} dBFS"
    length = f"{done.duration_s:.1f} s" + (f" ({done.tail_s:.1f} s of it tail)" if done.tail_frames else "")
    put(f"{shown(str(done.path))}: {length}, {done.sample_rate_hz} Hz, {options.bits} bit, {level}")
    return _FINE


def _measure(options: argparse.Namespace) -> int:
    from sessions.measuring import measure_files
    from sessions.values import shown
    from tui.progress import ProgressLine
    from tui.signals import ended_by_signals

    with ended_by_signals(), ProgressLine("measuring") as progress:
        measured = measure_files(options.files, progress)
    if options.json:
        from tui.measurements import document

        put_json(document(measured, aes17=options.aes17))
    else:
        from tui.measurements import print_table

        for problem in measured.problems:
            complain(shown(f"{problem.path}: {problem.message}"))
        if measured.measurements:
            print_table(measured.measurements, aes17=options.aes17)
    return _FINE if measured.is_complete else _WRONG_USE


def _check(options: argparse.Namespace) -> int:
    from sessions.checking import check
    from sessions.profiles import profile_of
    from sessions.values import shown
    from tui.progress import ProgressLine
    from tui.signals import ended_by_signals

    with ended_by_signals(), ProgressLine("checking") as progress:
        checked = check(options.path, profile_of(options.profile), split=options.split, progress=progress)
    if options.json:
        from tui.findings import document

        put_json(document(checked))
    else:
        from tui.findings import print_table

        for problem in checked.problems:
            complain(shown(problem))
        print_table(checked)
    return _FINE if checked.is_clean else _FINDINGS


def _devices(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from sessions import doors

    found = doors.devices()
    if options.json:
        put_json({"devices": [asdict(device) for device in found]})
        return _FINE
    if not found:
        put("no audio device: the mixer plays to a silent clock")
        return _FINE
    width = max(len(device.name) for device in found)
    put(f"{'':3} {'name':<{width}}  outputs  rate Hz  latency  system")
    for device in found:
        mark = "*" if device.default else " "
        put(
            f"{device.index:2}{mark} {device.name:<{width}}  {device.output_channels:7}  {device.sample_rate_hz:7}"
            f"  {device.latency_s * 1000:4.0f} ms  {device.host}"
        )
    put("* is used unless --device names another")
    return _FINE


def _bench(options: argparse.Namespace) -> int:
    from sessions import doors
    from tui.progress import ProgressLine

    runs = doors.bench_runs()
    loads = []
    with ProgressLine("measuring") as progress:
        progress(0.0, "(the first time the engine compiles itself)")
        for load in doors.bench():
            loads.append(load)
            progress(len(loads) / len(runs), f"{load.strips} strips, {load.block_frames} frames")
        progress(0.0, "a whole console")
        console = doors.bench_console()
    if options.json:
        from dataclasses import asdict

        processors = [dict(zip(("label", "strips", "core_percent"), part, strict=True)) for part in console.processors]
        document = {"loads": [asdict(load) for load in loads], "console": asdict(console) | {"processors": processors}}
        put_json(document)
        return _FINE
    sizes = sorted({load.block_frames for load in loads})
    put("percent of one core for stereo strips with all their meters, by the frames of a block")
    put("strips  " + "".join(f"{size:>8}" for size in sizes))
    for strips in sorted({load.strips for load in loads}):
        row = [next(load for load in loads if (load.strips, load.block_frames) == (strips, size)) for size in sizes]
        put(f"{strips:6}  " + "".join(f"{load.core_percent:7.1f}%" for load in row))
    put(
        f"\n{console.strips} strips with equaliser, compressor, saturator and two sends, four buses, two returns and a"
        f"\nmaster chain, at {console.block_frames} frames: {console.core_percent:.1f}% of one core,"
        f" {console.core_percent / console.strips:.2f}% a strip; {console.meters_percent:.1f}% of it are meters"
    )
    meters = console.meters
    put(
        f"\nall meters at {meters.stages} stages of {meters.strips} strips: {meters.core_percent:.1f}%"
        f" ({meters.true_peak_percent:.1f}% of it are true peaks), {meters.stage_percent:.2f}% for each stage more"
    )
    put("\nprocessor         percent of one core, for up to so many strips")
    for label, strips, core_percent in console.processors:
        put(f"{label:16}  {core_percent:6.2f}%  {strips:3}")
    return _FINE


if __name__ == "__main__":
    sys.exit(main())
