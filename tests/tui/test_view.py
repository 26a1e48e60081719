from hypothesis import given
from hypothesis import strategies as st

from sessions.model import MASTER_ID
from tui.drawing.meter_types import METERS
from tui.drawing.plan import STAGE_VIEWS
from tui.view import View

ORDER = tuple(f"s{number}" for number in range(10))


def test_the_master_comes_after_the_last_strip() -> None:
    view = View(ORDER, "s8")
    view.step(1)
    view.step(1)
    assert view.selected == MASTER_ID
    view.step(1)
    assert view.selected == MASTER_ID
    view.step(-1)
    assert view.selected == "s9"


def test_tab_returns_to_the_strip_it_came_from() -> None:
    view = View(ORDER, "s4")
    view.zone_next()
    assert view.selected == MASTER_ID
    view.zone_next()
    assert view.selected == "s4"


def test_a_bank_is_a_screenful_and_takes_the_selection_along() -> None:
    view = View(ORDER, "s1")
    assert view.bank(1, 4)
    assert (view.first, view.selected) == (4, "s5")
    assert view.bank(1, 4)
    assert view.first == 6
    assert not view.bank(1, 4)
    assert view.bank(-1, 4)
    assert view.first == 2


def test_a_strip_that_is_gone_gives_way_to_its_neighbour() -> None:
    view = View(ORDER, "s9")
    view.follow(ORDER[:9])
    assert view.selected == "s8"
    view.follow(())
    assert view.selected == MASTER_ID


@given(st.integers(1, 12), st.lists(st.sampled_from(["left", "right", "bank", "back", "tab"]), max_size=40))
def test_the_selected_strip_is_always_in_the_bank(visible: int, moves: list[str]) -> None:
    view = View(ORDER, "s0")
    for move in moves:
        match move:
            case "left":
                view.step(-1)
            case "right":
                view.step(1)
            case "bank":
                view.bank(1, visible)
            case "back":
                view.bank(-1, visible)
            case _:
                view.zone_next()
        view.reveal(visible)
        assert 0 <= view.first <= max(len(ORDER) - visible, 0)
        if view.selected != MASTER_ID:
            assert view.first <= ORDER.index(view.selected) < view.first + visible


def test_meters_and_stages_come_round() -> None:
    view = View(ORDER, "s0")
    assert [view.next_meter() for _ in METERS] == [*list(METERS)[1:], "peak"]
    assert [view.next_stage_view() for _ in STAGE_VIEWS] == [*STAGE_VIEWS[1:], "fader"]


def test_a_meter_of_its_own_goes_with_its_strip() -> None:
    view = View(ORDER, "s0", own_meters={"s1": "vu", "s9": "k_20"}, own_stages={"s9": "input", MASTER_ID: "trim"})
    view.follow(ORDER[:9])
    assert (view.own_meters, view.own_stages) == ({"s1": "vu"}, {MASTER_ID: "trim"})


def test_stages_that_no_strip_has_are_passed_over() -> None:
    view = View(ORDER, "s0")
    assert [view.next_stage_view({"fader", "insert 2", "input"}) for _ in range(3)] == ["input", "insert 2", "fader"]
