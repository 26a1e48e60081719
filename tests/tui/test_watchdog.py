"""A program that cannot end by itself is ended, after what must not be left undone."""

import subprocess
import sys
import time

import pytest

HANGS = """
import signal, sys, time
from tui.signals import ExitWatchdog, install
def rescue():
    print("rescued", flush=True)
    {rescue}
watchdog = ExitWatchdog(rescue, lambda: print("restored", flush=True))
install(lambda code: print("asked to leave", code, flush=True), watchdog)
watchdog.start(7, 0.2)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("rescue", ["pass", "time.sleep(60)"], ids=["quick rescue", "hanging rescue"])
def test_a_hanging_program_is_ended_with_its_code(rescue: str) -> None:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", HANGS.format(rescue=rescue)], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 7
    assert done.stdout.split() == ["ready", "rescued", "restored"]
    assert time.monotonic() - begun < 10.0


def test_a_program_that_ends_by_itself_is_left_alone() -> None:
    script = """
import threading
from tui.signals import ExitWatchdog
watchdog = ExitWatchdog(lambda: print("rescued"), lambda: print("restored"))
watchdog.start(7, 0.1)
watchdog.cancel()
import time; time.sleep(0.3)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout == ""
