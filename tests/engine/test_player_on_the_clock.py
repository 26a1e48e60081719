"""The live door with a real engine behind it, on the silent clock: measured, restarted, renamed, gone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.meters.frame import AFTER_FADER, AT_SEND, INPUT, MeterFrame
from engine.mix import Mix, Stem, StripControls
from engine.notice import Notice
from engine.player import OutputRequest, Player
from tests.engine.songs import RATE, noise, strip, write_stem

START_S = 90.0
"""A changed engine compiles itself first."""


class Clocked:
    """A player on the silent clock, in this process."""

    def __init__(self) -> None:
        self.player = Player(OutputRequest("none"))
        self.said: list[str] = []

    def read(self) -> MeterFrame:
        frame = self.player.read()
        self.said += [notice.text for notice in self.player.notices()]
        time.sleep(0.01)
        return frame

    def until(self, happened: Callable[[MeterFrame], object], timeout_s: float = START_S) -> MeterFrame:
        deadline = time.monotonic() + timeout_s
        while not happened(frame := self.read()):
            assert time.monotonic() < deadline, (self.player.status, self.said, frame.position_s)
        return frame

    def until_it_runs(self) -> None:
        self.until(lambda _: self.player.status.state == "clock")


@pytest.fixture
def clocked() -> Iterator[Clocked]:
    clocked = Clocked()
    yield clocked
    clocked.player.close()


def square(folder: Path, name: str, level: float, seconds: float = 60.0) -> Stem:
    """A stem whose every sample is plus or minus a level: peak and RMS say the same."""
    wave = np.where(np.arange(round(seconds * RATE)) % 100 < 50, level, -level)
    return write_stem(folder / name, np.stack([wave, wave], 1), subtype="PCM_16")


def test_a_mix_is_played_and_measured_on_the_clock(tmp_path: Path, clocked: Clocked) -> None:
    mix = Mix(RATE, (strip(0, square(tmp_path, "a.wav", 0.5), StripControls(fader_db=-6.0)), strip(1, Stem(None))))
    clocked.player.apply(mix)
    clocked.player.play()
    frame = clocked.until(lambda frame: frame.position_s > 0.8)
    np.testing.assert_allclose(frame.rms_dbfs[0, INPUT], -6.02, atol=0.05)
    np.testing.assert_allclose(frame.rms_dbfs[0, AFTER_FADER], -12.02, atol=0.05)
    np.testing.assert_allclose(frame.hold_dbfs[2, AFTER_FADER], -12.02, atol=0.05)
    assert (frame.hold_dbfs[1] == -np.inf).all()
    assert frame.length_s == 60.0
    assert frame.underruns == 0
    assert 0.0 < frame.load_percent < 100.0
    assert clocked.said == []
    status = clocked.player.status
    assert (status.name, status.sample_rate_hz) == ("no audio device: silent clock", RATE)


def test_what_is_changed_while_the_engine_starts_again_is_heard(tmp_path: Path, clocked: Clocked) -> None:
    loud, soft = square(tmp_path, "loud.wav", 0.5), square(tmp_path, "soft.wav", 0.05)
    clocked.player.apply(Mix(RATE, (strip(0, loud), strip(1, soft))))
    clocked.player.play()
    before = clocked.until(lambda frame: frame.position_s > 0.4)
    assert (before.hold_dbfs[0, :AT_SEND] > -7.0).all()
    os.kill(clocked.player._supervisor.pid, signal.SIGKILL)
    clocked.until(lambda _: clocked.player.status.state == "starting")
    # A strip goes, one comes to its slot, one moves its fader; holds of those that stay are kept.
    clocked.player.apply(Mix(RATE, (strip(2, soft), strip(1, soft, StripControls(fader_db=-20.0)))))
    clocked.player.locate(30.0)
    clocked.until_it_runs()
    # The strip that comes is connected anew if the engine had begun without it: it fades in.
    frame = clocked.until(lambda frame: frame.position_s > 31.0)
    np.testing.assert_allclose(frame.rms_dbfs[:, AFTER_FADER, 0], [-26.02, -46.02, -25.19, -25.19], atol=0.1)
    np.testing.assert_allclose(frame.hold_dbfs[0, INPUT], -26.02, atol=0.1)
    assert clocked.said == ["the audio process ended (SIGKILL): the engine was started again"]


def test_a_session_of_another_rate_is_played_on_from_the_same_place(tmp_path: Path, clocked: Clocked) -> None:
    mix = Mix(RATE, (strip(0, square(tmp_path, "a.wav", 0.5)),))
    clocked.player.apply(mix)
    clocked.player.locate(20.0)
    clocked.player.play()
    clocked.until(lambda frame: frame.position_s > 20.3)
    clocked.player.apply(replace(mix, sample_rate_hz=96000))
    assert clocked.player.status.state == "starting"
    assert clocked.read().position_s > 20.3
    clocked.until_it_runs()
    assert clocked.player.status.sample_rate_hz == 96000
    frame = clocked.until(lambda frame: frame.position_s > 20.8)
    assert frame.position_s < 25.0
    assert frame.playing
    assert clocked.said == []


def test_a_strip_is_called_by_its_new_name_without_a_break_in_its_sound(tmp_path: Path, clocked: Clocked) -> None:
    stem = square(tmp_path, "a.wav", 0.5)
    mix = Mix(RATE, (strip(0, stem),))
    clocked.player.apply(mix)
    clocked.player.play()
    clocked.until(lambda frame: frame.position_s > 0.3)
    clocked.player.apply(replace(mix, strips=(replace(mix.strips[0], name="Bass"),)))
    Path(str(stem.path)).unlink()
    clocked.until(lambda _: clocked.said)
    assert clocked.said[0].startswith('strip "Bass": ')


def test_notices_of_stems_name_their_strip(tmp_path: Path) -> None:
    clocked = Clocked()
    try:
        mix = Mix(
            RATE, (strip(0, Stem(str(tmp_path / "gone.wav"))), strip(1, write_stem(tmp_path / "a.wav", noise(1.0, 1))))
        )
        clocked.player.apply(mix)
        deadline = time.monotonic() + START_S
        notices: list[Notice] = []
        while not notices:
            assert time.monotonic() < deadline
            clocked.player.read()
            notices = clocked.player.notices()
            time.sleep(0.01)
    finally:
        clocked.player.close()
    [notice] = notices
    assert notice.strip_id == "id0"
    assert notice.text.startswith('strip "Strip 0": ')
    assert "gone.wav" in notice.text
