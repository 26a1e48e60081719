"""State-variable filters equal the biquads they stand for, never gain energy by themselves, and lose no precision."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from engine.core.record import LANES, allocate, record
from engine.dsp.filter_design import bell, high_pass, low_pass, low_shelf
from engine.dsp.svf import SVF_ROWS, SVF_STATE, aim_biquad, aim_out, aim_svf, fade_in, run_svf

RATES = (44100, 48000, 96000, 192000)
Array = npt.NDArray[np.float64]
Biquad = tuple[float, float, float, float, float]


def coefficients(kind: type) -> npt.NDArray:
    """Memory in the form of a glide's, of a precision."""
    rows = (SVF_ROWS, LANES)
    return allocate(record([("target", kind, rows), ("value", kind, rows)]))


def state(kind: type) -> npt.NDArray:
    """The state of the filters, of a precision."""
    return allocate(SVF_STATE if kind is np.float32 else record([(name, kind, (LANES,)) for name in SVF_STATE.names]))


def heard(aimed: npt.NDArray, block: npt.NDArray) -> npt.NDArray:
    """A block after the filters, at the precision it has."""
    out = block.copy()
    run_svf(aimed.target.astype(block.dtype), 0, state(block.dtype.type), out, 0, len(out))
    return out


def rbj(kind: str, frequency_hz: float, gain_db: float, q: float, rate: int) -> Biquad:
    """The audio EQ cookbook's bell and shelves (metering.md section 8)."""
    a = 10.0 ** (gain_db / 40.0)
    w = 2.0 * math.pi * frequency_hz / rate
    alpha = math.sin(w) / (2.0 * q)
    if kind == "bell":
        b, c = [1 + alpha * a, -2 * math.cos(w), 1 - alpha * a], [1 + alpha / a, -2 * math.cos(w), 1 - alpha / a]
    else:
        cos = math.cos(w) if kind == "low shelf" else -math.cos(w)
        sign = 1.0 if kind == "low shelf" else -1.0
        bow = 2.0 * math.sqrt(a) * alpha
        b = [a * (a + 1 - (a - 1) * cos + bow), sign * 2 * a * (a - 1 - (a + 1) * cos)]
        b.append(a * (a + 1 - (a - 1) * cos - bow))
        c = [a + 1 + (a - 1) * cos + bow, sign * -2 * (a - 1 + (a + 1) * cos), a + 1 + (a - 1) * cos - bow]
    return b[0] / c[0], b[1] / c[0], b[2] / c[0], c[1] / c[0], c[2] / c[0]


def simper(kind: str, frequency_hz: float, gain_db: float, q: float, rate: int) -> Biquad:
    """g, k, m0, m1, m2 of the same filters after Simper (metering.md section 8)."""
    a = 10.0 ** (gain_db / 40.0)
    g = math.tan(math.pi * frequency_hz / rate)
    if kind == "bell":
        k = 1.0 / (q * a)
        return g, k, 1.0, k * (a * a - 1.0), 0.0
    k = 1.0 / q
    if kind == "low shelf":
        return g / math.sqrt(a), k, 1.0, k * (a - 1.0), a * a - 1.0
    return g * math.sqrt(a), k, a * a, k * (1.0 - a) * a, 1.0 - a * a


def direct_form(biquad: Biquad, x: Array) -> Array:
    """The slow obvious reference."""
    b0, b1, b2, a1, a2 = biquad
    y = np.zeros(len(x))
    for n in range(len(x)):
        y[n] = b0 * x[n]
        if n > 0:
            y[n] += b1 * x[n - 1] - a1 * y[n - 1]
        if n > 1:
            y[n] += b2 * x[n - 2] - a2 * y[n - 2]
    return y


@pytest.mark.parametrize("kind", ["bell", "low shelf", "high shelf"])
@pytest.mark.parametrize("setting", [(1000.0, 12.0, 1.0), (100.0, -18.0, 0.7), (15000.0, 6.0, 3.0)])
def test_bell_and_shelves_equal_the_cookbooks_biquads(kind: str, setting: tuple[float, float, float]) -> None:
    """Conformance DS-03."""
    block = np.zeros((1000, LANES))
    block[0] = 1.0
    biquad = rbj(kind, *setting, 48000)
    expected = direct_form(biquad, block[:, 0])
    aimed = coefficients(np.float64)
    aim_svf(aimed, 0, 0, *simper(kind, *setting, 48000))
    aim_biquad(aimed, 0, 1, *biquad)
    out = heard(aimed, block)
    np.testing.assert_allclose(out[:, 0], expected, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(out[:, 1], expected, rtol=0.0, atol=1e-12)


def random_biquads(count: int, seed: int) -> list[Biquad]:
    random = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        a2 = 1.0 - 10.0 ** random.uniform(-4.0, 0.2)
        a1 = random.uniform(-0.9999, 0.9999) * (1.0 + a2)
        found.append((*random.uniform(-2.0, 2.0, 3), a1, a2))
    return found


def test_any_stable_biquad_has_a_form_of_state_variables() -> None:
    aimed = coefficients(np.float64)
    biquads = random_biquads(LANES, 1)
    for lane, biquad in enumerate(biquads):
        aim_biquad(aimed, 0, lane, *biquad)
    block = np.zeros((200, LANES))
    block[0] = 1.0
    out = heard(aimed, block)
    for lane, biquad in enumerate(biquads):
        np.testing.assert_allclose(out[:, lane], direct_form(biquad, block[:, lane]), rtol=1e-9, atol=1e-9)


def test_no_coefficients_between_stable_ones_enlarge_the_state() -> None:
    ends = coefficients(np.float64), coefficients(np.float64)
    for end, seed in zip(ends, (2, 3), strict=True):
        for lane, biquad in enumerate(random_biquads(LANES, seed)):
            aim_biquad(end, 0, lane, *biquad)
    random = np.random.default_rng(4)
    filters = state(np.float64)
    filters.ic1[:], filters.ic2[:] = random.standard_normal((2, LANES))
    energy = filters.ic1**2 + filters.ic2**2
    for _ in range(2000):
        share = random.uniform(0.0, 1.0, LANES)
        run_svf(ends[0].target * share + ends[1].target * (1.0 - share), 0, filters, np.zeros((1, LANES)), 0, 1)
        now = filters.ic1**2 + filters.ic2**2
        assert (now <= energy * (1.0 + 1e-12) + 1e-250).all()
        energy = now


def test_out_copies_bits() -> None:
    aimed = coefficients(np.float32)
    for lane in range(LANES):
        aim_biquad(aimed, 0, lane, *low_shelf(100.0, 12.0, 0.7, 48000.0))
        aim_out(aimed, 0, lane)
    block = np.random.default_rng(1).uniform(-1.0, 1.0, (1000, LANES)).astype(np.float32)
    np.testing.assert_array_equal(heard(aimed, block), block)


def test_what_fades_in_has_heard_nothing_and_stands_where_it_was_aimed() -> None:
    aimed = coefficients(np.float32)
    filters = state(np.float32)
    for name in SVF_STATE.names:
        filters[name][:] = 1.0
    aim_biquad(aimed, 0, 3, *bell(1000.0, 6.0, 1.0, 48000.0))
    fade_in(aimed, 0, 3, filters)
    np.testing.assert_array_equal(aimed.value[:3, 3], aimed.target[:3, 3])
    assert not aimed.value[3:].any()
    assert [filters[name][3] for name in SVF_STATE.names] == [0.0] * 4
    assert filters.ic1[4] == 1.0


FILTERS = (
    *(("high-pass", 20.0, 0.0, q) for q in (0.5412, 0.7071, 1.3066)),
    ("low-pass", 20.0, 0.0, 0.7071),
    *(("low shelf", hz, gain_db, 0.7071) for hz in (20.0, 1000.0) for gain_db in (-24.0, 24.0)),
    *(("bell", hz, *rest) for hz in (20.0, 1000.0, 10000.0) for rest in ((12.0, 1.0), (24.0, 10.0), (-24.0, 10.0))),
)
"""Kind, frequency, gain and Q."""


def matched(kind: str, frequency_hz: float, gain_db: float, q: float, rate: int) -> Biquad:
    if kind == "high-pass":
        return high_pass(frequency_hz, q, float(rate))
    if kind == "low-pass":
        return low_pass(frequency_hz, q, float(rate))
    return (bell if kind == "bell" else low_shelf)(frequency_hz, gain_db, q, float(rate))


def programmes(rate: int) -> Array:
    """Full-scale sound of 2 s, of three kinds: pink noise, a low sine, a sine beside direct current."""
    n = np.arange(2 * rate)
    spectrum = np.fft.rfft(np.random.default_rng(1).standard_normal(len(n)))
    pink = np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 20.0), len(n))
    low = np.sin(2.0 * np.pi * 20.3 * n / rate)
    offset = 0.5 + 0.5 * np.sin(2.0 * np.pi * 997.0 * n / rate)
    return np.stack([pink / np.abs(pink).max(), low, offset])


@pytest.mark.parametrize("rate", RATES)
def test_float32_differs_from_double_precision_by_less_than_minus_120_dbfs(rate: int) -> None:
    """Same coefficients, both: below -120 dB of full scale, or of the output's peak where that is higher."""
    sounds = programmes(rate)
    block = np.zeros((sounds.shape[1], LANES), np.float32)
    aimed = coefficients(np.float32)
    cases = [(one, sound) for one in FILTERS for sound in range(len(sounds))]
    for lane, (one, sound) in enumerate(cases):
        aim_biquad(aimed, 0, lane, *matched(*one, rate))
        block[:, lane] = sounds[sound]
    single = heard(aimed, block).astype(np.float64)
    double = heard(aimed, block.astype(np.float64))
    largest = np.maximum(np.abs(double).max(axis=0), 1.0)
    error_db = 20.0 * np.log10(np.abs(single - double).max(axis=0) / largest + 1e-30)
    told = {case: round(float(error_db[lane]), 1) for lane, case in enumerate(cases)}
    assert {case: error for case, error in told.items() if error > -120.0} == {}


@pytest.mark.parametrize("rate", RATES)
def test_rounded_coefficients_of_the_hard_cases_are_as_good(rate: int) -> None:
    """Against coefficients of double precision too: filters at 20 Hz that are not narrow."""
    sound = programmes(rate)[0].astype(np.float32)
    block = np.repeat(sound[:, None], LANES, axis=1)
    single, double = coefficients(np.float32), coefficients(np.float64)
    cases = [one for one in FILTERS if one[1] == 20.0 and one[3] < 2.0]
    for lane, one in enumerate(cases):
        for aimed in (single, double):
            aim_biquad(aimed, 0, lane, *matched(*one, rate))
    exact = heard(double, block.astype(np.float64))
    largest = np.maximum(np.abs(exact).max(axis=0), 1.0)
    error_db = 20.0 * np.log10(np.abs(heard(single, block) - exact).max(axis=0) / largest + 1e-30)
    assert error_db[: len(cases)].max() < -120.0
