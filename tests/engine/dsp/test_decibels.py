"""Logarithms and powers for lanes: as good as float32 allows, harmless for any bits, and vectors all the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from engine.core.jit import FAST_MATH, kernel
from engine.core.pointers import array_at
from engine.core.record import BLOCK_FRAMES, LANES
from engine.dsp.decibels import decibels, exp2, gain, log2

DB_PER_OCTAVE = 20.0 * np.log10(2.0)


@kernel
def each_log2(x: np.ndarray, y: np.ndarray) -> None:
    for i in range(len(x)):
        y[i] = log2(x[i])


@kernel
def each_exp2(x: np.ndarray, y: np.ndarray) -> None:
    for i in range(len(x)):
        y[i] = exp2(x[i])


@kernel
def each_decibels(x: np.ndarray, y: np.ndarray) -> None:
    for i in range(len(x)):
        y[i] = decibels(x[i])


@kernel
def each_gain(x: np.ndarray, y: np.ndarray) -> None:
    for i in range(len(x)):
        y[i] = gain(x[i])


def of(each, x: np.ndarray) -> np.ndarray:
    given = np.asarray(x, np.float32)
    y = np.empty_like(given)
    each(given, y)
    return y.astype(np.float64)


def test_log2_is_within_a_thousandth_of_a_decibel_and_much_better_near_one() -> None:
    x = np.geomspace(1e-37, 1e37, 1_000_000).astype(np.float32)
    error_db = np.abs(of(each_log2, x) - np.log2(x.astype(np.float64))) * DB_PER_OCTAVE
    assert error_db.max() < 5e-5
    near = (x > 0.25) & (x < 4.0)
    assert error_db[near].max() < 4e-6


def test_exp2_is_within_a_hundred_thousandth_of_a_decibel() -> None:
    x = np.linspace(-126.0, 126.9, 1_000_000).astype(np.float32)
    error_db = np.abs(np.log2(of(each_exp2, x)) - x.astype(np.float64)) * DB_PER_OCTAVE
    assert error_db.max() < 4e-6


def test_decibels_and_gains_are_within_a_ten_thousandth_of_a_decibel() -> None:
    x = np.linspace(-200.0, 100.0, 300_001).astype(np.float32)
    assert np.abs(20.0 * np.log10(of(each_gain, x)) - x.astype(np.float64)).max() < 1e-4
    y = 10.0 ** (x.astype(np.float64) / 20.0)
    assert np.abs(of(each_decibels, y) - x.astype(np.float64)).max() < 1e-4


def test_powers_of_two_are_exact() -> None:
    powers = np.arange(-126, 128)
    assert (of(each_log2, 2.0**powers) == powers).all()
    assert (of(each_exp2, powers) == 2.0**powers).all()
    assert of(each_decibels, np.ones(1))[0] == 0.0
    assert of(each_gain, np.zeros(1))[0] == 1.0


def test_they_rise_all_the_way() -> None:
    bits = np.unique(np.linspace(1, 0x7F7FFFFF, 2_000_000).astype(np.int32)).view(np.float32)
    assert (np.diff(of(each_log2, bits)) >= 0.0).all()
    assert (np.diff(of(each_exp2, np.linspace(-130.0, 130.0, 2_000_000))) >= 0.0).all()


def test_whatever_the_bits_are_what_comes_out_is_finite() -> None:
    odd = np.array([0.0, 1e-45, 1e-39, np.inf, np.nan, -np.nan, -1.0, -np.inf, 3e38], np.float32)
    assert np.isfinite(of(each_log2, odd)).all()
    assert of(each_log2, odd[:1])[0] < -126.0
    assert np.isfinite(of(each_exp2, odd)).all()
    assert np.isfinite(of(each_gain, odd)).all()


def both_in_lanes(address: int) -> None:
    block = array_at(address, (BLOCK_FRAMES, LANES), np.float32)
    for t in range(BLOCK_FRAMES):
        for lane in range(LANES):
            block[t, lane] = gain(np.float32(0.5) * decibels(abs(block[t, lane])))


def test_loops_over_lanes_become_vectors() -> None:
    compiled = numba.cfunc("void(int64)", error_model="numpy", fastmath=set(FAST_MATH))(both_in_lanes)
    instructions = compiled.inspect_llvm().splitlines()
    assert len([line for line in instructions if "fmul" in line and "x float>" in line]) > 10
    assert not [line for line in instructions if "@log" in line or "@exp" in line or "@pow" in line]
    block = np.random.default_rng(1).uniform(1e-4, 1.0, (BLOCK_FRAMES, LANES)).astype(np.float32)
    expected = np.sqrt(block)
    compiled.ctypes(block.ctypes.data)
    np.testing.assert_allclose(block, expected, rtol=1e-5)


_AS_PLAIN_PYTHON = """
import sys
import numpy as np
from engine.core.jit import JIT_ENABLED
from engine.dsp.decibels import exp2, log2
assert not JIT_ENABLED
x = np.load(sys.argv[1])
np.save(sys.argv[2], np.array([[log2(one) for one in x], [exp2(one) for one in x]]))
"""


@pytest.mark.parametrize("switch", ["GAINSTAGE_KERNELS", "NUMBA_DISABLE_JIT"])
def test_plain_python_says_the_same(switch: str, tmp_path: Path, root: Path) -> None:
    x = np.geomspace(1e-30, 120.0, 2000).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    done = subprocess.run(
        [sys.executable, "-c", _AS_PLAIN_PYTHON, tmp_path / "x.npy", tmp_path / "y.npy"],
        env=os.environ | {"PYTHONPATH": str(root)} | {switch: "1" if switch == "NUMBA_DISABLE_JIT" else ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    plain = np.load(tmp_path / "y.npy")
    assert plain.dtype == np.float32
    np.testing.assert_allclose(plain, [of(each_log2, x), of(each_exp2, x)], rtol=1e-6, atol=1e-6)
