"""Who is served by which unit, from one plan to the next."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from engine.mixer.controls import MASTER_SLOT
from engine.mixer.planner import Node, Planner, entries_of
from engine.mixer.rack_units import NARROW_COLUMNS

MASTER = Node(MASTER_SLOT, -1, (), (), None)


def mix(*chains: tuple[str | None, ...]) -> tuple[Node, ...]:
    """Stem strips with these processors, in the first slots, and a master."""
    return (*(Node(slot, -1, chain, (), MASTER.slot) for slot, chain in enumerate(chains)), MASTER)


def units(plan: Any) -> list[Any]:
    return [plan.units[number] for number in range(plan.unit_count)]


def served(ref: Any) -> list[int]:
    return [int(column) for column in ref.columns if column >= 0]


def test_few_strips_share_a_narrow_unit() -> None:
    (ref,) = units(Planner(48000).plan(mix(("gate",), (), ("gate",))))
    assert ref.is_brought
    assert not ref.is_whole
    assert list(ref.columns[:3]) == [0, 2, -1]
    assert list(ref.fresh[:3]) == [1, 1, 0]


def test_many_strips_share_a_wide_one_that_is_whole_if_all_do() -> None:
    many = NARROW_COLUMNS + 1
    (ref,) = units(Planner(48000).plan(mix(*[("gate",)] * many)))
    assert not ref.is_brought
    assert ref.is_whole
    (ref, _) = units(Planner(48000).plan(mix(*[("gate",)] * many, ("utility",))))
    assert not ref.is_brought
    assert not ref.is_whole
    assert served(ref) == list(range(many))


def test_who_has_a_seat_keeps_it_when_more_come_than_fit() -> None:
    planner = Planner(48000)
    (first,) = units(planner.plan(mix(*[("gate",)] * NARROW_COLUMNS)))
    stayed, more = units(planner.plan(mix(*[("gate",)] * (NARROW_COLUMNS + 2))))
    assert stayed.unit == first.unit
    assert (first.is_new, stayed.is_new, more.is_new) == (1, 0, 1)
    assert served(stayed) == list(range(NARROW_COLUMNS))
    assert not stayed.fresh.any()
    assert not more.is_brought
    assert served(more) == [NARROW_COLUMNS, NARROW_COLUMNS + 1]


def test_a_seat_that_is_left_is_taken_anew() -> None:
    planner = Planner(48000)
    (before,) = units(planner.plan(mix(("gate",), ("gate",), ())))
    plan = planner.plan(mix((), ("gate",), ("gate",)))
    (after,) = units(plan)
    assert after.unit == before.unit
    assert list(after.columns[:2]) == [2, 1]
    assert list(after.fresh[:2]) == [1, 0]
    assert plan.leaving_count == 1
    assert list(plan.leaving[0].columns[:2]) == [0, -1]


def test_what_nobody_uses_is_gone() -> None:
    planner = Planner(48000)
    (before,) = units(planner.plan(mix(("gate",))))
    plan = planner.plan(mix((None, "gate")))
    (after,) = units(plan)
    assert after.unit != before.unit
    assert after.insert == 1
    assert plan.leaving_count == 1
    assert plan.leaving[0].unit == before.unit


def test_units_run_rack_by_rack_and_slot_by_slot() -> None:
    nodes = (
        Node(0, -1, ("gate", "utility"), (), 128),
        Node(128, 0, ("utility", None, "gate"), (), MASTER.slot),
        Node(MASTER.slot, -1, ("utility",), (), None),
    )
    plan = Planner(48000).plan(nodes)
    refs = units(plan)
    assert [(int(ref.rack), int(ref.insert)) for ref in refs] == sorted((int(r.rack), int(r.insert)) for r in refs)
    for rack, firsts in enumerate(plan.first_unit):
        for insert, (first, last) in enumerate(itertools.pairwise(firsts)):
            own = [number for number, ref in enumerate(refs) if (ref.rack, ref.insert) == (rack, insert)]
            assert list(range(first, last)) == own


def test_a_single_unit_is_had_by_each_strip() -> None:
    both = units(Planner(48000).plan(mix(("delay",), ("delay",))))
    assert [served(ref) for ref in both] == [[0], [1]]
    assert all(ref.is_brought for ref in both)


@pytest.mark.parametrize(("count", "is_wide"), [(NARROW_COLUMNS, False), (NARROW_COLUMNS + 1, True)])
def test_the_entries_of_wide_units_are_asked_for_where_they_may_be_needed(count: int, is_wide: bool) -> None:
    names = entries_of(mix(*[("gate",)] * count))["gate"]
    assert "engine.inserts.gate.entry@narrow" in names
    assert ("engine.inserts.gate.entry" in names) is is_wide


def test_a_line_is_there_while_a_way_is_late_and_until_it_has_gone_over_to_no_delay() -> None:
    planner = Planner(48000)
    late = mix((), ("limiter",))
    early = mix((), ())
    assert [bool(planner.plan(nodes).delays.any()) for nodes in (early, late, late, early, early)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_way_that_nobody_went_begins_with_a_silent_line() -> None:
    planner = Planner(48000)
    before = planner.plan(mix((), ("limiter",))).delays[0, 0]
    assert planner.plan((MASTER,)).delays[0, 0] == 0
    assert planner.plan(mix((), ("limiter",))).delays[0, 0] not in (0, before)
