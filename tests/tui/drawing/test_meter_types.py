import math

import numpy as np
import pytest

from sessions.meters import MeterState
from tui.drawing.meter_types import METERS, meter_types


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
        ("peak", (-30, -18, -6, -0.1, 0.0), ("low", "target", "hot", "hot", "over")),
        ("rms", (-30, -18, -12, -6), ("low", "target", "hot", "hot")),
        ("vu", (-20, -6, 0, 3, 17.9, 18.0), ("low", "target", "hot", "hot", "hot", "over")),
        ("ppm_din", (-10, -9, 0, 5, 9), ("low", "target", "hot", "hot", "over")),
        ("ppm_bbc", (3.9, 4, 6, 8.4, 8.5), ("low", "target", "hot", "hot", "over")),
        ("lufs_m", (-25, -23.5, -22, -1), ("low", "target", "hot", "hot")),
        ("k_20", (-40, -0.1, 0, 3.9, 4, 19.9, 20), ("target", "target", "hot", "hot", "loud", "loud", "over")),
        ("k_12", (-0.1, 3.9, 4, 12), ("target", "hot", "loud", "over")),
    ],
)
def test_each_meter_type_has_the_zones_of_its_standard(
    meter_id: str, levels: tuple[float, ...], zones: tuple[str, ...]
) -> None:
    meter = METERS[meter_id]  # type: ignore[index]
    assert tuple(meter.zone(level) for level in levels) == zones


def test_hot_is_never_over_and_over_begins_at_full_scale() -> None:
    for meter in METERS.values():
        over = [zone.start for zone in meter.zones if zone.name == "over"]
        if meter.unit == "LUFS":
            assert not over  # loudness has no full scale
        elif meter.id != "vu":
            assert over == [float(meter.read(np.array(0.0, np.float32)))]


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
    assert types["vu"].zone(19.9) == "hot"
    assert types["vu"].zone(20.0) == "over"
    assert "K-weighted" in types["k_14"].note


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
