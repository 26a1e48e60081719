from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.sources.decode import decode_floats, decode_integers
from tests.engine.sources.sounds import Floats

FRAMES = 37


def integers(raw: bytes, bits: int) -> Floats:
    """The obvious way: each sample by itself."""
    size = bits // 8
    values = [
        int.from_bytes(raw[at : at + size], "little", signed=True) / 2.0 ** (bits - 1)
        for at in range(0, len(raw), size)
    ]
    return np.array(values, np.float32)


@pytest.mark.parametrize("bits", [16, 24, 32])
@pytest.mark.parametrize(("channels", "sides"), [(1, (0,)), (2, (0, 1)), (2, (1,)), (2, (0,)), (5, (3,))])
def test_integers_arrive_exactly(bits: int, channels: int, sides: tuple[int, ...]) -> None:
    size = FRAMES * channels * bits // 8
    raw = bytearray(np.random.default_rng(bits).integers(0, 256, size, dtype=np.uint8).tobytes())
    # Both ends of the range.
    step = bits // 8
    raw[:step] = b"\0" * (step - 1) + b"\x80"
    raw[-step:] = b"\xff" * (step - 1) + b"\x7f"
    expected = integers(bytes(raw), bits).reshape(FRAMES, channels)
    outs = tuple(np.full(FRAMES, np.nan, np.float32) for _ in sides)
    decode_integers(np.frombuffer(raw, np.uint8), bits, channels, sides, outs)
    for side, out in zip(sides, outs, strict=True):
        np.testing.assert_array_equal(out, expected[:, side])


@pytest.mark.parametrize(("channels", "sides"), [(1, (0,)), (2, (0, 1)), (2, (1,)), (4, (2,))])
def test_floats_arrive_bit_for_bit_and_what_is_no_number_is_silent(channels: int, sides: tuple[int, ...]) -> None:
    frames = np.random.default_rng(1).standard_normal((FRAMES, channels)).astype(np.float32)
    frames[3] = np.float32(1e-42)  # a denormal
    frames[4] = np.float32(-0.0)
    frames[5] = np.float32(3.0e38)
    outs = tuple(np.empty(FRAMES, np.float32) for _ in sides)
    assert decode_floats(frames.reshape(-1).view(np.int32), channels, sides, outs) == -1
    for side, out in zip(sides, outs, strict=True):
        assert out.tobytes() == frames[:, side].tobytes()

    frames[11, sides[-1]] = np.nan
    frames[13, sides[0]] = np.inf
    frames[FRAMES - 1, sides[0]] = -np.inf
    assert decode_floats(frames.reshape(-1).view(np.int32), channels, sides, outs) == 11
    for side, out in zip(sides, outs, strict=True):
        expected = np.where(np.isfinite(frames[:, side]), frames[:, side], np.float32(0.0))
        assert out.tobytes() == expected.tobytes()


def test_faults_in_channels_that_are_not_played_do_not_matter() -> None:
    frames = np.ones((8, 3), np.float32)
    frames[2, 0] = np.nan
    out = np.empty(8, np.float32)
    assert decode_floats(frames.reshape(-1).view(np.int32), 3, (1,), (out,)) == -1


def test_the_same_without_the_compiler() -> None:
    """The tests of this file once more, with every kernel as plain Python."""
    if "NUMBA_DISABLE_JIT" in os.environ:
        return
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(Path(__file__))]
    run = subprocess.run(
        command, env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout
