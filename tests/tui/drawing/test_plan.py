from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.plan import StageView, fits_all_stages, plan_columns, plan_rows, plan_strip

views = st.sampled_from(["fader", "trim", "input", "all"])


@given(st.integers(1, 100))
def test_rows_follow_each_other_without_gap_or_overlap(height: int) -> None:
    plan = plan_rows(height)
    assert plan.meter_rows >= 1
    kinds = [plan.kind_at(row) for row in range(max(height, len(plan.rows)))]
    assert None not in kinds
    assert kinds.count("meter") == plan.meter_rows


@given(st.integers(20, 300), st.integers(0, 128), views)
def test_columns_stay_on_the_desk_and_apart(width: int, strips: int, view: StageView) -> None:
    plan = plan_columns(width, strips, view)
    assert plan.visible <= strips
    if width < 40:
        return
    edges = [plan.strip_x(slot) for slot in range(plan.visible)]
    assert all(right - left > plan.strip.width for left, right in pairwise(edges))
    if edges:
        assert edges[-1] + plan.strip.width <= plan.scale_x
    assert plan.scale_x + plan.scale_width <= plan.master_x
    assert plan.master_x + plan.master.width <= width


@given(st.integers(4, 20), views)
def test_lanes_and_fader_share_a_strip_without_overlap(width: int, view: StageView) -> None:
    plan = plan_strip(width, view)
    taken = [column for lane in plan.lanes for column in range(lane.x, lane.x + lane.width)]
    taken += range(plan.fader_x, plan.fader_x + plan.fader_width)
    assert len(taken) == len(set(taken))
    assert min(taken) >= 0
    assert max(taken) < width
    assert {lane.stage for lane in plan.lanes} == ({0, 1, 2} if view == "all" else {_stage(view)})


def _stage(view: StageView) -> int:
    return {"input": 0, "trim": 1, "fader": 2}[view]


@pytest.mark.parametrize(
    ("width", "strips", "visible"),
    [(80, 24, 13), (80, 13, 13), (120, 24, 16), (200, 24, 24), (200, 32, 32), (80, 3, 3)],
)
def test_as_many_strips_are_visible_as_promised(width: int, strips: int, visible: int) -> None:
    assert plan_columns(width, strips, "fader").visible == visible


def test_all_stages_are_the_start_where_they_cost_nothing() -> None:
    assert fits_all_stages(200, 24)
    assert fits_all_stages(120, 12)
    assert not fits_all_stages(80, 12)
    assert not fits_all_stages(120, 24)


def test_the_controls_are_the_last_to_go() -> None:
    compact = {"number", "name", "trim", "insert_marks", "peak", "meter", "fader", "pan", "switches"}
    assert set(plan_rows(18).rows) == compact
    assert set(plan_rows(15).rows) == compact - {"number"}
    assert set(plan_rows(9).rows) >= {"name", "meter", "fader", "trim"}
