"""Memory that two processes see, and that leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from engine.io.shared_memory import SharedMemory

_WRITE = "import mmap, sys; m = mmap.mmap(int(sys.argv[1]), 100); print(m[7]); m[8] = 42"


@pytest.fixture(params=["memfd", "file"])
def memory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SharedMemory:
    if request.param == "file":
        monkeypatch.delattr(os, "memfd_create", raising=False)
    return SharedMemory(100)


def test_it_begins_with_zeros(memory: SharedMemory) -> None:
    assert bytes(memory.buffer) == bytes(100)


def test_a_child_reads_and_writes_it(memory: SharedMemory) -> None:
    memory.buffer[7] = 11
    child = subprocess.run(
        [sys.executable, "-c", _WRITE, str(memory.descriptor)],
        pass_fds=(memory.descriptor,),
        capture_output=True,
        check=True,
    )
    assert child.stdout == b"11\n"
    assert memory.buffer[8] == 42


def test_other_children_do_not_inherit_it(memory: SharedMemory) -> None:
    assert not os.get_inheritable(memory.descriptor)


def test_closing_twice_gives_back_one_descriptor(memory: SharedMemory) -> None:
    descriptor = memory.descriptor
    memory.close()
    memory.close()
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(descriptor)
    assert memory.buffer[0] == 0
