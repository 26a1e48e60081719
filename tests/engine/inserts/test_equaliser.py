"""The equaliser draws the curves it says it draws, costs what is used of it, and nothing makes it ring up."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine.core.record import BLOCK_FRAMES, LANES, STRIPS_PER_RACK, allocate, record
from engine.core.unit import PROCESS, SETTLE, lanes_of
from engine.dsp.svf import SVF_STATE, run_svf
from engine.inserts.equaliser import PARAMS, PROCESSOR, response_db
from tests.engine.inserts.bench import RATES, Bench, noise, sine

BANDS = ("high_pass", "low_shelf", "bell_1", "bell_2", "bell_3", "high_shelf", "low_pass")
WITH_GAIN = BANDS[1:6]
ALL_ON = dict.fromkeys(BANDS, 1.0) | {"high_pass_slope": 1.0, "low_pass_slope": 1.0}
HEARD_HZ = np.unique(np.geomspace(20.0, 20000.0, 80).round().astype(int))


def drawn_db(frequencies_hz: object, rate: int, **settings: float) -> np.ndarray:
    """The analytic response of the settings."""
    return response_db(Bench(PROCESSOR).values(**settings), np.asarray(frequencies_hz, np.float64), rate)


def measured_db(rate: int, *settings: dict[str, float]) -> np.ndarray:
    """The responses of the running unit, each in a column of its own, at 0, 1, 2 ... Hz: one second of its impulse."""
    bench = Bench(PROCESSOR, rate)
    for column, one in enumerate(settings):
        bench.set(column=column, **one)
    heard = np.zeros((rate, len(settings)))
    block = np.zeros((BLOCK_FRAMES, LANES), np.float32)
    block[0] = 0.25
    for start in range(0, rate, BLOCK_FRAMES):
        PROCESSOR.entry(bench.unit.base.ctypes.data, PROCESS, block.ctypes.data, BLOCK_FRAMES)
        end = min(start + BLOCK_FRAMES, rate)
        heard[start:end] = block[: end - start, : len(settings)]
        block[:] = 0.0
    return np.asarray(20.0 * np.log10(np.abs(np.fft.rfft(heard / 0.25, axis=0)) + 1e-30).T)


def random_settings(random: np.random.Generator, largest_gain_db: float = 24.0) -> dict[str, float]:
    """Anything that can be set, frequencies evenly over the octaves."""
    settings = {}
    for spec in PARAMS:
        if spec.taper == "log":
            value = spec.minimum * (spec.maximum / spec.minimum) ** random.uniform()
        elif spec.unit == "dB":
            value = random.uniform(-largest_gain_db, largest_gain_db)
        else:
            value = float(random.integers(0, 2))
        settings[spec.id] = value
    return settings


def test_at_its_defaults_it_copies_bits_and_runs_nothing() -> None:
    bench = Bench(PROCESSOR)
    sound = noise(1000)
    np.testing.assert_array_equal(bench.run(sound), sound)
    assert not bench.unit.sections["is_used"].any()


def settings_of(band: str) -> list[dict[str, float]]:
    """A band on, at several places of its ranges."""
    return [
        {band: 1.0, f"{band}_hz": 20.0 * 1000.0**share}
        | ({f"{band}_gain_db": gain_db, f"{band}_q": q} if band in WITH_GAIN else {f"{band}_slope": slope})
        for share, gain_db, q, slope in (
            (0.1, 12.0, 0.4, 0.0),
            (0.3, -24.0, 1.0, 1.0),
            (0.5, 24.0, 1.5, 1.0),
            (0.7, 6.0, 0.7, 0.0),
            (0.9, -12.0, 1.0, 0.0),
            (1.0, 3.0, 1.5, 1.0),
        )
    ]


@pytest.mark.parametrize("rate", RATES)
def test_the_running_unit_has_the_drawn_response(rate: int) -> None:
    """Within a hundredth of a decibel, below a third of the rate and above -60 dB."""
    random = np.random.default_rng(3)
    together = random_settings(random, 6.0) | ALL_ON | {"high_pass_hz": 30.0, "low_pass_hz": 15000.0}
    cases = [*(one for band in BANDS for one in settings_of(band)), together]
    grid = np.array([f for f in HEARD_HZ if f < rate / 3.0])
    for some in (cases[:STRIPS_PER_RACK], cases[STRIPS_PER_RACK:]):
        for settings, heard in zip(some, measured_db(rate, *some), strict=True):
            drawn = drawn_db(grid, rate, **settings)
            assert np.abs(heard[grid] - drawn)[drawn > -60.0].max() < 0.01, settings


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("slope", [0.0, 1.0])
def test_cuts_are_3_db_down_at_their_frequency(rate: int, slope: float) -> None:
    places = [(band, f) for band in ("high_pass", "low_pass") for f in (20, 1000, 20000)]
    settings = [{band: 1.0, f"{band}_hz": float(f), f"{band}_slope": slope} for band, f in places]
    for (_, f), one, heard in zip(places, settings, measured_db(rate, *settings), strict=True):
        assert drawn_db([f], rate, **one)[0] == pytest.approx(-3.0103, abs=1e-4)
        assert heard[f] == pytest.approx(-3.0103, abs=0.002)


@pytest.mark.parametrize(("slope", "db_per_octave"), [(0.0, 12.04), (1.0, 24.08)])
def test_cuts_fall_by_12_or_24_db_per_octave(slope: float, db_per_octave: float) -> None:
    high = {"high_pass": 1.0, "high_pass_hz": 1000.0, "high_pass_slope": slope}
    low = {"low_pass": 1.0, "low_pass_hz": 500.0, "low_pass_slope": slope}
    below, above = measured_db(192000, high, low)
    assert below[250] - below[125] == pytest.approx(db_per_octave, abs=0.02)
    assert above[2000] - above[4000] == pytest.approx(db_per_octave, abs=0.02)


@pytest.mark.parametrize("rate", RATES)
def test_the_gain_at_the_frequency_is_the_set_one(rate: int) -> None:
    places = [(band, gain_db) for band in WITH_GAIN for gain_db in (-24.0, -3.0, 0.0, 24.0)]
    settings = [{band: 1.0, f"{band}_hz": 2000.0, f"{band}_gain_db": gain_db} for band, gain_db in places]
    for (band, gain_db), heard in zip(places, measured_db(rate, *settings), strict=True):
        assert heard[2000] == pytest.approx(gain_db / 2.0 if "shelf" in band else gain_db, abs=0.001)


@pytest.mark.parametrize("band", WITH_GAIN)
def test_a_cut_undoes_a_boost(band: str) -> None:
    boost, cut = Bench(PROCESSOR), Bench(PROCESSOR)
    sound = noise(9600)
    boost.set(**{band: 1.0, f"{band}_gain_db": 15.0})
    cut.set(**{band: 1.0, f"{band}_gain_db": -15.0})
    np.testing.assert_allclose(cut.run(boost.run(sound)), sound, rtol=0.0, atol=3e-6)


def test_a_boosted_sine_is_louder_by_the_gain_of_its_band() -> None:
    bench = Bench(PROCESSOR)
    bench.set(bell_2=1.0, bell_2_hz=1000.0, bell_2_gain_db=-12.0, bell_2_q=4.0)
    assert np.abs(bench.run(sine(1000.0, 0.0))[-480:]).max() == pytest.approx(10.0 ** (-12.0 / 20.0), abs=1e-4)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("frequency_hz", [20.0, 150.0, 3000.0])
def test_all_filters_in_series_are_within_minus_120_db_of_double_precision(rate: int, frequency_hz: float) -> None:
    """Full-scale noise and a low sine, all bands at one frequency: re full scale or the output's peak, if higher."""
    settings = ALL_ON | {f"{band}_hz": frequency_hz for band in BANDS[:-1]}
    settings |= {"low_shelf_gain_db": 6.0, "bell_1_gain_db": 12.0, "bell_2_gain_db": -12.0, "bell_3_gain_db": 6.0}
    bench = Bench(PROCESSOR, rate)
    bench.set(**settings, bell_1_q=4.0)
    sound = noise(rate, 0.5) + sine(30.0, -6.02, 1.0, rate)
    heard = bench.run(sound, others=0.0).astype(np.float64)
    double = np.zeros((len(sound), LANES))
    double[:, list(lanes_of(bench.column))] = sound
    for section in bench.unit.sections:
        state = allocate(record([(name, np.float64, (LANES,)) for name in SVF_STATE.names]))
        run_svf(section["glide"]["value"].astype(np.float64), 0, state, double, 0, len(double))
    expected = double[:, list(lanes_of(bench.column))]
    error = np.abs(heard - expected).max() / max(1.0, np.abs(expected).max())
    assert 20.0 * np.log10(error) < -120.0


# --- on and off


@pytest.mark.parametrize("band", BANDS)
def test_a_band_switched_off_copies_bits_after_its_glide_and_then_is_not_run(band: str) -> None:
    bench = Bench(PROCESSOR)
    bench.set(**{band: 1.0, f"{band}_gain_db": 12.0} if band in WITH_GAIN else {band: 1.0, f"{band}_slope": 1.0})
    bench.run(noise(4800))
    assert bench.unit.sections["is_used"].any()
    bench.set(glide=True)
    bench.run(noise(1440))
    assert not bench.unit.sections["is_used"].any()
    assert not bench.unit.sections["state"]["ic1"].any()
    sound = noise(1000, seed=2)
    np.testing.assert_array_equal(bench.run(sound), sound)


def test_only_what_is_used_runs() -> None:
    bench = Bench(PROCESSOR)
    bench.set(bell_2=1.0, high_pass=1.0)
    bench.run(noise(480))
    assert bench.unit.sections["is_used"].tolist() == [1, 0, 0, 0, 1, 0, 0, 0, 0]
    bench.set(glide=True, high_pass=1.0, high_pass_slope=1.0)
    bench.run(noise(1920))
    assert bench.unit.sections["is_used"].tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 0]


def test_a_band_comes_in_from_rest_whether_or_not_other_strips_kept_it_running() -> None:
    alone, among = Bench(PROCESSOR), Bench(PROCESSOR)
    for column in (2, 9):
        among.set(column=column, **ALL_ON)
    sound = noise(9600)
    for bench in (alone, among):
        bench.run(sound[:3000])
        bench.set(glide=True, bell_1=1.0, bell_1_gain_db=18.0, bell_1_hz=90.0)
    np.testing.assert_array_equal(among.run(sound[3000:]), alone.run(sound[3000:]))


def test_what_is_off_copies_bits_while_other_strips_use_it() -> None:
    bench = Bench(PROCESSOR)
    for column in (0, 31):
        bench.set(column=column, **ALL_ON)
    sound = noise(2000)
    np.testing.assert_array_equal(bench.run(sound), sound)
    assert bench.unit.sections["is_used"].all()


def test_switching_and_moving_bands_does_not_depend_on_the_block_size() -> None:
    sound = noise(20000)
    heard = []
    for blocks in ((64,), (1,), (13, 64, 31)):
        bench = Bench(PROCESSOR)
        random = np.random.default_rng(5)
        pieces = []
        for start in range(0, len(sound), 2000):
            bench.set(glide=True, **random_settings(random, 6.0))
            pieces.append(bench.run(sound[start : start + 2000], blocks))
        heard.append(np.concatenate(pieces))
    np.testing.assert_array_equal(heard[1], heard[0])
    np.testing.assert_array_equal(heard[2], heard[0])


@pytest.mark.parametrize("band", BANDS)
def test_switching_a_band_does_not_click(band: str) -> None:
    """A 200 Hz sine: what is heard above 5 kHz while a band comes and goes is below -70 dB of it."""
    bench = Bench(PROCESSOR)
    sound = sine(200.0, 0.0, 0.4)
    on = {band: 1.0} | ({f"{band}_gain_db": 12.0} if band in WITH_GAIN else {})
    bench.run(sound[:9600])
    bench.set(glide=True, **on)
    first = bench.run(sound[9600:14400])
    bench.set(glide=True)
    heard = np.concatenate([first, bench.run(sound[14400:])])[:, 0]
    window = np.hanning(len(heard))
    spectrum = np.abs(np.fft.rfft(heard * window)) / (window.sum() / 2.0)
    assert 20.0 * np.log10(spectrum[np.fft.rfftfreq(len(heard), 1.0 / 48000) > 5000.0].max()) < -70.0


# --- modulation


def wild(seed: int, changes: int, largest_gain_db: float, switched: bool) -> tuple[Bench, float]:
    """Full-scale noise while everything is thrown about every 10 ms; the unit after it, and the highest peak."""
    bench = Bench(PROCESSOR)
    random = np.random.default_rng(seed)
    sound = noise(480, 1.0, seed)
    highest = 0.0
    for _ in range(changes):
        settings = random_settings(random, largest_gain_db) | ({} if switched else ALL_ON)
        bench.set(glide=True, **settings)
        heard = bench.run(sound[: int(random.integers(1, 480))])
        assert np.isfinite(heard).all()
        highest = max(highest, float(np.abs(heard).max()))
    return bench, highest


@pytest.mark.parametrize("seed", range(3))
def test_without_gain_no_modulation_makes_noise_twice_as_loud(seed: int) -> None:
    _, highest = wild(seed, 2000, 0.0, switched=True)
    assert highest < 2.0


@pytest.mark.parametrize("seed", range(3))
def test_wild_modulation_of_everything_stays_within_the_gains_set(seed: int) -> None:
    """Bands of up to +12 dB are rarely at one place; and afterwards everything is as new."""
    bench, highest = wild(seed, 2000, 12.0, switched=False)
    assert highest < 4.0**2
    bench.set(glide=True)
    bench.run(noise(1920))
    sound = noise(480, seed=4)
    np.testing.assert_array_equal(bench.run(sound), sound)


def test_a_narrow_bell_swept_as_fast_as_it_goes_stays_within_its_gain() -> None:
    bench = Bench(PROCESSOR)
    random = np.random.default_rng(6)
    highest = 0.0
    for _ in range(3000):
        bench.set(
            glide=True, bell_1=1.0, bell_1_q=20.0, bell_1_gain_db=24.0, bell_1_hz=20.0 * 1000.0 ** random.uniform()
        )
        highest = max(highest, float(np.abs(bench.run(noise(200, 1.0, int(random.integers(1 << 30))))).max()))
    assert highest < 10.0 ** (24.0 / 20.0) * 1.5


# --- cost


def microseconds(bench: Bench) -> float:
    """The time of a block of 64 frames of 64 lanes, the best of many."""
    address, block = bench.unit.base.ctypes.data, np.zeros((64, LANES), np.float32)
    block[:] = np.random.default_rng(1).uniform(-0.1, 0.1, block.shape)
    PROCESSOR.entry(address, SETTLE, 0, 0)
    best = np.inf
    for _ in range(300):
        copy = block.copy()
        begun = time.perf_counter()
        PROCESSOR.entry(address, PROCESS, copy.ctypes.data, 64)
        best = min(best, time.perf_counter() - begun)
    return best * 1e6


def test_time_of_a_block() -> None:
    cases: dict[str, dict[str, float]] = {"nothing": {}, "a bell": {"bell_1": 1.0}, "everything": ALL_ON}
    for name, settings in cases.items():
        bench = Bench(PROCESSOR)
        for column in range(STRIPS_PER_RACK):
            bench.set(column=column, **settings)
        print(f"{name}: {microseconds(bench):.1f} us for 64 frames of {LANES} lanes")
