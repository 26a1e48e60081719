"""Entries are made ready beside a thread that does not wait for them."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from engine.core import machine_code
from engine.core.entries import Entry
from engine.core.machine_code import keep
from engine.io.linking import Linking
from tests.engine.core.test_machine_code import fill


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAINSTAGE_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(machine_code, "_fresh", {})


def begun(linking: Linking) -> None:
    """To its end."""
    linking.begin()
    for thread in threading.enumerate():
        if thread.name == "linking":
            thread.join(60.0)


def another(entry: Entry) -> Entry:
    """The same entry, not linked yet."""
    return Entry(entry._function, entry.signature, entry.name)


def test_what_was_compiled_elsewhere_is_linked() -> None:
    entry = another(fill)
    keep(entry.name, entry.compile())
    machine_code._fresh.clear()
    linking = Linking(entry)
    assert not linking.is_done
    begun(linking)
    assert linking.is_done
    values = np.zeros(3)
    entry(values.ctypes.data, 3, 2.5)
    assert values.tolist() == [2.5] * 3
    assert Linking(entry).is_done


def test_what_is_damaged_is_compiled_anew(tmp_path: Path) -> None:
    entry = another(fill)
    keep(entry.name, entry.compile())
    machine_code._fresh.clear()
    [kept] = tmp_path.rglob("*.object")
    kept.write_bytes(kept.read_bytes()[:-1])
    linking = Linking(entry)
    begun(linking)
    assert (linking.is_done, linking.fault) == (True, "")


def test_what_cannot_be_compiled_is_said() -> None:
    linking = Linking(Entry(fill._function, fill.signature, "tests.engine.core.test_machine_code.nothing"))
    begun(linking)
    assert not linking.is_done
    assert "cannot be compiled: AttributeError" in linking.fault
    linking.begin()
    assert not linking.is_done
