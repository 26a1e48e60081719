import math
from dataclasses import replace

import numpy as np
import pytest

from engine.meters.frame import AFTER_FADER, AFTER_TRIM, INPUT, MeterFrame
from engine.meters.reader import silent_frame
from tui.drawing.meter_types import METERS
from tui.holds import Holds

PLACE = 0, 1, 0
"""A strip, a stage, a side."""


def frame(level_db: float, strips: int = 2, **fields: float) -> MeterFrame:
    """The same level everywhere, and some fields with levels of their own."""
    silent = silent_frame(strips)
    values = {name: np.full_like(getattr(silent, name), level_db) for name in (
        "peak_dbfs", "hold_dbfs", "true_peak_dbtp", "true_hold_dbtp", "rms_dbfs", "vu_db", "ppm_1_dbfs", "ppm_2_dbfs",
        "k_system_dbfs", "momentary_lufs", "short_term_lufs", "integrated_lufs")}  # fmt: skip
    values |= {name: np.full_like(getattr(silent, name), value) for name, value in fields.items()}
    return replace(silent, **values)


@pytest.mark.parametrize("meter", METERS.values(), ids=METERS)
def test_another_type_shows_what_has_been(meter: object) -> None:
    holds = Holds()
    holds.update(frame(-12.0), 0.0)
    holds.update(frame(-40.0, hold_dbfs=-12.0, true_hold_dbtp=-12.0), 1.0)
    assert holds.levels(meter)[PLACE] == -40.0  # type: ignore[arg-type]
    assert holds.marks(meter)[PLACE] == -12.0  # type: ignore[arg-type]
    assert holds.numbers(meter)[PLACE] == (-12.0 if meter.held else -40.0)  # type: ignore[attr-defined,arg-type]


@pytest.mark.parametrize(("hold_s", "after"), [(2.0, -40.0), (math.inf, -12.0), (0.0, -np.inf), (10.0, -12.0)])
def test_marks_stay_as_long_as_is_set(hold_s: float, after: float) -> None:
    holds, rms = Holds(), METERS["rms"]
    holds.update(frame(-12.0), 0.0, hold_s)
    holds.update(frame(-40.0), 3.0, hold_s)
    assert holds.marks(rms)[PLACE] == after
    assert holds.numbers(rms)[PLACE] == -12.0


@pytest.mark.parametrize(("hold_s", "after"), [(2.0, -6.0), (0.0, -30.0)])
def test_a_k_meter_marks_the_peak_even_where_no_mark_stays(hold_s: float, after: float) -> None:
    holds, k_20 = Holds(), METERS["k_20"]
    holds.update(frame(-20.0, peak_dbfs=-6.0), 0.0, hold_s)
    holds.update(frame(-40.0, peak_dbfs=-30.0), 1.0, hold_s)
    assert holds.marks(k_20)[PLACE] == after
    places = np.array([[2], [3]])  # both sides of the stage in PLACE
    assert holds.shown(holds.places(k_20, places)).max(axis=1).tolist() == [[-40.0], [after]]


def test_a_higher_level_takes_the_mark_along() -> None:
    holds, vu = Holds(), METERS["vu"]
    holds.update(frame(-12.0), 0.0)
    holds.update(frame(-6.0), 0.1)
    holds.update(frame(-20.0), 2.05)
    assert holds.marks(vu)[PLACE] == -6.0


def test_peaks_are_those_that_the_engine_holds() -> None:
    holds = Holds()
    holds.update(frame(-12.0, hold_dbfs=-1.0, true_hold_dbtp=0.3), 0.0)
    assert holds.numbers(METERS["peak"])[PLACE] == np.float32(-1.0)
    assert holds.numbers(METERS["true_peak"])[PLACE] == np.float32(0.3)


def test_one_strip_is_cleared_and_the_others_are_not() -> None:
    holds, rms = Holds(), METERS["rms"]
    holds.update(frame(-12.0), 0.0)
    holds.clear(1)
    holds.update(frame(-30.0), 0.1)
    assert [holds.numbers(rms)[row, 0, 0] for row in (0, 1, 2)] == [-12.0, -30.0, -12.0]
    assert [holds.marks(rms)[row, 0, 0] for row in (0, 1, 2)] == [-12.0, -30.0, -12.0]
    holds.clear()
    holds.update(frame(-40.0), 0.2)
    assert (holds.numbers(rms) == -40.0).all()


def test_one_stage_is_cleared_and_the_others_are_not() -> None:
    holds, rms = Holds(), METERS["rms"]
    holds.update(frame(-12.0), 0.0)
    holds.clear(1, AFTER_TRIM)
    holds.update(frame(-30.0), 0.1)
    assert holds.numbers(rms)[1, [INPUT, AFTER_TRIM, AFTER_FADER], 0].tolist() == [-12.0, -30.0, -12.0]
    assert (holds.numbers(rms)[[0, 2]] == -12.0).all()


def test_all_is_cleared_when_the_engine_has_begun_anew() -> None:
    holds, rms = Holds(), METERS["rms"]
    holds.update(frame(-12.0), 0.0)
    holds.update(replace(frame(-30.0), holds_cleared=1), 0.1)
    assert (holds.numbers(rms) == -30.0).all()
    holds.update(replace(frame(-40.0), holds_cleared=1), 0.2)
    assert (holds.numbers(rms) == -30.0).all()


def test_the_monitor_is_cleared_with_the_master() -> None:
    holds, rms = Holds(), METERS["rms"]
    holds.follow(("a",))
    holds.update(frame(-12.0, strips=1), 0.0)
    holds.clear(1)
    holds.update(frame(-30.0, strips=1), 0.1)
    assert holds.numbers(rms)[:, 0, 0].tolist() == [-12.0, -30.0, -30.0]


def test_what_is_held_goes_with_its_strip() -> None:
    holds, rms = Holds(), METERS["rms"]
    holds.follow(("a", "b"))
    levels = frame(-40.0)
    levels.rms_dbfs[:] = np.array([-1.0, -2.0, -3.0, -4.0])[:, None, None]  # a, b, master, monitor
    holds.update(levels, 0.0)
    holds.follow(("b", "c", "a"))
    holds.update(frame(-50.0, strips=3), 0.1)
    assert holds.numbers(rms)[:, 0, 0].tolist() == [-2.0, -50.0, -1.0, -3.0, -4.0]
    assert holds.marks(rms)[:, 0, 0].tolist() == [-2.0, -50.0, -1.0, -3.0, -4.0]
