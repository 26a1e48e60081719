import pytest

from tui.drawing.chain import Line, chain_columns, chain_lines
from tui.drawing.editor import plan_editor
from tui.elements import elements_of

ELEMENTS = elements_of("s0")
METERED = ("input", "trim", "pan")
EMPTY = ("2", "3", "4", "5", "6", "7", "8", "b", "c", "d")


def lines(height: int, selected: str = "trim") -> tuple[Line, ...]:
    return chain_lines(ELEMENTS, METERED, EMPTY, selected, height)


def test_a_small_terminal_holds_the_whole_path() -> None:
    shown = lines(20)
    assert len(shown) == 20
    assert tuple(line.element for line in shown if line.kind == "element") == ELEMENTS
    assert [line.element for line in shown if line.kind == "levels"] == ["trim", "pan"]


def test_room_becomes_gaps_and_bars_for_both_sides() -> None:
    assert sum(line.kind == "gap" for line in lines(24)) == 4
    assert sum(line.kind == "right" for line in lines(36)) == 3


@pytest.mark.parametrize(("height", "first", "second"), [(25, 0, 0), (28, 0, 0), (29, 1, 1), (30, 2, 1), (40, 3, 1)])
def test_what_processors_are_set_to_takes_what_nothing_else_wants(height: int, first: int, second: int) -> None:
    shown = chain_lines(ELEMENTS, METERED, EMPTY, "trim", height, {"1": 3, "2": 1})
    assert len(shown) <= height
    places = [shown.index(Line("element", slot)) for slot in ("1", "2", "3")]
    assert places[1] - places[0] - 1 == first
    assert places[2] - places[1] - 1 == second


@pytest.mark.parametrize("height", range(1, 20))
@pytest.mark.parametrize("selected", ["input", "7", "d", "output"])
def test_what_is_selected_is_always_seen(height: int, selected: str) -> None:
    shown = lines(height, selected)
    assert len(shown) <= height
    assert Line("element", selected) in shown


def test_of_empty_slots_the_first_stays() -> None:
    shown = [line.element for line in lines(14) if line.kind == "element"]
    assert {"1", "2", "a", "b"} <= set(shown)
    assert "8" not in shown


@pytest.mark.parametrize("width", [40, 50, 62])
def test_columns_do_not_touch(width: int) -> None:
    columns = chain_columns(width)
    assert columns.name_x + columns.name < columns.read_x < columns.gain_x < columns.total_x < width
    assert columns.bar >= 4


@pytest.mark.parametrize("size", [(39, 20), (39, 8), (69, 36), (137, 46), (40, 7)])
@pytest.mark.parametrize("fields", [0, 1, 5, 14, 29])
def test_the_chosen_value_is_always_seen(size: tuple[int, int], fields: int) -> None:
    width, height = size
    for chosen in range(fields):
        plan = plan_editor(width, height, fields, chosen, 5)
        cell = plan.cell_of(chosen)
        assert cell is not None
        assert cell[0] + plan.column_width <= width
        assert plan.fields_y <= cell[1] < height
        assert plan.gauges_y == plan.drawing_y + plan.drawing
        assert plan.divider_y == plan.gauges_y + plan.gauges


def test_levels_between_come_where_all_of_them_find_room_and_empty_slots_make_way() -> None:
    elements = ["input", "trim", *"12345678", *"abcd", "fader", "pan", "output"]
    empty, metered = [*"2345678", *"bcd"], ["input", "trim", "pan"]
    small, tall = (chain_lines(elements, metered, empty, "1", height, between=["1", "a"]) for height in (20, 40))
    for lines in (small, tall):
        assert {line.element for line in lines if line.kind == "levels"} == {"trim", "1", "a", "pan"}
    assert len([line for line in small if line.element in empty]) < len(empty)
    assert len([line for line in tall if line.element in empty and line.kind == "element"]) == len(empty)
    low = chain_lines(elements, metered, empty, "1", 12, between=["1", "a"])
    assert not {line.element for line in low if line.kind == "levels"} & {"1", "a"}
