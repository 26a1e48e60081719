from __future__ import annotations

import queue
import re
import sys
import threading
import time
from collections import deque

import pytest

from tui.pacing import ANSWER_WITHIN_S, QUESTION, FramePacer

FPS = 20.0


class Asked:
    """A pacer and a terminal that answers when it is told to."""

    def __init__(self) -> None:
        self.pacer = FramePacer(FPS)
        self.places: deque[tuple[int, int]] = deque()

    def ask(self, now: float) -> None:
        assert self.send(now)

    def send(self, now: float) -> bool:
        """A frame; whether it asked."""
        question = self.pacer.question(now)
        if question:
            match = re.fullmatch(r"\x1b\[(\d);(\d)H" + re.escape(QUESTION), question)
            assert match is not None
            self.places.append((int(match[1]) - 1, int(match[2]) - 1))
        return bool(question)

    def answer(self, now: float) -> None:
        self.pacer.answered(*self.places.popleft(), now)


def test_no_more_frames_are_under_way_than_answers_are_due() -> None:
    asked = Asked()
    assert asked.pacer.may_send(0.0)
    asked.ask(0.0)
    assert not asked.pacer.may_send(0.05)
    asked.answer(0.06)
    assert asked.pacer.may_send(0.07)


def test_a_longer_way_allows_more_frames_under_way() -> None:
    asked = Asked()
    asked.ask(0.0)
    asked.answer(0.16)
    assert asked.pacer.round_trip_s == 0.16
    assert asked.pacer.allowed == 4
    for number in range(4):
        assert asked.pacer.may_send(1.0 + number * 0.05)
        asked.ask(1.0 + number * 0.05)
    assert not asked.pacer.may_send(1.2)


def test_one_slow_answer_does_not_hide_how_fast_the_way_is() -> None:
    asked = Asked()
    for sent, answered in ((0.0, 0.06), (1.0, 3.0)):
        asked.ask(sent)
        asked.answer(answered)
    assert asked.pacer.allowed == 2


def test_an_answer_answers_all_before_it() -> None:
    asked = Asked()
    asked.ask(0.0)
    asked.answer(0.16)
    for _ in range(4):
        asked.ask(1.0)
    asked.places = deque([asked.places[-1]])  # the answers before the last one are lost
    assert not asked.pacer.may_send(1.1)
    asked.answer(1.2)
    assert asked.pacer.may_send(1.2)
    assert asked.pacer.round_trip_s == 0.16


def test_a_terminal_that_never_answers_is_not_asked_any_more() -> None:
    asked = Asked()
    asked.ask(0.0)
    assert not asked.pacer.may_send(ANSWER_WITHIN_S - 0.01)
    assert asked.pacer.may_send(ANSWER_WITHIN_S)
    assert asked.pacer.question(2.0) == ""
    assert asked.pacer.may_send(2.05)
    assert asked.pacer.may_send(2.1)


def test_a_terminal_that_answers_late_is_asked_again() -> None:
    asked = Asked()
    asked.ask(0.0)
    assert asked.pacer.may_send(3.0)
    assert asked.pacer.question(3.0) == ""
    asked.answer(4.0)
    asked.ask(4.0)


def test_a_terminal_that_stops_answering_is_tried_now_and_then() -> None:
    asked = Asked()
    asked.ask(0.0)
    asked.answer(0.04)
    while asked.pacer.may_send(1.0):
        asked.ask(1.0)
    assert not asked.pacer.may_send(2.0)
    assert asked.pacer.may_send(3.0)
    asked.ask(3.0)
    assert not asked.pacer.may_send(4.0)


def test_a_terminal_that_answers_at_once_is_asked_with_some_frames_only() -> None:
    asked = Asked()
    asked.ask(0.0)
    asked.answer(0.003)
    for frame in range(1, 9):
        assert asked.pacer.may_send(frame / FPS)
        assert asked.send(frame / FPS) == (frame % 4 == 0)
        if asked.places:
            asked.answer(frame / FPS + 0.003)


def test_after_a_large_frame_a_near_terminal_is_asked_too() -> None:
    asked = Asked()
    asked.ask(0.0)
    asked.answer(0.003)
    assert asked.pacer.question(0.05, 700) == ""
    assert QUESTION in asked.pacer.question(0.1, 9000)


def test_where_a_near_terminal_falls_behind_it_is_asked_with_each_frame() -> None:
    asked = Asked()
    asked.ask(0.0)
    asked.answer(0.003)
    for frame in range(1, 4):
        assert not asked.send(frame / FPS)
    asked.ask(0.2)
    assert not asked.pacer.may_send(0.25)
    asked.answer(0.3)
    for frame in range(8):
        asked.ask(0.4 + frame / FPS)
        asked.answer(0.41 + frame / FPS)


def test_another_terminal_starts_anew() -> None:
    asked = Asked()
    asked.ask(0.0)
    assert asked.pacer.may_send(5.0)
    asked.pacer.restart()
    asked.ask(6.0)
    assert not asked.pacer.may_send(6.1)
    asked.answer(6.2)  # of the question before
    assert not asked.pacer.may_send(6.3)
    asked.answer(6.3)
    assert asked.pacer.may_send(6.4)


@pytest.mark.parametrize(
    ("link_bytes_per_s", "way_s", "most_lag_s", "least_fps"),
    [(1e6, 0.0, 0.06, 19.0), (1e6, 0.15, 0.35, 18.0), (16e3, 0.03, 0.3, 12.0), (6e3, 0.03, 0.6, 4.0)],
)
def test_frames_neither_pile_up_nor_stay_away(
    link_bytes_per_s: float, way_s: float, most_lag_s: float, least_fps: float
) -> None:
    """A link with a rate and a delay, asked once, then filled with a whole screen; frames of 400 to 1400 bytes."""
    asked = Asked()
    asked.ask(0.0)
    answers = deque([2 * way_s])
    link_free_s = 60e3 / link_bytes_per_s
    lags: list[float] = []
    for step in range(int(40.0 * 1000)):
        now = step / 1000.0
        while answers and answers[0] <= now:
            answers.popleft()
            asked.answer(now)
        if step % 50 == 0 and asked.pacer.may_send(now):
            is_asked = asked.send(now)
            frame_bytes = 400 + 1000 * (step * 7919 % 1000) / 1000
            link_free_s = max(link_free_s, now) + frame_bytes / link_bytes_per_s
            if is_asked:
                answers.append(link_free_s + 2 * way_s)
            if now > 20.0:
                lags.append(link_free_s + 2 * way_s - now)
    assert max(lags) <= most_lag_s
    assert len(lags) / 20.0 >= least_fps


def test_answers_of_another_thread_never_come_between() -> None:
    """The terminal's answers are taken in by the thread that reads from it, at any moment."""
    pacer = FramePacer(1000.0)
    asked: queue.SimpleQueue[tuple[int, int] | None] = queue.SimpleQueue()
    failed: list[BaseException] = []

    def answer() -> None:
        try:
            while (place := asked.get()) is not None:
                pacer.answered(*place, time.monotonic())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=answer)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        thread.start()
        end = time.monotonic() + 1.5
        while time.monotonic() < end and not failed:
            if pacer.may_send(time.monotonic()) and (place := re.findall(r"\d+", pacer.question(time.monotonic()))):
                asked.put((int(place[0]) - 1, int(place[1]) - 1))
    finally:
        asked.put(None)
        thread.join()
        sys.setswitchinterval(before)
    assert failed == []
