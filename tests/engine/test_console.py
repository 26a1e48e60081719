"""Buses, sends, returns, inserts and the monitor section, rendered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.catalog import PROCESSORS
from engine.mix import MASTER, MASTER_ID, Insert, Mix, Monitor, Send, Stem, Strip, StripControls
from tests.engine.running import Running
from tests.engine.songs import RATE, gain, insert, noise, rendered, write_stem

Sound = npt.NDArray[np.float32]


LATE = insert("limiter", ceiling_dbtp=0.0)
"""Passes what is quiet bit for bit, later."""


def latency(*kinds: str, rate: int = RATE) -> int:
    return sum(PROCESSORS[kind].latency_frames(rate) for kind in kinds)


@pytest.fixture
def stem(tmp_path: Path) -> Stem:
    return write_stem(tmp_path / "noise.wav", noise(1.0, 1, level=0.2), subtype="FLOAT")


@pytest.fixture
def other(tmp_path: Path) -> Stem:
    return write_stem(tmp_path / "other.wav", noise(1.0, 2, level=0.2), subtype="FLOAT")


@pytest.fixture
def sine(tmp_path: Path) -> Stem:
    wave = 0.25 * np.sin(2 * np.pi * 997 * np.arange(6 * RATE) / RATE)
    return write_stem(tmp_path / "sine.wav", np.stack([wave, wave], 1), subtype="FLOAT")


def bus(name: str = "bus", output: str | None = MASTER_ID, **given: object) -> Strip:
    return Strip(name, name, kind="bus", output=output, **given)  # type: ignore[arg-type]


def strip(name: str, stem: Stem, **given: object) -> Strip:
    return Strip(name, name, stem, **given)  # type: ignore[arg-type]


def out(*strips: Strip, **given: object) -> Sound:
    return rendered(Mix(RATE, strips, **given))  # type: ignore[arg-type]


# --- sums


def test_a_bus_at_unity_changes_no_bit(stem: Stem, other: Stem) -> None:
    direct = out(strip("a", stem), strip("b", other))
    through = out(strip("a", stem, output="bus"), strip("b", other, output="bus"), bus())
    np.testing.assert_array_equal(through, direct)
    deep = out(
        strip("a", stem, output="one"),
        strip("b", other, output="one"),
        bus("three"),
        bus("one", "two"),
        bus("two", "three"),
    )
    np.testing.assert_array_equal(deep, direct)


def test_a_bus_has_the_controls_of_a_strip(stem: Stem) -> None:
    controls = StripControls(trim_db=-3.0, fader_db=-5.0, pan_percent=50.0, invert_left=True)
    heard = out(strip("a", stem, output="bus"), bus(controls=controls))
    sides = np.array([-0.5, 1.0]) * gain(-8.0)
    np.testing.assert_allclose(heard, out(strip("a", stem)) * sides, atol=2e-7)


@pytest.mark.parametrize(
    ("send", "fader_db", "expected_db"),
    [
        (Send("fx", -6.0), 0.0, -6.0),
        (Send("fx", -6.0), -4.0, -10.0),
        (Send("fx", -6.0, before_fader=True), -4.0, -6.0),
        (Send("fx", -6.0, before_fader=True), -np.inf, -6.0),
        (Send("fx", -6.0, mute=True), 0.0, -np.inf),
    ],
)
def test_a_send_adds_its_part(stem: Stem, send: Send, fader_db: float, expected_db: float) -> None:
    """The return alone is heard: the strip itself goes nowhere."""
    one = strip("a", stem, controls=StripControls(fader_db=fader_db), sends=(None, None, send), output=None)
    heard = out(one, Strip("fx", "fx", kind="return"))
    np.testing.assert_allclose(heard, out(strip("a", stem)) * gain(expected_db), atol=2e-7)


def test_four_sends_go_to_four_places(stem: Stem) -> None:
    levels = (-1.0, -7.0, -13.0, -19.0)
    fx = [Strip(f"fx{n}", f"fx{n}", kind="return", controls=StripControls(fader_db=-n)) for n in range(4)]
    one = strip("a", stem, sends=tuple(Send(f"fx{n}", level) for n, level in enumerate(levels)))
    total = 1.0 + sum(gain(level - n) for n, level in enumerate(levels))
    np.testing.assert_allclose(out(one, *fx), out(strip("a", stem)) * total, atol=1e-6)


def test_sends_of_a_bus_and_of_a_return_are_heard(stem: Stem) -> None:
    strips = (
        strip("a", stem, output="bus"),
        bus(sends=(Send("one", -6.0),), output=None),
        Strip("one", "one", kind="return", sends=(Send("two", -6.0),), output=None),
        Strip("two", "two", kind="return"),
    )
    np.testing.assert_allclose(out(*strips), out(strip("a", stem)) * gain(-12.0), atol=2e-7)


def test_what_goes_nowhere_is_not_heard(stem: Stem) -> None:
    assert not out(strip("a", stem, output=None)).any()


# --- inserts


def test_inserts_of_all_kinds_of_strips_are_heard(stem: Stem) -> None:
    down = (None, insert("utility", gain_db=-6.0))
    strips = (strip("a", stem, output="bus", inserts=down), bus(inserts=down))
    heard = out(*strips, master=replace(MASTER, inserts=down))
    np.testing.assert_allclose(heard, out(strip("a", stem)) * gain(-18.0), atol=1e-6)


def test_a_bypassed_insert_is_not_there_but_for_its_latency(stem: Stem) -> None:
    direct = out(strip("a", stem))
    for kind in PROCESSORS:
        bypassed = insert(kind, bypass=True, output_db=-20.0)
        np.testing.assert_array_equal(out(strip("a", stem, inserts=(bypassed,))), direct, err_msg=kind)


def test_mix_and_output_trim(stem: Stem) -> None:
    direct = out(strip("a", stem))
    half = insert("utility", gain_db=-20.0, mix=50.0, output_db=6.0)
    np.testing.assert_allclose(
        out(strip("a", stem, inserts=(half,))), direct * (0.5 + 0.5 * gain(-20.0)) * gain(6.0), atol=1e-6
    )
    late = replace(LATE, mix_percent=50.0)
    np.testing.assert_allclose(out(strip("a", stem, inserts=(late,))), direct, atol=1e-7)


def test_different_processors_share_a_slot(stem: Stem, other: Stem) -> None:
    one, two = insert("utility", gain_db=-6.0), insert("compressor", threshold_db=-30.0)
    together = out(strip("a", stem, inserts=(one,)), strip("b", other, inserts=(two,)))
    apart = out(strip("a", stem, inserts=(one,))) + out(strip("b", other, inserts=(two,)))
    np.testing.assert_allclose(together, apart, atol=1e-6)


@pytest.mark.parametrize("block_frames", [64, 100, 1024, 4800])
def test_a_console_sounds_the_same_at_any_block_size(stem: Stem, other: Stem, block_frames: int) -> None:
    mix = Mix(
        RATE,
        (
            strip(
                "a", stem, output="bus", inserts=(insert("compressor", threshold_db=-30.0), LATE), sends=(Send("fx"),)
            ),
            strip("b", other, inserts=(insert("utility", width_percent=50.0),), sends=(None, Send("fx", -6.0))),
            bus(inserts=(insert("bus_compressor"),)),
            Strip("fx", "fx", kind="return", inserts=(LATE,)),
        ),
        replace(MASTER, inserts=(LATE,)),
    )
    np.testing.assert_array_equal(rendered(mix, block_frames=block_frames), rendered(mix))


# --- latency


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_paths_of_different_latency_null(tmp_path: Path, rate: int) -> None:
    stem = write_stem(tmp_path / "a.wav", noise(0.5, 3, rate=rate), rate=rate, subtype="FLOAT")
    inverted = StripControls(invert_left=True, invert_right=True)
    straight = strip("b", stem, controls=inverted)
    for late in (
        (strip("a", stem, inserts=(LATE,)), straight),
        (strip("a", stem, inserts=(LATE, None, LATE)), straight),
        (strip("a", stem, output="bus"), straight, bus(inserts=(LATE,))),
        (
            strip("a", stem, output=None, sends=(Send("fx"),)),
            straight,
            Strip("fx", "fx", kind="return", inserts=(LATE,)),
        ),
        (strip("a", stem, output="one", inserts=(LATE,)), straight, bus("one", "two", inserts=(LATE,)), bus("two")),
    ):
        assert np.abs(rendered(Mix(rate, late))).max() < 10 ** (-120 / 20)


def test_the_latency_of_all_is_told_and_a_bounce_is_in_time(stem: Stem) -> None:
    mix = Mix(
        RATE, (strip("a", stem, output="bus", inserts=(LATE,)), bus(inserts=(LATE,))), replace(MASTER, inserts=(LATE,))
    )
    running = Running(mix=mix)
    running.locate(0)
    running.deck.play()
    heard = running.play(4800, live=False)
    late = 3 * latency("limiter")
    assert running.frame().latency_s == late / RATE
    direct = out(strip("a", stem))
    np.testing.assert_array_equal(heard[late:], direct[: len(heard) - late])
    np.testing.assert_array_equal(rendered(mix), direct)


# --- changes while it plays


def steady(running: Running, seconds: float = 0.3) -> Sound:
    running.locate(0)
    running.deck.play()
    return running.play(round(seconds * RATE), live=False)[:, 0]


def clicks_dbfs(left: Sound) -> float:
    """The largest sample of what lies above 6 kHz: a sine has nothing there, a discontinuity most of itself."""
    taps = np.arange(-511, 512)
    window = np.kaiser(len(taps), 14.0)
    high = (taps == 0) - 0.25 * np.sinc(0.25 * taps) * window
    return float(20 * np.log10(np.abs(np.convolve(left.astype(np.float64), high, "valid")).max() + 1e-12))


CHANGES: dict[str, Callable[[Mix], Mix]] = {
    "an insert comes": lambda mix: with_inserts(mix, insert("utility", gain_db=-12.0)),
    "a late insert comes": lambda mix: with_inserts(mix, LATE),
    "a compressor comes": lambda mix: with_inserts(mix, insert("compressor", threshold_db=-40.0)),
    "it goes elsewhere": lambda mix: replace(
        mix, strips=(replace(mix.strips[0], output="bus"), *mix.strips[1:], bus(controls=StripControls(fader_db=-6.0)))
    ),
    "it gets a send": lambda mix: replace(
        mix, strips=(replace(mix.strips[0], sends=(Send("fx"),)), *mix.strips[1:], Strip("fx", "fx", kind="return"))
    ),
    "it goes": lambda mix: replace(mix, strips=mix.strips[1:]),
    "the master gets one": lambda mix: replace(
        mix, master=replace(mix.master, inserts=(insert("utility", gain_db=-12.0),))
    ),
    "the master gets a late one": lambda mix: replace(mix, master=replace(mix.master, inserts=(LATE,))),
}


def with_inserts(mix: Mix, *inserts: Insert) -> Mix:
    return replace(mix, strips=(replace(mix.strips[0], inserts=inserts), *mix.strips[1:]))


def test_a_click_is_seen() -> None:
    """What the test below looks for: a step of -70 dBFS on the sine."""
    wave = 0.25 * np.sin(2 * np.pi * 997 * np.arange(RATE) / RATE)
    assert clicks_dbfs(wave) < -110.0
    assert clicks_dbfs(wave + 3e-4 * (np.arange(RATE) > RATE // 2)) > -80.0


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_is_connected_anew_while_a_sine_plays_does_not_click(sine: Stem, change: Callable[[Mix], Mix]) -> None:
    mix = Mix(RATE, (strip("a", sine), strip("shut", sine, controls=StripControls(fader_db=-np.inf))))
    running = Running(mix=mix)
    before = steady(running)
    running.apply(change(mix))
    during = running.play(RATE // 2, live=False)[:, 0]
    running.apply(mix)
    after = running.play(RATE // 2, live=False)[:, 0]
    assert clicks_dbfs(np.concatenate([before[4800:], during, after])) < -80.0
    # It has changed, and changed back.
    np.testing.assert_allclose(np.abs(after[-4800:]).max(), 0.25, atol=1e-3)


def test_what_stays_is_not_touched_by_what_changes(sine: Stem, stem: Stem) -> None:
    """A compressor works on while the strip beside it gets processors, a send and another way out."""
    squeezed = strip("a", stem, inserts=(insert("compressor", threshold_db=-40.0, release_ms=500.0),))
    beside = strip("b", sine, controls=StripControls(fader_db=-np.inf))
    mix = Mix(RATE, (squeezed, beside, bus()))
    runs = []
    for busy in (False, True):
        running = Running(mix=mix)
        heard = [steady(running)]
        if busy:
            running.apply(replace(mix, strips=(squeezed, replace(beside, inserts=(insert("compressor"),) * 3), bus())))
        heard.append(running.play(4800, live=False)[:, 0])
        if busy:
            running.apply(replace(mix, strips=(squeezed, replace(beside, output="bus", sends=(Send("bus"),)), bus())))
        heard.append(running.play(9600, live=False)[:, 0])
        runs.append(np.concatenate(heard))
    np.testing.assert_array_equal(runs[1], runs[0])


@pytest.mark.parametrize("wait", [0, 5000, 77_777])
def test_a_song_played_again_is_the_bounce_whatever_was_heard_before(stem: Stem, wait: int) -> None:
    """What wavers starts in its phase, what holds a reduction starts without, once the last tail has died down."""
    squeezed = insert("bus_compressor", threshold_db=-20.0)
    room = Strip(
        "room", "Room", kind="return", inserts=(insert("reverb", decay_s=0.3), insert("tape", wow_percent=0.5))
    )
    mix = Mix(RATE, (strip("a", stem, inserts=(squeezed,), sends=(Send("room"),)), room))
    running = Running(mix=mix)
    running.locate(0)
    running.play(wait)
    for _ in range(2):
        running.deck.play()
        once = running.play(2 * RATE, live=False)[running.deck.latency_frames :]
        running.play(2 * RATE, live=False)
        running.locate(0)
    np.testing.assert_array_equal(once[:RATE], rendered(mix))


@pytest.mark.parametrize("wait", [64, 1000, 5000, 20_000])
def test_the_first_start_is_the_bounce_however_long_the_engine_ran_before(stem: Stem, wait: int) -> None:
    room = Strip("room", "Room", kind="return", inserts=(insert("reverb"), insert("tape", wow_percent=0.5)))
    mix = Mix(RATE, (strip("a", stem, sends=(Send("room"),)), room))
    running = Running(mix=mix)
    running.locate(0)
    running.play(wait)
    running.deck.play()
    heard = running.play(2 * RATE, live=False)[running.deck.latency_frames :]
    np.testing.assert_array_equal(heard[:RATE], rendered(mix))


def test_a_start_does_not_cut_what_still_rings(sine: Stem) -> None:
    """Played anew at once, the tail of before is there."""
    room = Strip("room", "Room", kind="return", inserts=(insert("reverb", decay_s=4.0),))
    mix = Mix(RATE, (strip("a", sine, sends=(Send("room"),), output=None), room))
    running = Running(mix=mix)
    steady(running)
    running.deck.stop()
    running.play(4800, live=False)
    running.locate(0)
    running.deck.play()
    again = running.play(4800, live=False)
    assert np.abs(again[:480]).max() > 10.0 * np.abs(rendered(mix)[:480]).max()


def test_a_start_does_not_cut_an_echo_that_is_still_to_come(tmp_path: Path) -> None:
    click = np.zeros((2 * RATE, 2))
    click[100] = 0.5
    echo = insert("delay", time_ms=1500.0)
    mix = Mix(RATE, (strip("a", write_stem(tmp_path / "click.wav", click, subtype="FLOAT"), inserts=(echo,)),))
    running = Running(mix=mix)
    running.locate(0)
    running.deck.play()
    running.play(4800, live=False)
    running.deck.stop()
    running.play(RATE // 2, live=False)
    running.locate(0)
    running.deck.play()
    assert np.flatnonzero(np.abs(running.play(RATE, live=False)[:, 0]) > 0.4).size == 1


def test_many_changes_in_a_row_end_where_the_last_one_leads(stem: Stem) -> None:
    mix = Mix(RATE, (strip("a", stem),))
    running = Running(mix=mix)
    running.locate(0)
    running.deck.play()
    for number in range(12):
        running.apply(with_inserts(mix, *(insert("utility", gain_db=-number),) * (number % 3 + 1)))
        running.play(100, live=False)
    running.apply(with_inserts(mix, insert("utility", gain_db=-6.0)))
    running.play(RATE // 4, live=False)
    place = round(running.frame().position_s * RATE)
    heard = running.play(4800, live=False)
    np.testing.assert_allclose(heard, out(strip("a", stem))[place : place + 4800] * gain(-6.0), atol=1e-6)


def test_memory_of_what_has_gone_is_given_back(stem: Stem) -> None:
    mix = Mix(RATE, (strip("a", stem),))
    running = Running(mix=mix)
    steady(running, 0.1)
    running.apply(with_inserts(mix, LATE))
    running.play(RATE // 4)
    running.apply(mix)
    running.play(RATE // 4)
    planner = running.deck._planner
    assert planner._units.current == {}
    assert planner._left == []


# --- readings


def test_gain_reduction_is_read(stem: Stem, sine: Stem) -> None:
    mix = Mix(RATE, (strip("a", stem), strip("b", sine, inserts=(None, insert("compressor", threshold_db=-40.0)))))
    running = Running(mix=mix)
    steady(running)
    frame = running.frame()
    assert frame.reduction_db.shape == (4, 8, 2)
    assert (frame.reduction_db[1, 1] < -6.0).all()
    assert np.count_nonzero(frame.reduction_db) == 2


# --- solo, listening, monitors


def monitored(running: Running, seconds: float = 0.4) -> Sound:
    """What the ears get once everything has settled."""
    running.play(round(seconds * RATE))
    return running.play(4800)


def test_listening_replaces_the_monitors_and_leaves_the_mix(sine: Stem, stem: Stem) -> None:
    down = StripControls(fader_db=-20.0, listen="before", mute=True)
    mix = Mix(RATE, (strip("a", sine, controls=down), strip("b", stem)))
    running = Running(mix=mix)
    running.locate(0)
    running.deck.play()
    assert np.abs(monitored(running)).max() == pytest.approx(0.25, abs=1e-4)
    mixed = running.play(480, live=False)
    assert np.abs(mixed).max() > 0.15  # the other strip, not this one
    running.apply(
        replace(mix, strips=(strip("a", sine, controls=replace(down, listen="after", mute=False)), mix.strips[1]))
    )
    assert np.abs(monitored(running)).max() == pytest.approx(0.025, abs=1e-4)


@pytest.mark.parametrize(
    ("monitor", "expected"),
    [
        (Monitor(), (1.0, 0.5)),
        (Monitor(volume_db=-6.0), (gain(-6.0), 0.5 * gain(-6.0))),
        (Monitor(dim=True), (0.1, 0.05)),
        (Monitor(mono=True), (0.75, 0.75)),
        (Monitor(mute=True), (0.0, 0.0)),
        (Monitor(invert_right=True), (1.0, -0.5)),
        (Monitor(mono=True, invert_right=True), (0.75, -0.75)),
    ],
)
def test_the_monitor_section_is_for_the_ears_only(sine: Stem, monitor: Monitor, expected: tuple[float, float]) -> None:
    panned = strip("a", sine, controls=StripControls(pan_percent=-50.0))
    plain = Running(mix=Mix(RATE, (panned,)))
    running = Running(mix=Mix(RATE, (panned,), monitor=monitor))
    for one in (plain, running):
        one.locate(0)
        one.deck.play()
    np.testing.assert_array_equal(plain.play(4800, live=False), running.play(4800, live=False))
    wave = plain.play(4800, live=False)[:, :1]
    np.testing.assert_allclose(running.play(4800), wave * np.array(expected), atol=1e-6)


@pytest.mark.parametrize("ceiling_db", [-1.0, -12.0])
def test_the_ceiling_holds_and_lets_go(tmp_path: Path, ceiling_db: float) -> None:
    loud = np.concatenate([np.full((RATE // 2, 2), 0.1), noise(0.5, 5, level=3.0), np.full((RATE, 2), 0.1)])
    mix = Mix(
        RATE,
        (strip("a", write_stem(tmp_path / "loud.wav", loud, subtype="FLOAT")),),
        monitor=Monitor(ceiling_dbfs=ceiling_db),
    )
    running = Running(mix=mix)
    running.locate(0)
    running.deck.play()
    heard = running.play(2 * RATE - 1)
    assert np.abs(heard).max() <= np.float32(gain(ceiling_db))
    np.testing.assert_array_equal(heard[: RATE // 2], np.float32(0.1))
    np.testing.assert_array_equal(heard[-RATE // 2 :], np.float32(0.1))


def test_a_solo_strip_is_heard_with_its_reverb_and_without_the_rest(stem: Stem, other: Stem) -> None:
    strips = (
        strip("a", stem, controls=StripControls(solo=True), sends=(Send("fx", -6.0),)),
        strip("b", other, sends=(Send("fx", -6.0),)),
        Strip("fx", "fx", kind="return"),
    )
    np.testing.assert_allclose(out(*strips), out(strip("a", stem)) * (1 + gain(-6.0)), atol=1e-6)
