"""Up and down again changes nothing but the time, and keeps what is created above out of the audible."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.record import BLOCK_FRAMES, LANES, allocate
from engine.dsp import oversampler
from engine.dsp.oversampler import (
    OVERSAMPLER,
    factor_at,
    lower_rate,
    oversampler_latency_frames,
    raise_rate,
    reset_oversampler,
)

RATES = (44100, 48000, 88200, 96000, 176400, 192000)


def there_and_back(sound: np.ndarray, rate: int, block: int = BLOCK_FRAMES, lane: int = 9) -> np.ndarray:
    """One lane of sound through the oversampler, with other sound in all other lanes."""
    state = allocate(OVERSAMPLER)
    rows = np.random.default_rng(3).uniform(-1.0, 1.0, (len(sound), LANES)).astype(np.float32)
    rows[:, lane] = sound
    for start in range(0, len(rows), block):
        piece = rows[start : start + block]
        raise_rate(state, factor_at(rate), piece, 0, len(piece))
        lower_rate(state, factor_at(rate), piece, 0, len(piece))
    return rows[:, lane].copy()


def impulse_response(rate: int) -> np.ndarray:
    sound = np.zeros(1024, np.float32)
    sound[0] = 1.0
    return there_and_back(sound, rate)


def raised(sound: np.ndarray, factor: int) -> np.ndarray:
    """The sound at the higher rate."""
    state = allocate(OVERSAMPLER)
    pieces = []
    for start in range(0, len(sound), BLOCK_FRAMES):
        block = np.repeat(sound[start : start + BLOCK_FRAMES, None], LANES, axis=1).astype(np.float32)
        at = raise_rate(state, factor, block, 0, len(block))
        planes = state.planes[:factor, at : at + len(block) * LANES : LANES]
        pieces.append(planes.T.ravel().copy())
        lower_rate(state, factor, block, 0, len(block))
    return np.concatenate(pieces)


def response_db(taps: np.ndarray, of_rate: np.ndarray) -> np.ndarray:
    turns = np.exp(-2j * np.pi * np.outer(of_rate, np.arange(len(taps))))
    return 20.0 * np.log10(np.abs(turns @ taps.astype(np.float64)) + 1e-12)


@pytest.mark.parametrize("rate", RATES)
def test_the_latency_is_the_declared_one_and_the_phase_linear(rate: int) -> None:
    heard = impulse_response(rate)
    late = oversampler_latency_frames(rate)
    assert int(np.argmax(np.abs(heard))) == late == {4: 64, 2: 59}[factor_at(rate)]
    around = heard[: 2 * late + 1]
    np.testing.assert_allclose(around, around[::-1], atol=1e-7)
    assert not heard[2 * late + 1 :].any()


@pytest.mark.parametrize("rate", RATES)
def test_it_is_flat_to_20_khz_at_44100_hz(rate: int) -> None:
    flat = response_db(impulse_response(rate), np.linspace(0.0, 20000.0 / 44100.0, 500))
    assert np.abs(flat).max() < 0.003


@pytest.mark.parametrize(
    ("weights", "stop_from"), [(oversampler._STEEP, 24100.0 / 88200.0), (oversampler._WIDE, 3.0 / 8.0)]
)
def test_each_half_band_is_84_db_down_in_its_stop_band(weights: np.ndarray, stop_from: float) -> None:
    taps = np.zeros(4 * len(weights) - 1)
    middle = len(taps) // 2
    taps[middle] = 0.5
    taps[middle + 1 :: 2] = weights / 2.0
    taps[middle - 1 :: -2] = weights / 2.0
    assert response_db(taps, np.linspace(stop_from, 0.5, 2000)).max() < -84.0


@pytest.mark.parametrize("factor", [2, 4])
def test_images_of_what_goes_up_are_84_db_down(factor: int) -> None:
    n = np.arange(8192)
    tones = sum(np.sin(2.0 * np.pi * f / 44100.0 * n) for f in (997.0, 9973.0, 19997.0))
    high = raised(np.asarray(tones), factor)[-16384:]
    spectrum = np.abs(np.fft.rfft(high * np.kaiser(len(high), 14.0)))
    frequencies = np.fft.rfftfreq(len(high), 1.0 / (44100.0 * factor))
    images = spectrum[frequencies > 44100.0 - 20100.0].max()
    assert 20.0 * np.log10(images / spectrum.max()) < -84.0


@pytest.mark.parametrize("factor", [2, 4])
def test_what_is_created_above_does_not_fold_back_below_20_khz(factor: int) -> None:
    state = allocate(OVERSAMPLER)
    rate = 44100.0 * factor
    worst = 0.0
    for frequency in np.linspace(24100.0, rate / 2.0, 60):
        tone = np.sin(2.0 * np.pi * frequency / rate * np.arange(1024 * factor) + 0.3).astype(np.float32)
        heard = []
        for start in range(0, 1024, BLOCK_FRAMES):
            block = np.zeros((BLOCK_FRAMES, LANES), np.float32)
            at = raise_rate(state, factor, block, 0, BLOCK_FRAMES)
            for place in range(factor):
                piece = tone[start * factor + place : (start + BLOCK_FRAMES) * factor : factor]
                state.planes[place][at : at + BLOCK_FRAMES * LANES] = np.repeat(piece, LANES)
            lower_rate(state, factor, block, 0, BLOCK_FRAMES)
            heard.append(block[:, 0].copy())
        worst = max(worst, float(np.abs(np.concatenate(heard)[256:]).max()))
    assert 20.0 * np.log10(worst) < -84.0


@pytest.mark.parametrize("rate", [48000, 96000])
@pytest.mark.parametrize("block", [1, 7, 48])
def test_the_cut_of_blocks_is_not_heard(rate: int, block: int) -> None:
    sound = np.random.default_rng(1).uniform(-1.0, 1.0, 1000).astype(np.float32)
    np.testing.assert_array_equal(there_and_back(sound, rate, block), there_and_back(sound, rate))


@pytest.mark.parametrize("factor", [2, 4])
def test_a_reset_lane_is_silent_and_others_are_left_alone(factor: int) -> None:
    state = allocate(OVERSAMPLER)
    noise = np.random.default_rng(1).uniform(-1.0, 1.0, (40, LANES)).astype(np.float32)
    raise_rate(state, factor, noise, 0, 40)
    lower_rate(state, factor, noise, 0, 40)
    reset_oversampler(state, 9)
    silence = np.zeros((BLOCK_FRAMES, LANES), np.float32)
    raise_rate(state, factor, silence, 0, BLOCK_FRAMES)
    lower_rate(state, factor, silence, 0, BLOCK_FRAMES)
    assert not silence[:, 9].any()
    assert silence[:, 8].any()
    assert silence[:, 10].any()
