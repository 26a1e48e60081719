import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.meters.frame import INPUT, MeterFrame
from engine.mix import MeterSettings, Mix, Stem, Strip
from engine.offline import survey, write_wav
from sessions.meters import MeterState
from tui.drawing.facts import LevelFact
from tui.drawing.meter_types import METERS, meter_types

RATE = 48000
Metered = Callable[[np.ndarray], MeterFrame]


@pytest.fixture
def metered(tmp_path: Path) -> Metered:
    """What the meters read near the end of a second of a wave, which is repeated."""

    def read(wave: np.ndarray) -> MeterFrame:
        path = tmp_path / "wave.wav"
        write_wav(path, np.resize(wave, (RATE, 1)).astype(np.float32), RATE, "FLOAT")
        mix = Mix(RATE, (Strip("a", "A", Stem(str(path))),), meters=MeterSettings(rms_aes17=True))
        return survey(mix, end_s=0.9).frame

    return read


@pytest.mark.parametrize(
    ("meter_id", "dbfs", "level"),
    [
        ("peak", -18, -18), ("true_peak", -18, -18), ("ppm_din", -18, -9), ("ppm_din", -9, 0), ("ppm_nordic", -18, 0),
        ("ppm_bbc", -18, 4), ("ppm_bbc", -10, 6), ("ppm_bbc", -30, 1), ("ppm_bbc", -90, 0), ("ppm_ebu", -18, 0),
        ("ppm_ebu", -9, 9), ("k_20", -20, 0), ("k_14", -14, 0), ("k_12", -12, 0), ("lufs_s", -23, -23),
    ],
)  # fmt: skip
def test_the_alignment_level_reads_as_each_standard_says(meter_id: str, dbfs: float, level: float) -> None:
    meter = METERS[meter_id]  # type: ignore[index]
    assert float(meter.read(np.array(dbfs, np.float32))) == pytest.approx(level)


@pytest.mark.parametrize(
    ("meter_id", "levels", "zones"),
    [
        ("peak", (-30, -18, -6, -0.1, 0.0, 0.1), ("low", "target", "hot", "hot", "hot", "over")),
        ("true_peak", (-0.1, 0.0, 0.1), ("hot", "hot", "over")),
        ("rms", (-30, -18, -12, -6, 2.0), ("low", "target", "hot", "hot", "hot")),
        ("vu", (-20, -6, 0, 3, 20.9), ("low", "target", "hot", "hot", "hot")),
        ("ppm_din", (-10, -9, 0, 5, 9.2), ("low", "target", "hot", "hot", "hot")),
        ("ppm_bbc", (3.9, 4, 6, 8.6), ("low", "target", "hot", "hot")),
        ("lufs_m", (-25, -23.5, -22, -1), ("low", "target", "hot", "hot")),
        ("k_20", (-40, -0.1, 0, 3.9, 4, 19.9, 22), ("target", "target", "hot", "hot", "loud", "loud", "loud")),
        ("k_12", (-0.1, 3.9, 4, 14), ("target", "hot", "loud", "loud")),
    ],
)
def test_each_meter_type_has_the_zones_of_its_standard(
    meter_id: str, levels: tuple[float, ...], zones: tuple[str, ...]
) -> None:
    meter = METERS[meter_id]  # type: ignore[index]
    assert tuple(meter.zone(level) for level in levels) == zones


def test_a_square_wave_below_full_scale_is_over_on_no_meter(metered: Metered) -> None:
    frame = metered(10.0 ** (-0.1 / 20.0) * np.repeat([1.0, -1.0], RATE // 200))
    assert frame.overs[0, INPUT] == 0
    types = meter_types(MeterState(rms_aes17=True))
    read = {meter.id: float(np.max(meter.levels(frame)[0, INPUT])) for meter in types.values()}
    for meter_id, full_scale in (("rms", 0.0), ("vu", 18.0), ("ppm_din", 9.0), ("ppm_ebu", 18.0), ("k_20", 20.0)):
        assert read[meter_id] > full_scale, meter_id  # type: ignore[index]
    # Between its samples a square wave is higher than at them, which is what true peaks are for.
    assert {meter.id for meter in types.values() if meter.zone(read[meter.id]) == "over"} == {"true_peak"}


@pytest.mark.parametrize(("top", "zone"), [(1.0, "hot"), (1.01, "over")])
def test_full_scale_itself_is_not_over_and_what_is_above_it_is(metered: Metered, top: float, zone: str) -> None:
    frame, meter = metered(np.array([top])), METERS["peak"]
    level = float(np.max(meter.levels(frame)[0, INPUT]))
    assert bool(frame.overs[0, INPUT]) == (zone == "over")
    assert meter.zone(level) == LevelFact.of(meter, level, bool(frame.over[0, INPUT].any())).zone == zone


def test_the_mark_of_full_scale_shows_where_over_begins() -> None:
    assert [METERS["peak"].zone_above(mark) for mark in (0.0, -3.0, -6.0, -18.0)] == ["over", "hot", "hot", "target"]
    assert METERS["rms"].zone_above(0.0) == "hot"


def test_types_have_names_that_fit_where_they_stand() -> None:
    assert len({meter.name for meter in METERS.values()}) == len(METERS) == 14
    assert len({meter.short for meter in METERS.values()}) == 14
    for meter in METERS.values():
        assert len(meter.label) <= 6, meter.id
        assert len(meter.short) <= 4, meter.id
        assert len(meter.unit) <= 4, meter.id


def test_the_settings_say_what_they_are() -> None:
    types = meter_types(MeterState(rms_aes17=True, vu_reference_dbfs=-20.0, k_weighted=True))
    assert (METERS["rms"].name, types["rms"].name) == ("RMS", "RMS (AES17)")
    assert (METERS["vu"].note, types["vu"].note) == ("0 VU = -18 dBFS", "0 VU = -20 dBFS")
    assert (METERS["k_14"].note, types["k_14"].note) == (
        "0 = -14 dBFS, AES-17 average and peak",
        "0 = -14 dBFS, K-weighted average and peak",
    )


def test_the_loudness_scale_is_laid_around_its_target() -> None:
    wide = meter_types(MeterState(loudness_target_lufs=-16.0, loudness_scale="EBU +18"))["lufs_s"]
    assert [float(wide.height(level)) for level in (-52.0, -16.0, 2.0)] == pytest.approx([0.0, 2 / 3, 1.0])
    assert wide.marks[0] == -16.0
    assert [wide.zone(level) for level in (-18.0, -16.0, -14.0)] == ["low", "target", "hot"]


def test_a_k_meter_marks_peaks_on_the_scale_of_its_average() -> None:
    for meter_id in ("k_20", "k_14", "k_12"):
        meter = METERS[meter_id]  # type: ignore[index]
        assert (meter.source, meter.mark_source) == ("k_system_dbfs", "peak_dbfs")
    assert all(meter.mark_source is None for meter in METERS.values() if not meter.id.startswith("k_"))
    assert math.isclose(METERS["k_14"].law.level(1.0), 14.0)
