"""K-weighting against the tables of BS.1770-5 and the response they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from engine.meters.k_weighting import LOUDNESS_OFFSET_DB, few_products, k_weighting

SHELF_48000 = (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
HIGH_PASS_48000 = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)
"""BS.1770-5 Annex 1, Tables 1 and 2."""

SHELVES = {
    44100: (1.5308412300503478, -2.6509799951547297, 1.169079079921587, -1.6636551132560204, 0.7125954280732254),
    88200: (1.5575153755796538, -2.905627079926345, 1.3613339774722124, -1.8309199879623321, 0.8441422610878527),
    96000: (1.5597142289757966, -2.9267415782510824, 1.3782612023158187, -1.8446094698901085, 0.8558433229306412),
    192000: (1.572227215091279, -3.0472830515615508, 1.4779713409796094, -1.9222022306074886, 0.9251177351168259),
}
HIGH_PASS_POLES = {
    44100: (-1.989169673629796, 0.9891990357870393),
    88200: (-1.9945775154503445, 0.9945848758780549),
    96000: (-1.9950175447247156, 0.9950237590409233),
    192000: (-1.9975072228407, 0.9975087783555097),
}
"""The same filter at other rates, as other meters have it (metering.md 1.2)."""

LOW_RATES = (8000, 11025, 16000, 22050, 24000, 32000)


def test_at_48_khz_it_is_the_standard_s_tables() -> None:
    weighting = k_weighting(48000)
    assert weighting.shelf == pytest.approx(SHELF_48000, abs=1e-12)
    assert weighting.high_pass == pytest.approx(HIGH_PASS_48000, abs=1e-12)


@pytest.mark.parametrize("rate", SHELVES)
def test_at_other_rates_it_is_the_same_analogue_filter(rate: int) -> None:
    weighting = k_weighting(rate)
    assert weighting.shelf == pytest.approx(SHELVES[rate], abs=1e-12)
    assert weighting.high_pass[3:] == pytest.approx(HIGH_PASS_POLES[rate], abs=1e-12)
    b0, b1, b2 = weighting.high_pass[:3]
    assert (b1, b2) == pytest.approx((-2.0 * b0, b0))


@pytest.mark.parametrize("rate", [2000, 4000, *LOW_RATES, 44100, 48000, 88200, 96000, 192000, 384000, 768000])
def test_997_hz_has_the_gain_that_the_offset_stands_for(rate: int) -> None:
    tolerance_db = 1e-4 if rate >= 4000 else 0.2
    hertz = min(997.0, 0.45 * rate)
    assert k_weighting(rate).gain_db(hertz) == pytest.approx(k_weighting(48000).gain_db(hertz), abs=tolerance_db)
    assert k_weighting(48000).gain_db(997.0) == pytest.approx(-LOUDNESS_OFFSET_DB, abs=1e-4)


@pytest.mark.parametrize(
    ("rates", "most_db"), [((44100, 88200, 96000, 192000, 768000), 0.015), (LOW_RATES, 0.06), ((1000, 2000, 4000), 0.2)]
)
def test_the_response_is_that_of_48_khz(rates: tuple[int, ...], most_db: float) -> None:
    reference = k_weighting(48000)
    for rate in rates:
        weighting = k_weighting(rate)
        for hertz in np.geomspace(20.0, min(20000.0, 0.49 * rate), 100):
            assert weighting.gain_db(hertz) == pytest.approx(reference.gain_db(hertz), abs=most_db), (rate, hertz)


def test_it_is_stable_at_every_rate() -> None:
    for rate in (1000, 1500, 3000, 7000, *LOW_RATES, 44100, 768000):
        for _, _, _, a1, a2 in (k_weighting(rate).shelf, k_weighting(rate).high_pass):
            assert np.abs(np.roots([1.0, a1, a2])).max() < 1.0


@pytest.mark.parametrize("rate", [44100.0, 48000.0, 192000.0])
def test_the_form_with_few_products_is_the_same_filter(rate: float) -> None:
    for biquad in (k_weighting(rate).shelf, k_weighting(rate).high_pass):
        f1, f2, f3, y0, y1, y2 = few_products(biquad)
        b0, b1, b2, a1, a2 = biquad
        ic1 = ic2 = x1 = x2 = out1 = out2 = 0.0
        for x in [1.0, *[0.0] * 200, -0.5, 0.25, *[0.1] * 200]:
            d = x - ic2
            y = y0 * d + y1 * ic1 + y2 * ic2
            ic1, ic2 = f1 * ic1 + f2 * d, ic2 + f2 * ic1 + f3 * d
            out = b0 * x + b1 * x1 + b2 * x2 - a1 * out1 - a2 * out2
            x2, x1, out2, out1 = x1, x, out1, out
            assert y == pytest.approx(out, abs=1e-9)
