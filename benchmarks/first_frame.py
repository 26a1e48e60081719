"""How long it takes from the command to the mixer on the screen, and to a running engine.

    python -m benchmarks.first_frame [--rounds 7]

`gainstage open FOLDER` (12 stems) is started in a real pseudo-terminal of 200 columns and 50 rows that answers as
terminals do. Told are, in seconds after the command was executed: the arrival of the bytes that complete the first
mixer screen, and the first block rendered by the engine (the silent clock; a device adds its own time to open). Warm
means kernels compiled and files in the page cache. Cold means an empty folder for compiled kernels: the screen must be
there at once, must show how far the engine is, and then the engine must run.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile

from benchmarks.machine import machine_line
from benchmarks.playing import first_callback, is_complete, opened
from benchmarks.stems import stems

_STEMS = 12
_SCREEN_S = 60.0


def start(**settings: str) -> tuple[float, float, list[str]]:
    """When the screen was complete, when the engine ran, and the steps of compiling that the screen has shown."""
    with opened(stems("lively", _STEMS), **settings) as terminal:
        sounds_s = first_callback(terminal)
        shown_s: float | None = None
        steps: list[str] = []
        while shown_s is None or terminal.now_s < max(shown_s, sounds_s) + 0.5:
            if terminal.draw() is None:
                terminal.pause()
                if terminal.now_s > _SCREEN_S:
                    raise TimeoutError(f"no mixer on the screen within {_SCREEN_S:.0f} s")
                continue
            screen = "\n".join(terminal.screen.display)
            if shown_s is None and is_complete(screen):
                shown_s = terminal.last_drawn_s
            if "preparing" in screen.partition("\n")[0]:
                steps.append(screen.partition("preparing")[2].partition("\n")[0].strip())
        return shown_s, sounds_s, list(dict.fromkeys(steps))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args()
    print(machine_line(), end="\n\n")
    start()
    warm = [start() for _ in range(chosen.rounds)]
    with tempfile.TemporaryDirectory(prefix="gainstage-kernels-") as empty:
        cold_shown_s, cold_sounds_s, steps = start(GAINSTAGE_CACHE_DIR=empty)
    print("| start | mixer on the screen, s | engine runs, s |\n|---|---|---|")
    for name, pick in (("warm, median", statistics.median), ("warm, slowest", max)):
        shown_s, sounds_s = (pick(run[part] for run in warm) for part in (0, 1))
        print(f"| {name} of {chosen.rounds} | {shown_s:.2f} | {sounds_s:.2f} |")
    print(f"| cold, once | {cold_shown_s:.2f} | {cold_sounds_s:.2f} |")
    print(f"\nProgress shown on the cold start: {len(steps)} steps", *steps, sep="\n  ")


if __name__ == "__main__":
    main()
