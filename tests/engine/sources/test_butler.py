"""The butler: what is in the rings is the stems, wherever one jumps and loops, and whatever happens to the files."""

from __future__ import annotations

import os
import resource
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.mix import MAX_STRIPS, Stem
from engine.sources.butler import CONTINUE, END, Butler
from engine.sources.ring import RING_CONTROL, new_ring_control, new_rings, ring_capacity_frames
from engine.sources.stem import StemReader
from engine.sources.timeline import LoopRange
from tests.engine.sources.butler_deck import CAPACITY, RATE_HZ, Deck, song
from tests.engine.sources.sounds import Floats, noise, write_sound


def test_the_control_block_is_what_the_audio_thread_expects() -> None:
    assert RING_CONTROL.names == ("generation", "active", "written", "read_frames")
    assert all(RING_CONTROL[name].base == np.int64 for name in RING_CONTROL.names or ())
    assert ring_capacity_frames(44100) == ring_capacity_frames(48000) == 65536
    assert ring_capacity_frames(192_000) == 262_144


@pytest.mark.parametrize("position", [0, 1, 12_345, 59_990, 70_000])
def test_stems_play_from_any_position_to_silence_behind_their_end(
    tmp_path: Path, stem_path: Path, position: int
) -> None:
    mono = write_sound(tmp_path / "pcm16.flac", noise(40_000, 1))
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.butler.set_stem(3, Stem(str(mono), start_s=0.25))
    deck.locate(position)
    heard = deck.listen(30_000, slots=4)
    np.testing.assert_array_equal(heard[0], song(stem_path, 110_000)[:, position : position + 30_000])
    shifted = np.pad(song(mono, 110_000), ((0, 0), (12_000, 0)))
    np.testing.assert_array_equal(heard[3], shifted[:, position : position + 30_000])
    assert deck.butler.sides == (2, 0, 0, 1, *[0] * (MAX_STRIPS - 4))
    assert deck.butler.length_frames == 60_000
    assert deck.control.active.nonzero()[0].tolist() == [0, 3]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 30_000), frames=st.integers(1, 20_000), position=st.integers(0, 52_000))
def test_the_seam_of_a_loop_is_exact(stem_path: Path, start: int, frames: int, position: int) -> None:
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    assert not deck.butler.set_loop(LoopRange(start, start + frames))
    deck.locate(position)
    heard = deck.listen(30_000)[0]
    places = np.arange(position, position + 30_000)
    if position < start + frames:
        behind = places >= start + frames
        places[behind] = start + (places[behind] - start) % frames
    np.testing.assert_array_equal(heard, song(stem_path, 110_000)[:, places])


def test_rounds_of_a_short_loop_are_not_decoded_again(stem_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.butler.set_loop(LoopRange(1000, 1100))
    read: list[int] = []
    original = StemReader.read_into

    def count(reader: StemReader, left: Floats, right: Floats) -> None:
        read.append(len(left))
        original(reader, left, right)

    monkeypatch.setattr(StemReader, "read_into", count)
    deck.locate(900)
    deck.listen(20_000)
    assert sum(read) == 200


def test_a_loop_of_another_rate_repeats_bit_for_bit(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.wav", noise(60_000), 44100)
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(path)))
    deck.butler.set_loop(LoopRange(10_000, 25_000))  # longer than the ring: every round is decoded
    deck.locate(10_000)
    heard = deck.listen(45_000)[0]
    np.testing.assert_array_equal(heard[:, 15_000:30_000], heard[:, 30_000:45_000])
    assert np.abs(heard[:, :15_000] - heard[:, 15_000:30_000]).max() < 1e-6


def test_a_loop_that_the_rings_contradict_asks_for_a_jump(stem_path: Path) -> None:
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.locate(0)
    deck.listen(1000)
    assert not deck.butler.set_loop(LoopRange(20_000, 30_000))  # its end lies beyond what is buffered
    assert deck.butler.set_loop(LoopRange(0, 3000))  # the rings already hold what follows 3000
    deck.locate(1000)
    expected = song(stem_path, 60_000)[:, [*range(1000, 3000), *range(3000)]]
    np.testing.assert_array_equal(deck.listen(5000)[0], expected)
    assert deck.butler.set_loop(None)  # the rings already hold the next rounds


def test_a_loop_set_early_enough_takes_effect_without_a_gap(stem_path: Path) -> None:
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.locate(0)
    heard = [deck.listen(1000)[0]]
    assert not deck.butler.set_loop(LoopRange(2000, 20_000))
    heard.append(deck.listen(25_000)[0])
    assert not deck.butler.set_loop(LoopRange(5000, 20_000))  # now at 8000: only later seams move
    heard.append(deck.listen(20_000)[0])
    assert not deck.butler.set_loop(None)  # now at 13000: the seam is not buffered
    heard.append(deck.listen(20_000)[0])
    places = [*range(20_000), *range(2000, 20_000), *range(5000, 33_000)]
    np.testing.assert_array_equal(np.concatenate(heard, axis=1), song(stem_path, 60_000)[:, places])


def test_while_nothing_is_buffered_a_loop_needs_no_jump(stem_path: Path) -> None:
    deck = Deck()
    assert not deck.butler.set_loop(LoopRange(0, 100))
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.butler.locate(0)
    assert not deck.butler.set_loop(LoopRange(0, 50))
    deck.work()
    deck.adopt()
    np.testing.assert_array_equal(deck.listen(200)[0], np.tile(song(stem_path, 50), (1, 4)))


def test_a_generation_is_published_only_when_every_slot_holds_the_preroll(tmp_path: Path) -> None:
    deck = Deck(read_frames=1024)
    for slot in range(5):
        deck.butler.set_stem(slot, Stem(str(write_sound(tmp_path / f"{slot}.wav", noise(20_000, seed=slot)))))
    generation = deck.butler.locate(0)
    for _ in range(1000):
        assert deck.butler.step() == CONTINUE
        if deck.control.generation[0] == generation:
            break
        assert deck.control.written[:5].min() < CAPACITY // 2
    assert deck.control.active[:5].all()
    assert deck.control.written[:5].min() >= CAPACITY // 2


def test_a_later_jump_replaces_one_that_is_not_ready(stem_path: Path) -> None:
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    first = deck.butler.locate(0)
    deck.butler.step()
    second = deck.butler.locate(5000)
    assert second > first
    deck.work()
    assert deck.control.generation[0] == second
    deck.adopt()
    np.testing.assert_array_equal(deck.listen(1000)[0], song(stem_path, 6000)[:, 5000:])
    deck.locate(100, generation=40)
    np.testing.assert_array_equal(deck.listen(1000)[0], song(stem_path, 1100)[:, 100:])


@pytest.mark.parametrize("played", [0, 640, 30_016])
def test_until_the_audio_thread_begins_a_generation_its_old_count_means_nothing(stem_path: Path, played: int) -> None:
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.locate(0)
    deck.listen(played)
    deck.butler.locate(10_000)
    deck.work()
    assert deck.control.written[0] <= CAPACITY
    deck.adopt()
    np.testing.assert_array_equal(deck.listen(20_000)[0], song(stem_path, 30_000)[:, 10_000:])


def test_the_emptiest_ring_is_filled_first(tmp_path: Path) -> None:
    deck = Deck()
    for slot in range(4):
        deck.butler.set_stem(slot, Stem(str(write_sound(tmp_path / f"{slot}.wav", noise(20_000, seed=slot)))))
    deck.butler.locate(0)
    while deck.butler.step() == CONTINUE:
        written = deck.control.written[:4]
        assert written.max() - written.min() <= CAPACITY // 2


def test_a_stem_that_cannot_be_opened_is_one_line_and_the_rest_plays(tmp_path: Path, stem_path: Path) -> None:
    text = tmp_path / "text.wav"
    text.write_text("no sound at all, only words")
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(text)))
    deck.butler.set_stem(1, Stem(str(stem_path)))
    deck.butler.set_stem(2, Stem(str(tmp_path / "missing.wav")))
    deck.butler.set_stem(3, Stem(None))
    deck.locate(0)
    heard = deck.listen(5000, slots=4)
    np.testing.assert_array_equal(heard[1], song(stem_path, 5000))
    assert not heard[[0, 2, 3]].any()
    notices = deck.butler.take_notices()
    assert [(notice.slot, notice.severity) for notice in notices] == [(0, "error"), (2, "error")]
    assert "no sound at all" in notices[0].text
    assert notices[1].text.endswith("missing.wav: not found")
    assert deck.butler.take_notices() == []


def test_a_stem_that_fails_while_playing_goes_silent_and_the_rest_plays(tmp_path: Path, stem_path: Path) -> None:
    failing = write_sound(tmp_path / "y.wav", noise(60_000, seed=5))
    expected = song(failing, 60_000)
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(failing)))
    deck.butler.set_stem(1, Stem(str(stem_path)))
    deck.locate(0)
    deck.listen(1024, slots=2)
    os.truncate(failing, 1000)
    heard = deck.listen(30_000, slots=2)
    np.testing.assert_array_equal(heard[1], song(stem_path, 60_000)[:, 1024:31_024])
    # What was in the ring is heard, then nothing.
    np.testing.assert_array_equal(heard[0, :, :4000], expected[:, 1024:5024])
    assert not heard[0, :, CAPACITY + 1024 :].any()
    (notice,) = deck.butler.take_notices()
    assert (notice.slot, notice.severity) == (0, "error")
    assert "shrank" in notice.text


def test_a_file_removed_while_playing_is_noticed_within_a_second(stem_path: Path) -> None:
    expected = song(stem_path, 60_000)
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.locate(0)
    stem_path.unlink()
    deck.work()
    assert deck.butler.take_notices() == []
    deck.seconds += 1.1
    deck.work()
    (notice,) = deck.butler.take_notices()
    assert (notice.severity, notice.text) == ("warning", "x.wav: was removed; it plays on while it stays open")
    np.testing.assert_array_equal(deck.listen(50_000)[0], expected[:, :50_000])


def test_the_offline_reader_gives_the_same_samples(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.wav", noise(300_000), 44100)
    heard = []
    for capacity, read_frames in ((CAPACITY, 4096), (1 << 17, 65536)):
        deck = Deck(capacity, read_frames=read_frames)
        deck.butler.set_stem(0, Stem(str(path)))
        deck.locate(0)
        heard.append(deck.listen(200_000)[0])
    np.testing.assert_array_equal(heard[0], heard[1])


def test_all_slots_open_and_play(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "x.wav", noise(5000))
    deck = Deck(4096)
    for slot in range(MAX_STRIPS):
        deck.butler.set_stem(slot, Stem(str(path)))
    deck.locate(0)
    heard = deck.listen(5000, slots=MAX_STRIPS)
    np.testing.assert_array_equal(heard, np.tile(song(path, 5000), (MAX_STRIPS, 1, 1)))


def resident_bytes(rings: Floats) -> int:
    """How much of the rings is in memory: bit 63 of a page's entry says that the page is there."""
    page = resource.getpagesize()
    first, last = rings.ctypes.data // page, (rings.ctypes.data + rings.nbytes - 1) // page
    with Path("/proc/self/pagemap").open("rb") as pages:
        pages.seek(8 * first)
        entries = np.frombuffer(pages.read(8 * (last - first + 1)), np.uint64)
    return page * int(np.count_nonzero(entries >> np.uint64(63)))


def test_unused_slots_cost_no_memory(stem_path: Path) -> None:
    deck = Deck(65536)
    assert deck.rings.nbytes == 128 * 2 * 65536 * 4
    assert resident_bytes(deck.rings) < 4 << 20
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.locate(0)
    deck.listen(1000)
    assert resident_bytes(deck.rings) < 8 << 20


def test_the_thread_plays_jumps_and_ends(stem_path: Path) -> None:
    rings, control = new_rings(CAPACITY), new_ring_control()
    butler = Butler(rings, control, RATE_HZ)
    butler.set_stem(0, Stem(str(stem_path)))
    thread = threading.Thread(target=butler.run)
    thread.start()
    expected = song(stem_path, 60_000)

    def wait_for(condition: Any) -> None:
        for _ in range(5000):
            if condition():
                return
            time.sleep(0.002)
        raise AssertionError("the butler does not come")

    try:
        for position in (0, 20_000):
            generation = butler.locate(position)
            wait_for(lambda generation=generation: control.generation[0] == generation)
            control.read_frames[0] = 0
            for read in range(0, 20_000, 500):
                wait_for(lambda read=read: control.written[0] - read >= 500)
                places = (read + np.arange(500)) & (CAPACITY - 1)
                np.testing.assert_array_equal(rings[0][:, places], expected[:, position + read : position + read + 500])
                control.read_frames[0] = read + 500
    finally:
        butler.close()
        thread.join(10)
    assert not thread.is_alive()
    assert butler.step() == END
