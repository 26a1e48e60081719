"""What there is to draw of processors, against values that are known."""

import numpy as np
import pytest

from engine.core.params import ParamSpec
from sessions.curves import echo_s, response_db, set_gain_db, static_db, transfer
from sessions.insert import InsertState, processors


def insert(kind: str, **values: float) -> InsertState:
    made = InsertState(kind)
    for param_id, value in values.items():
        made = made.with_value(param_id, value)
    return made


def test_an_equaliser_has_the_gain_of_a_bell_at_its_frequency() -> None:
    response = response_db(insert("equaliser", bell_2=1.0, bell_2_gain_db=6.0), [1000.0, 20.0], 48_000.0)
    assert response is not None
    assert response == pytest.approx([6.0, 0.0], abs=0.05)
    assert response_db(insert("utility"), [1000.0], 48_000.0) is None


@pytest.mark.parametrize(
    ("made", "levels", "expected"),
    [
        (insert("compressor", threshold_db=-20.0, compression_ratio=4.0, knee_db=0.0), [-30.0, -8.0], [-30.0, -17.0]),
        (insert("gate", threshold_db=-50.0, expansion_ratio=10.0, range_db=40.0), [-40.0, -52.0, -70.0],
         [-40.0, -70.0, -110.0]),
        (insert("limiter", input_gain_db=6.0, ceiling_dbtp=-1.0), [-20.0, -3.0], [-14.0, -1.0]),
    ],
)  # fmt: skip
def test_static_curves(made: InsertState, levels: list[float], expected: list[float]) -> None:
    assert static_db(made, levels) == pytest.approx(expected)


def test_what_bends_the_wave_leaves_a_quiet_sample_as_it_is() -> None:
    for kind in ("saturator", "console", "tape"):
        bent = transfer(insert(kind), [0.001, -0.001, 1.0])
        assert bent is not None
        assert bent[:2] == pytest.approx([0.001, -0.001], rel=0.01)
        assert bent[2] < 0.8
    assert transfer(insert("utility"), [0.1]) is None


def test_every_kind_can_be_asked_for_everything() -> None:
    for kind in processors():
        made = InsertState(kind)
        for curve in (static_db(made, [-20.0]), transfer(made, [0.1]), response_db(made, [100.0], 44_100.0)):
            assert curve is None or np.all(np.isfinite(curve))
        assert set_gain_db(made) == 0.0


def test_the_gain_a_slot_is_set_to() -> None:
    assert set_gain_db(insert("utility", gain_db=6.0)) == pytest.approx(6.0)
    assert set_gain_db(insert("saturator", drive_db=12.0, output_db=-10.0)) == pytest.approx(2.0)
    halved = InsertState("utility", insert("utility", gain_db=20.0 * np.log10(3.0)).params, mix_percent=50.0)
    assert set_gain_db(halved) == pytest.approx(20.0 * np.log10(2.0))
    trimmed = InsertState("compressor", insert("compressor", make_up_db=4.0).params, output_db=-1.5)
    assert set_gain_db(trimmed) == pytest.approx(2.5)
    assert set_gain_db(InsertState("utility", insert("utility", gain_db=6.0).params, bypass=True)) == 0.0


def place(spec: ParamSpec, name: str) -> float:
    return float(spec.choices.index(name))


@pytest.mark.parametrize(
    ("note", "tempo_bpm", "seconds"),
    [("1/4", 120.0, 0.5), ("1/8D", 120.0, 0.375), ("1/4T", 60.0, 2 / 3), ("1/1", 60.0, 2.0)],
)
def test_the_time_between_echoes_by_notes(note: str, tempo_bpm: float, seconds: float) -> None:
    delay = insert("delay")
    synced = insert("delay", sync=1.0, tempo_bpm=tempo_bpm, note=place(delay.spec("note"), note))
    assert echo_s(synced) == pytest.approx(seconds)
    assert echo_s(insert("delay", time_ms=250.0)) == 0.25
