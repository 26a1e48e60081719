"""What the interface costs with 24 strips at 20 frames per second on a screen of 200 columns and 50 rows.

    python -m benchmarks.interface_cost [--seconds 20] [--keys 100]

The program runs in a real pseudo-terminal and plays to the silent clock; the stems are notes that keep every meter
moving (benchmarks/stems.py). Told are the bytes sent to the terminal, the CPU time of the interface process and of the
audio process, standing still and playing, and, while playing, the time from a key (fader down, fader up) to the arrival
of the bytes that change the fader's number. Keys come at uneven intervals, so they meet frames at any point.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics

from benchmarks.machine import machine_line
from benchmarks.playing import first_callback, is_complete, opened
from benchmarks.stems import stems
from benchmarks.terminal import Terminal
from benchmarks.watching import audio_process, cpu_s

_STRIPS = 24
_START_S = 60.0
_SETTLE_S = 2.0
_FADER = re.compile(r"FADER\s+(-?[\d.]+)")


def cost(terminal: Terminal, seconds: float) -> tuple[float, float, float]:
    """Kilobytes per second to the terminal, and percent of a core of the interface and of the audio process."""
    pids = (terminal.pid, audio_process(terminal.pid, _START_S))
    before_s, chunks = [cpu_s(pid) for pid in pids], len(terminal.chunks)
    begun_s = terminal.now_s
    terminal.pause(seconds)
    elapsed_s = terminal.now_s - begun_s
    sent = sum(len(chunk.content) for chunk in terminal.chunks[chunks:])
    used = [100.0 * (cpu_s(pid) - before) / elapsed_s for pid, before in zip(pids, before_s, strict=True)]
    return sent / elapsed_s / 1000.0, used[0], used[1]


def key_times_ms(terminal: Terminal, keys: int) -> list[float]:
    """From each key to its number on the screen."""
    intervals = random.Random(1)
    terminal.draw_all()
    typed_s = []
    for number in range(keys):
        typed_s.append(terminal.write("jk"[number % 2]))
        terminal.pause(intervals.uniform(0.1, 0.2))
    terminal.pause(1.0)
    shown_s = []
    value = _fader(terminal)
    while (chunk := terminal.draw()) is not None:
        if (now := _fader(terminal)) != value:
            shown_s.append(chunk.at_s)
            value = now
    if len(shown_s) != keys:
        raise RuntimeError(f"{keys} keys changed the fader {len(shown_s)} times")
    return [1000.0 * (shown - typed) for typed, shown in zip(typed_s, shown_s, strict=True)]


def _fader(terminal: Terminal) -> str:
    """The number of the first strip's fader, in the row that is called FADER."""
    for row in range(terminal.screen.lines):
        cells = terminal.screen.buffer[row]
        if found := _FADER.search("".join(cells[column].data for column in range(20))):
            return found[1]
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--keys", type=int, default=100)
    chosen = parser.parse_args()
    print(machine_line(), end="\n\n")
    print("| transport | kB/s to the terminal | interface process, % of a core | audio process, % of a core |")
    print("|---|---|---|---|")
    with opened(stems("lively", _STRIPS)) as terminal:
        first_callback(terminal)
        terminal.when(is_complete, _START_S)
        terminal.pause(_SETTLE_S)
        print("| stopped | {:.1f} | {:.1f} | {:.1f} |".format(*cost(terminal, chosen.seconds)), flush=True)
        terminal.write(" ")
        terminal.pause(_SETTLE_S)
        print("| playing | {:.1f} | {:.1f} | {:.1f} |".format(*cost(terminal, chosen.seconds)), flush=True)
        times_ms = sorted(key_times_ms(terminal, chosen.keys))
    ninety_five = times_ms[round(0.95 * (len(times_ms) - 1))]
    print(
        f"\nKey to output, {len(times_ms)} keys while playing: median {statistics.median(times_ms):.1f} ms, "
        f"95 % within {ninety_five:.1f} ms, slowest {times_ms[-1]:.1f} ms"
    )


if __name__ == "__main__":
    main()
