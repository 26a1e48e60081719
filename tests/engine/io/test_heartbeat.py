"""A heartbeat is missed exactly when callbacks fail to come in time that was watched."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.record import allocate
from engine.io.heartbeat import Heartbeat
from engine.memory import STATUS


class Watched:
    """A heartbeat over a status record, with a clock in the test's hand; looked at every 50 ms of it."""

    def __init__(self) -> None:
        self.status = allocate(STATUS)
        self.now_s = 1000.0
        self.heartbeat = Heartbeat(self.status, lambda: self.now_s)

    def pass_time(self, seconds: float, *, beating: bool = False, every_s: float = 0.05) -> str | None:
        fault = self.heartbeat.fault()
        for _ in range(round(seconds / every_s)):
            self.now_s += every_s
            if beating:
                self.status.callbacks[0] += 1
            fault = fault or self.heartbeat.fault()
        return fault


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_nothing_is_expected_before_something_was_started(watched: Watched) -> None:
    assert watched.pass_time(1000.0) is None


def test_callbacks_keep_it_alive(watched: Watched) -> None:
    watched.heartbeat.expect(256, 48000)
    assert watched.pass_time(100.0, beating=True) is None


def test_half_a_second_without_a_callback_is_a_fault(watched: Watched) -> None:
    watched.heartbeat.expect(256, 48000)
    watched.pass_time(1.0, beating=True)
    assert watched.pass_time(0.45) is None
    assert watched.pass_time(0.1) == "no callback for 0.5 s"


def test_twenty_periods_of_a_large_buffer_are_waited_for(watched: Watched) -> None:
    watched.heartbeat.expect(8192, 48000)
    watched.pass_time(1.0, beating=True)
    assert watched.pass_time(3.3) is None
    assert watched.pass_time(0.2) == "no callback for 3.4 s"


def test_the_first_callback_has_two_seconds(watched: Watched) -> None:
    watched.heartbeat.expect(256, 48000)
    assert watched.pass_time(1.9) is None
    assert watched.pass_time(0.2) == "it never asked for sound"


def test_callbacks_before_the_start_do_not_count(watched: Watched) -> None:
    watched.status.callbacks[0] = 77
    watched.heartbeat.expect(256, 48000)
    assert watched.pass_time(2.1) == "it never asked for sound"


def test_a_fault_stays_until_a_callback_comes(watched: Watched) -> None:
    watched.heartbeat.expect(256, 48000)
    watched.pass_time(1.0, beating=True)
    assert watched.pass_time(5.0) is not None
    assert watched.heartbeat.fault() is not None
    watched.status.callbacks[0] += 1
    assert watched.heartbeat.fault() is None


def test_the_audio_system_has_six_seconds_to_answer(watched: Watched) -> None:
    watched.heartbeat.open()
    assert watched.pass_time(5.9) is None
    assert watched.pass_time(0.2) == "the audio system did not answer within 6 s"


def test_every_step_of_the_start_has_a_minute(watched: Watched) -> None:
    watched.heartbeat.start()
    assert watched.pass_time(59.0) is None
    watched.heartbeat.start()
    assert watched.pass_time(59.0) is None
    assert watched.pass_time(2.0) == "the engine did not start within 60 s"


def test_what_callbacks_did_before_the_output_runs_changes_nothing(watched: Watched) -> None:
    watched.heartbeat.open()
    assert watched.pass_time(7.0, beating=True) is not None


def test_time_in_which_both_were_suspended_does_not_count(watched: Watched) -> None:
    watched.heartbeat.expect(256, 48000)
    watched.pass_time(1.0, beating=True)
    watched.now_s += 3600.0
    assert watched.heartbeat.fault() is None
    assert watched.pass_time(0.2) is None
    assert watched.pass_time(0.2) is not None


def test_a_reader_that_looks_once_a_second_finds_out_too(watched: Watched) -> None:
    watched.heartbeat.expect(256, 48000)
    watched.pass_time(3.0, beating=True, every_s=1.0)
    assert watched.pass_time(3.0, every_s=1.0) is not None


def test_the_counter_may_wrap_or_start_anew(watched: Watched) -> None:
    watched.heartbeat.expect(256, 48000)
    watched.pass_time(1.0, beating=True)
    watched.status.callbacks[0] = np.iinfo(np.int64).min
    assert watched.pass_time(0.4) is None
