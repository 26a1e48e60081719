"""The line to a child process: nothing on it waits, nothing it prints is seen, nothing of it is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.io import process as process_module
from engine.io.process import AudioProcess, child_command, child_environment, log_path
from engine.io.shared_memory import SharedMemory

ECHO = """
import json, os, socket, sys, time
line = socket.socket(fileno=int(sys.argv[2]))
def say(what, **details):
    line.sendall(json.dumps({"say": what, **details}).encode() + b"\\n")
for order in line.makefile("rb"):
    order = json.loads(order)
    if order["do"] == "length": say("length", length=len(order["text"]))
    if order["do"] == "print": print(order["text"], flush=True); say("printed")
    if order["do"] == "many": [say("number", number=number) for number in range(order["count"])]
    if order["do"] == "exit": sys.exit(order["status"])
    if order["do"] == "abort": os.abort()
    if order["do"] == "hang": say("hanging"); time.sleep(600)
"""
SLOW = "import time\ntime.sleep(0.5)\n" + ECHO

Starter = Callable[[str], AudioProcess]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Starter]:
    """Starts children that run a text instead of the engine."""
    memory = SharedMemory(64)
    children: list[AudioProcess] = []

    def run(text: str) -> AudioProcess:
        monkeypatch.setattr(process_module, "child_command", lambda _module, *rest: [sys.executable, "-c", text, *rest])
        children.append(AudioProcess(memory))
        return children[-1]

    yield run
    for child in children:
        child.kill()
    memory.close()


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30.0
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def receive(child: AudioProcess, count: int = 1) -> list[dict[str, Any]]:
    """The next answers."""
    answers: list[dict[str, Any]] = []

    def enough() -> bool:
        answers.extend(child.receive())
        return len(answers) >= count

    until(enough)
    return answers


def exists(pid: int) -> bool:
    """Whether there is such a process, a dead one that nobody has collected included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_orders_are_answered_in_their_order(start: Starter) -> None:
    child = start(ECHO)
    child.send("length", text="four")
    child.send("length", text="ü" * 10)
    assert receive(child, 2) == [{"say": "length", "length": 4}, {"say": "length", "length": 10}]
    assert child.receive() == []
    assert not child.gone


def test_an_order_larger_than_the_line_waits_for_a_child_that_does_not_read_yet(start: Starter) -> None:
    child = start(SLOW)
    child.send("length", text="x" * 3_000_000)
    child.send("length", text="after")
    assert [answer["length"] for answer in receive(child, 2)] == [3_000_000, 5]


def test_signals_of_the_terminal_do_not_reach_a_child(start: Starter) -> None:
    assert os.getsid(start(ECHO).pid) != os.getsid(0)


def test_answers_in_pieces_are_whole(start: Starter) -> None:
    child = start(ECHO)
    child.send("many", count=20_000)
    assert [answer["number"] for answer in receive(child, 20_000)] == list(range(20_000))


@pytest.mark.parametrize(
    ("order", "ending"), [({"do": "exit", "status": 3}, "exit status 3"), ({"do": "abort"}, "SIGABRT")]
)
def test_a_child_that_ends_is_noticed_with_its_last_words(start: Starter, order: dict[str, Any], ending: str) -> None:
    child = start(ECHO)
    child.send("length", text="last")
    child.send(**order)
    assert receive(child) == [{"say": "length", "length": 4}]
    until(lambda: child.receive() == [] and child.gone)
    assert child.ending() == ending


def test_a_child_that_never_began_is_noticed(start: Starter) -> None:
    child = start("raise SystemExit(7)")
    until(lambda: child.receive() == [] and child.gone)
    assert child.ending() == "exit status 7"


def test_what_is_sent_to_a_dead_child_does_no_harm(start: Starter) -> None:
    child = start(ECHO)
    child.kill()
    child.kill()
    child.send("length", text="nobody")
    child.leave()
    assert child.receive() == []
    assert child.gone
    assert child.ended


def test_leaving_is_asked_for_and_not_waited_for(start: Starter) -> None:
    child = start(SLOW)
    child.leave()
    assert not child.ended
    until(lambda: child.ended)


def test_a_child_that_hangs_is_killed_and_collected(start: Starter) -> None:
    child = start(ECHO)
    child.send("hang")
    receive(child)
    child.quit()
    assert not exists(child.pid)


def test_a_stopped_child_is_killed_and_collected(start: Starter) -> None:
    child = start(ECHO)
    os.kill(child.pid, signal.SIGSTOP)
    child.kill()
    assert not exists(child.pid)


def test_what_a_child_prints_goes_to_the_log(start: Starter, capfd: pytest.CaptureFixture[str]) -> None:
    for text in ("Expression 'x' failed", "ALSA lib said"):
        child = start(ECHO)
        child.send("print", text=text)
        receive(child)
        child.quit()
        until(lambda text=text: log_path().exists() and text in log_path().read_text())
    assert "Expression 'x' failed" in log_path().read_text()
    assert capfd.readouterr() == ("", "")


def test_the_log_is_bounded(start: Starter) -> None:
    for _ in range(2):
        child = start("import os\nfor _ in range(40): os.write(1, b'y' * 10_000)\n")
        until(lambda child=child: child.ended)
    assert 0 < log_path().stat().st_size < 600_000


def test_a_log_that_cannot_be_written_is_done_without(start: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAINSTAGE_STATE_DIR", "/proc/nowhere")
    child = start(ECHO)
    child.send("print", text="x" * 100_000)
    assert receive(child) == [{"say": "printed"}]


def test_a_folder_of_the_users_is_not_mistaken_for_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__init__.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    found = subprocess.run(
        child_command("engine.io.find_devices"), env=child_environment(), capture_output=True, timeout=60, check=False
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith(b'{"devices": ')


def test_children_link_what_the_compiler_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAINSTAGE_KERNELS", "compile")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    environment = child_environment()
    assert "GAINSTAGE_KERNELS" not in environment
    assert environment["PYTHONPATH"].split(os.pathsep)[-1] == "/somewhere"
