from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.sources.timeline import NEVER, LoopRange, Timeline

LOOPS = st.none() | st.builds(LoopRange, st.integers(0, 60), st.integers(0, 60))


def positions(timeline: Timeline, frames: int) -> list[int]:
    """The obvious way: frame by frame, back to the start whenever the loop's end is reached from before it."""
    position, found = timeline.position, []
    loop = timeline.loop
    loops = loop is not None and loop.end_frame > loop.start_frame and position < loop.end_frame
    for _ in range(frames):
        if loops and loop is not None and position == loop.end_frame:
            position = loop.start_frame
        found.append(position)
        position += 1
    return found


@given(st.integers(0, 50), st.integers(0, 100), LOOPS)
def test_every_count_has_the_position_of_playing_frame_by_frame(
    anchor: int, position: int, loop: LoopRange | None
) -> None:
    timeline = Timeline(anchor, position, loop)
    assert [timeline.run(anchor + i)[0] for i in range(200)] == positions(timeline, 200)


@given(st.integers(0, 50), st.integers(0, 100), LOOPS)
def test_runs_end_where_the_position_jumps(anchor: int, position: int, loop: LoopRange | None) -> None:
    timeline = Timeline(anchor, position, loop)
    expected = positions(timeline, 200)
    for i in range(100):
        run = min(timeline.run(anchor + i)[1], 99)
        assert expected[i : i + run] == list(range(expected[i], expected[i] + run))
        if run < 99:
            assert expected[i + run] != expected[i] + run or timeline.loop is not None


@given(st.integers(0, 100), LOOPS, LOOPS, st.integers(0, 100), st.integers(0, 200))
def test_timelines_agree_where_all_positions_do(
    position: int, one: LoopRange | None, other: LoopRange | None, first: int, frames: int
) -> None:
    a, b = Timeline(0, position, one), Timeline(0, position, other)
    span = slice(first, first + frames)
    expected = positions(a, 300)[span] == positions(b, 300)[span]
    assert a.agrees(b, first, first + frames) == expected


@given(st.integers(0, 100), LOOPS)
def test_from_its_first_round_on_a_loop_repeats(position: int, loop: LoopRange | None) -> None:
    timeline = Timeline(5, position, loop)
    first = timeline.rounds_from
    if loop is None or loop.frames == 0 or position >= loop.end_frame:
        assert first == NEVER
        return
    for count in range(first, first + 50):
        assert timeline.run(count)[0] == timeline.run(count + loop.frames)[0]
