from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.meters.frame import OVERVIEW
from tui.drawing.plan import RowNeeds, StageView, fits_all_stages, plan_columns, plan_rows, plan_strip

views = st.sampled_from(["fader", "trim", "input", "all"])


needs = st.builds(
    RowNeeds,
    slots=st.integers(0, 8),
    sends=st.integers(0, 4),
    slot=st.none() | st.integers(1, 8),
    send=st.none() | st.integers(0, 3),
)


@given(st.integers(1, 100), needs)
def test_rows_follow_each_other_without_gap_or_overlap(height: int, needs: RowNeeds) -> None:
    plan = plan_rows(height, needs)
    assert plan.meter_rows >= 1
    kinds = [plan.kind_at(row) for row in range(max(height, sum(map(plan.rows_of, plan.rows))))]
    assert None not in kinds
    assert all(kinds.count(kind) == plan.rows_of(kind) for kind in plan.rows)


@given(st.integers(18, 100), needs)
def test_the_meters_stay_readable_and_what_is_selected_is_seen(height: int, needs: RowNeeds) -> None:
    plan = plan_rows(height, needs)
    assert plan.meter_rows >= (12 if height >= 30 else 10)
    if plan.insert_rows and needs.slot is not None:
        assert plan.first_slot <= needs.slot < plan.first_slot + plan.insert_rows
    if needs.send is not None:
        assert plan.send_at(plan.rows["sends"]) <= needs.send < plan.first_send + plan.send_rows


def test_a_tall_desk_has_a_row_for_each_slot_in_use_and_one_more() -> None:
    plan = plan_rows(42, RowNeeds(slots=3, sends=1))
    assert (plan.insert_rows, plan.send_rows) == (4, 2)
    assert plan_rows(42, RowNeeds(slots=8, sends=4)).insert_rows == 8
    small = plan_rows(18, RowNeeds(slots=8, sends=4))
    assert small.rows.keys() >= {"insert_marks", "number"}
    assert "insert_marks" not in plan_rows(18, RowNeeds(send=1)).rows


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
    assert {lane.stage for lane in plan.lanes} == (set(OVERVIEW) if view == "all" else {_stage(view)})


def _stage(view: StageView) -> int:
    return dict(zip(("input", "trim", "fader"), OVERVIEW, strict=True))[view]


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
