import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.meter_types import METERS
from tui.drawing.own_meter import own_label, own_marks
from tui.drawing.plan import STAGE_VIEWS, plan_strip, short_stage, stage_label
from tui.drawing.scale import MeterTypeId

K_20, BBC = METERS["k_20"], METERS["ppm_bbc"]


@pytest.mark.parametrize(
    ("meter", "stage", "cells", "text"),
    [
        (K_20, None, 4, "K-20"), (K_20, None, 3, "K20"), (K_20, "insert 3", 8, "K-20 I3"),
        (K_20, "insert 3", 6, "K20 I3"), (K_20, "insert 3", 5, "K20I3"), (K_20, "insert 3", 4, "K-20"),
        (None, "insert 3", 5, "INS 3"),
        (None, "insert 3", 4, "I3"), (None, "all", 4, "ALL"), (None, "fader", 4, "OUT"), (BBC, "send a", 5, "BBCSa"),
    ],
)  # fmt: skip
def test_a_label_says_as_much_as_there_is_room_for(meter: object, stage: str | None, cells: int, text: str) -> None:
    assert own_label(meter, stage, cells) == text  # type: ignore[arg-type]


@given(st.sampled_from([None, *METERS]), st.sampled_from([None, *STAGE_VIEWS]), st.integers(2, 14))
def test_a_label_always_fits(meter_id: MeterTypeId | None, stage: str | None, cells: int) -> None:
    if meter_id is not None or stage is not None:
        assert 0 < len(own_label(None if meter_id is None else METERS[meter_id], stage, cells)) <= cells


def test_marks_are_numbers_where_they_fit_and_the_reference_is_bright() -> None:
    wide = {text: role for _, text, role in own_marks(BBC, 24, 3, "-")}
    assert {"1", "4", "7"} <= wide.keys()
    assert [text for text, role in wide.items() if role == "bright"] == ["4"]
    narrow = own_marks(K_20, 24, 1, "-")
    assert [text for _, text, role in narrow if role == "bright"] == ["0"]
    assert {text for _, text, role in narrow if role != "bright"} == {"-"}


@given(st.integers(4, 20), st.sampled_from(STAGE_VIEWS))
def test_lanes_scale_and_fader_of_a_strip_stand_side_by_side(width: int, view: str) -> None:
    plan = plan_strip(width, view, own_scale=True)
    taken = [(plan.scale_x, plan.scale_width), (plan.fader_x, plan.fader_width)]
    taken += [(lane.x, lane.width) for lane in plan.lanes]
    cells = [x + cell for x, cells in taken for cell in range(cells)]
    assert len(set(cells)) == len(cells)
    assert min(cells) >= 0
    assert max(cells) < width
    assert plan.fader_width >= 1
    assert view == "all" or plan.scale_width in (1, 3)


def test_every_stage_has_a_name_and_a_short_one() -> None:
    assert [stage_label(view) for view in ("fader", "all", "trim", "insert 3", "send b")] == [
        "output", "all stages", "after trim", "after insert 3", "send b",
    ]  # fmt: skip
    assert len({stage_label(view) for view in STAGE_VIEWS}) == len(STAGE_VIEWS)
    assert all(len(short_stage(view)) <= 5 for view in STAGE_VIEWS)
