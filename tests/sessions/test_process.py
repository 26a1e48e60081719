import dataclasses
import os
import shutil
import signal
import subprocess
import sys

import pytest

from sessions import process
from sessions.process import ProcessMark, is_running, own_mark

# Both ways to ask the system, as far as they are there.
WAYS = ["proc"] * process._PROC.is_dir() + ["ps"] * (shutil.which("ps") is not None)


@pytest.fixture(params=WAYS)
def way(request, monkeypatch, tmp_path):
    if request.param == "ps":
        monkeypatch.setattr(process, "_PROC", tmp_path / "none")
    process._mark_of.cache_clear()
    yield request.param
    process._mark_of.cache_clear()


@pytest.fixture
def child(way):
    running = subprocess.Popen([sys.executable, "-c", "print(flush=True); input()"], stdin=subprocess.PIPE, stdout=-1)
    assert running.stdout.readline() == b"\n"
    yield running
    running.kill()
    running.communicate()


def test_own_process_runs(way):
    assert own_mark().pid == os.getpid()
    assert is_running(own_mark())


def test_later_process_of_the_same_number_is_another(way):
    assert not is_running(dataclasses.replace(own_mark(), started="at another time"))
    assert not is_running(ProcessMark(os.getpid(), ""))


def test_killed_process_does_not_run_even_before_it_is_collected(child):
    mark = process._mark_of(child.pid)
    assert is_running(mark)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # dead, and still a zombie
    assert not is_running(mark)


def test_suspended_process_runs(child):
    mark = process._mark_of(child.pid)
    child.send_signal(signal.SIGSTOP)
    assert is_running(mark)


def test_number_of_no_process_does_not_run(way):
    assert not is_running(ProcessMark(2**22 + 1, "at some time"))


def test_process_is_known_where_the_start_of_the_system_is_not(monkeypatch, tmp_path):
    (tmp_path / str(os.getpid())).mkdir()
    (tmp_path / str(os.getpid()) / "stat").write_text(f"{os.getpid()} (gain stage) S {' 7' * 40}")
    monkeypatch.setattr(process, "_PROC", tmp_path)
    process._mark_of.cache_clear()
    mark = own_mark()
    process._mark_of.cache_clear()
    assert is_running(mark)
    assert not is_running(ProcessMark(os.getpid(), "8"))
