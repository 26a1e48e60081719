"""64 stereo 24-bit stems from disk: what both processes hold in memory, and whether a ring ever ran dry.

    python -m benchmarks.disk_and_memory [--seconds 20] [--stems 64]

The program plays them to the silent clock in a real pseudo-terminal. Memory is read at the end from
/proc/PID/smaps_rollup: resident (shared pages counted in each process) and proportional (shared pages divided); CPU
time is that of the seconds played. Underruns are counted by the engine itself.
"""

from __future__ import annotations

import argparse

from benchmarks.machine import machine_line
from benchmarks.playing import first_callback, is_complete, opened
from benchmarks.stems import MOST_STEMS, stems
from benchmarks.watching import audio_process, cpu_s, memory, shared_engine

_START_S = 60.0
_BEFORE_S = 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--stems", type=int, default=MOST_STEMS)
    chosen = parser.parse_args()
    print(machine_line(), end="\n\n")
    with opened(stems("noise", chosen.stems)) as terminal:
        first_callback(terminal)
        terminal.when(is_complete, _START_S)
        terminal.pause(_BEFORE_S)
        pids = {"interface": terminal.pid, "audio": audio_process(terminal.pid, _START_S)}
        transport = shared_engine(terminal.pid).transport
        before_s = {name: cpu_s(pid) for name, pid in pids.items()}
        begun_frames, begun_s = int(transport.position_frames), terminal.now_s
        terminal.write(" ")
        terminal.pause(chosen.seconds)
        elapsed_s = terminal.now_s - begun_s
        frames = int(transport.position_frames) - begun_frames
        held = {name: memory(pid) for name, pid in pids.items()}
        print("| process | resident MB | proportional MB | % of a core |\n|---|---|---|---|")
        for name, pid in pids.items():
            used = 100.0 * (cpu_s(pid) - before_s[name]) / elapsed_s
            print(f"| {name} | {held[name].resident_mb:.0f} | {held[name].proportional_mb:.0f} | {used:.1f} |")
        both = [sum(getattr(part, kind) for part in held.values()) for kind in ("resident_mb", "proportional_mb")]
        print(f"| both | {both[0]:.0f} | {both[1]:.0f} | |")
        print(f"\n{chosen.stems} stems, {frames} frames in {elapsed_s:.1f} s: {int(transport.underruns)} underruns")


if __name__ == "__main__":
    main()
