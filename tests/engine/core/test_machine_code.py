"""Machine code is kept, checked and linked; every entry gives the same as where it is compiled."""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engine.catalog import PROCESSORS
from engine.core import machine_code
from engine.core.entries import Entry, entry
from engine.core.machine_code import NARROW, EngineError, ObjectCode, emit, is_kept, keep, link, version_of
from engine.core.pointers import array_at, call_at, record_at
from engine.core.record import record
from engine.io.compiler import compile_entries
from engine.io.warm_up import ENTRIES, warm_up
from engine.offline import write_wav
from tests.test_house import rendered

PAIR = record([("factor", np.float64), ("count", np.int64)])


@entry("int64(int64, int64)")
def scale(array_address: int, pair_address: int) -> int:
    pair = record_at(pair_address, PAIR)
    values = array_at(array_address, (pair.count,), np.float64)
    for i in range(pair.count):
        values[i] *= pair.factor
    return int(pair.count * 2)


@entry("void(int64, int64, float64)")
def call(address: int, array_address: int, factor: float) -> None:
    call_at(address, (array_address, 3, factor))


@entry("void(int64, int64, float64)")
def fill(array_address: int, count: int, value: float) -> None:
    values = array_at(array_address, (count,), np.float64)
    for i in range(count):
        values[i] = value


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GAINSTAGE_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(machine_code, "_fresh", {})
    return tmp_path


def made(*entries: Entry) -> None:
    for one in entries:
        if not is_kept(one.name):
            keep(one.name, one.compile())


def test_an_entry_reaches_arrays_and_records_by_their_address(own_cache: Path) -> None:
    made(scale)
    values, pair = np.arange(3.0), np.zeros(1, PAIR)
    pair[0] = (2.5, 3)
    assert scale(values.ctypes.data, pair.ctypes.data) == 6
    assert values.tolist() == [0.0, 2.5, 5.0]


def test_an_entry_calls_another_by_its_address(own_cache: Path) -> None:
    made(fill, call)
    values = np.zeros(4)
    call(fill.address, values.ctypes.data, 7.0)
    assert values.tolist() == [7.0, 7.0, 7.0, 0.0]


def test_machine_code_survives_the_disk(own_cache: Path) -> None:
    made(scale)
    machine_code._fresh.clear()
    assert is_kept(scale.name)
    linked = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)(link(scale.name))
    values, pair = np.arange(3.0), np.zeros(1, PAIR)
    pair[0] = (2.0, 3)
    assert linked(values.ctypes.data, pair.ctypes.data) == 6
    assert values.tolist() == [0.0, 2.0, 4.0]


def test_damaged_machine_code_is_never_linked(own_cache: Path) -> None:
    made(scale)
    machine_code._fresh.clear()
    [kept] = own_cache.rglob("*.object")
    whole = kept.read_bytes()
    for damaged in (b"", b"{}\n", whole[:-1], whole[:-9] + b"\0" * 9, b"[]\n" + whole):
        kept.write_bytes(damaged)
        with pytest.raises(EngineError, match=r"damaged \(.*scale: "):
            link(scale.name)
    machine_code.forget()
    assert not is_kept(scale.name)


def test_code_without_its_symbol_is_refused() -> None:
    """As numba gives it back when it has the entry in its own cache."""
    with pytest.raises(EngineError, match="no code was made for nothing"):
        emit("nothing", 'target triple = "x86_64-unknown-linux-gnu"')


def test_code_that_cannot_be_linked_is_said_in_one_line(own_cache: Path) -> None:
    whole = scale.compile()
    keep(scale.name, ObjectCode("another", whole.unused, whole.code))
    with pytest.raises(EngineError, match=r"^the compiled engine cannot be linked \(.*scale: "):
        link(scale.name)


def test_where_nothing_can_be_written_it_is_kept_for_this_process(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAINSTAGE_CACHE_DIR", "/proc/nowhere")
    made(scale)
    assert is_kept(scale.name)
    assert link(scale.name)


def test_code_for_another_processor_is_not_taken(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(scale)
    machine_code._fresh.clear()
    monkeypatch.setattr(machine_code, "processor", lambda: ("other", ""))
    assert not is_kept(scale.name)


def test_what_cannot_be_compiled_is_said_in_one_line(own_cache: Path) -> None:
    with pytest.raises(EngineError, match=r"^the engine cannot be compiled: ModuleNotFoundError: .*nowhere'$"):
        compile_entries(["engine.nowhere.nothing"], lambda _share, _step: None)


def test_who_waits_for_a_compiler_that_answers_nonsense_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nonsense(_packed: bytes) -> ObjectCode:
        raise KeyError("symbol")

    monkeypatch.setattr(ObjectCode, "unpacked", staticmethod(nonsense))
    with pytest.raises(EngineError, match=r"^the engine cannot be compiled: 'symbol'$"):
        compile_entries(["tests.engine.core.test_machine_code.fill"], lambda _share, _step: None)


_RENDERED = """
import sys
import numpy as np
from tests.test_house import rendered
np.save(sys.argv[1], rendered(sys.argv[2]))
assert "numba" not in sys.modules, "numba was imported"
"""


def test_a_process_without_numba_renders_the_same_bits(tmp_path: Path, root: Path) -> None:
    stem = tmp_path / "stem.wav"
    write_wav(stem, np.random.default_rng(2).uniform(-0.5, 0.5, (9000, 2)).astype(np.float32), 44_100)
    done = subprocess.run(
        [sys.executable, "-c", _RENDERED, tmp_path / "linked.npy", stem],
        env=os.environ | {"GAINSTAGE_KERNELS": "", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert np.load(tmp_path / "linked.npy").tobytes() == rendered(str(stem)).tobytes()


def test_every_entry_of_the_program_is_made_ready(root: Path) -> None:
    """An entry that the warm-up does not know would be missing when it is called."""
    marked = set()
    for path in (root / "engine").rglob("*.py"):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        lines = path.read_text().splitlines()
        for line, following in itertools.pairwise(lines):
            if line.startswith("@entry("):
                marked.add(f"{module}.{following.removeprefix('def ').partition('(')[0]}")
            if line.startswith("entry = unit_entry("):
                marked.add(f"{module}.entry")
    assert marked == {name.removesuffix(NARROW) for name in ENTRIES}


def test_processors_are_made_ready_in_both_widths_but_for_single_ones() -> None:
    narrow = {name.removesuffix(NARROW) for name in ENTRIES if name.endswith(NARROW)}
    singles = {processor.entry.name for processor in PROCESSORS.values() if processor.is_single}
    assert narrow == {"engine.mixer.seat.seat_of_unit", *(one.entry.name for one in PROCESSORS.values())}
    assert narrow - set(ENTRIES) == singles


def test_what_is_compiled_needs_no_warming_up() -> None:
    told: list[object] = []
    warm_up(lambda *what: told.append(what))
    assert told == []


@entry("void(int64)")
def remember(count: int) -> None:
    fill_here = np.zeros(count)
    fill_here[0] = 1.0


def allocators(code: ObjectCode) -> list[str]:
    """Functions that make arrays or objects, if machine code so much as names one."""
    return [name for name in code.unused if "alloc" in name.lower()]


def test_an_entry_that_allocates_is_seen() -> None:
    assert allocators(remember.compile())


@pytest.mark.parametrize("name", ENTRIES)
def test_nothing_that_is_linked_could_allocate(name: str) -> None:
    assert allocators(machine_code._load(name)) == []


def test_a_version_changes_with_what_an_entry_is_made_of_and_with_nothing_else(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "engine"
    shutil.copytree(root / "engine", copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(machine_code, "_ROOT", tmp_path)

    def versions() -> list[str]:
        machine_code._imports.cache_clear()
        version_of.cache_clear()
        return [version_of(name) for name in ("engine.drive.render_blocks", "engine.sources.decode.decode")]

    before = versions()
    changed = copy / "dsp" / "smoother.py"
    changed.write_text(changed.read_text() + "\n# changed\n")
    after = versions()
    assert after[0] != before[0]
    assert after[1] == before[1]
    version_of.cache_clear()
    machine_code._imports.cache_clear()


def test_versions_long_unused_go(own_cache: Path) -> None:
    code = ObjectCode("nothing", (), b"")
    keep("engine.sources.decode.decode", code)
    [kept] = own_cache.rglob("*.object")
    old, recent = kept.with_name("engine.old-1.object"), kept.with_name("engine.recent-1.object")
    for file, days in ((old, 31), (recent, 29)):
        file.touch()
        used_s = time.time() - days * 24 * 3600
        os.utime(file, (used_s, used_s))
    keep("engine.sources.decode.decode", code)
    assert sorted(own_cache.rglob("*.object")) == sorted([kept, recent])
