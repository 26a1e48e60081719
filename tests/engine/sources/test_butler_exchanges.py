"""Stems that are exchanged, added and removed while the others play on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.mix import Stem
from engine.sources.butler import WAIT
from engine.sources.stem import StemReader
from engine.sources.timeline import LoopRange
from tests.engine.sources.butler_deck import CAPACITY, RATE_HZ, Deck, song
from tests.engine.sources.sounds import Floats, noise, write_sound


def assert_crossfades(heard: Floats, old: Floats, new: Floats) -> int:
    """That the sound goes from the old to the new one within 10 ms, once; returns where it is new."""
    is_old = (heard == old).all(axis=0)
    is_new = (heard == new).all(axis=0)
    begin = int(np.argmin(is_old))
    end = len(is_new) - int(np.argmin(is_new[::-1]))
    assert is_old[:begin].all()
    assert is_new[end:].all()
    assert 300 < end - begin <= RATE_HZ // 100
    low, high = np.minimum(old, new), np.maximum(old, new)
    inside = slice(begin, end)
    assert (heard[:, inside] >= low[:, inside] - 1e-6).all()
    assert (heard[:, inside] <= high[:, inside] + 1e-6).all()
    return end


def test_a_stem_is_exchanged_while_the_others_play_on(tmp_path: Path, stem_path: Path) -> None:
    other = write_sound(tmp_path / "y.wav", noise(60_000, seed=7))
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.butler.set_stem(1, Stem(str(stem_path)))
    deck.locate(0)
    deck.listen(6400, slots=2)
    deck.butler.set_stem(0, Stem(str(other)))
    heard = deck.listen(30_000, slots=2)
    span = slice(6400, 36_400)
    np.testing.assert_array_equal(heard[1], song(stem_path, 60_000)[:, span])
    new_from = assert_crossfades(heard[0], song(stem_path, 60_000)[:, span], song(other, 60_000)[:, span])
    assert new_from < CAPACITY


def test_an_added_stem_enters_out_of_silence_and_a_removed_one_leaves_into_it(tmp_path: Path, stem_path: Path) -> None:
    added = write_sound(tmp_path / "y.wav", noise(90_000, 1, seed=7))
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.locate(0)
    deck.listen(6400, slots=2)
    deck.butler.set_stem(1, Stem(str(added)))
    heard = deck.listen(20_032, slots=2)
    silence = np.zeros((2, 20_032), np.float32)
    np.testing.assert_array_equal(heard[0], song(stem_path, 60_000)[:, 6400:26_432])
    assert_crossfades(heard[1], silence, song(added, 90_000)[:, 6400:26_432])
    assert deck.butler.sides[:2] == (2, 1)
    assert deck.butler.length_frames == 90_000

    deck.butler.set_stem(1, None)
    heard = deck.listen(20_032, slots=2)
    np.testing.assert_array_equal(heard[0], song(stem_path, 60_000)[:, 26_432:46_464])
    assert_crossfades(heard[1], song(added, 90_000)[:, 26_432:46_464], silence)
    assert deck.control.active[:2].tolist() == [1, 0]
    assert deck.butler.sides[:2] == (2, 0)
    assert deck.butler.length_frames == 60_000

    deck.butler.set_stem(1, Stem(str(added)))
    heard = deck.listen(20_032, slots=2)
    assert_crossfades(heard[1], silence, song(added, 90_000)[:, 46_464:66_496])


def test_a_slow_file_enters_further_ahead(tmp_path: Path, stem_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = write_sound(tmp_path / "y.wav", noise(60_000, seed=7))
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.locate(0)
    deck.listen(6400)
    deck.work()
    heard: list[Floats] = []
    original = StemReader.read_into

    def read_slowly(reader: StemReader, left: Floats, right: Floats) -> None:
        original(reader, left, right)
        if reader.info.path == str(other) and not heard:
            # The audio thread plays on in the meantime, almost to the place that was aimed at.
            monkeypatch.setattr(deck.butler, "step", lambda: WAIT)
            heard.append(deck.listen(CAPACITY // 4 - 128)[0])
            monkeypatch.undo()

    monkeypatch.setattr(StemReader, "read_into", read_slowly)
    deck.butler.set_stem(0, Stem(str(other)))
    deck.work()
    heard.append(deck.listen(20_000)[0])
    sound = np.concatenate(heard, axis=1)
    span = slice(6400, 6400 + sound.shape[1])
    new_from = assert_crossfades(sound, song(stem_path, 60_000)[:, span], song(other, 60_000)[:, span])
    assert new_from > heard[0].shape[1] + 1024


def test_what_an_earlier_stem_left_in_the_ring_is_not_heard_again(tmp_path: Path, stem_path: Path) -> None:
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.locate(0)
    deck.rings[1] = 0.5
    deck.butler.set_stem(1, Stem(str(stem_path)))
    deck.butler.step()
    assert deck.control.active[1]
    heard = deck.listen(10_000, slots=2)[1]
    assert_crossfades(heard, np.zeros((2, 10_000), np.float32), song(stem_path, 10_000))


def test_exchanges_keep_to_the_loop(tmp_path: Path, stem_path: Path) -> None:
    other = write_sound(tmp_path / "y.wav", noise(60_000, seed=7))
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.butler.set_loop(LoopRange(1000, 4000))
    deck.locate(1000)
    deck.listen(3200)
    deck.butler.set_stem(0, Stem(str(other)))
    heard = deck.listen(30_000)[0]
    places = 1000 + (np.arange(30_000) + 3200) % 3000
    assert_crossfades(heard, song(stem_path, 60_000)[:, places], song(other, 60_000)[:, places])


def test_a_jump_right_after_an_exchange_hears_only_the_new_stem(tmp_path: Path, stem_path: Path) -> None:
    other = write_sound(tmp_path / "y.wav", noise(60_000, seed=7))
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.butler.set_stem(1, Stem(str(stem_path)))
    deck.locate(0)
    deck.listen(1000)
    deck.butler.set_stem(0, Stem(str(other)))
    deck.butler.set_stem(1, None)
    deck.locate(1000)
    heard = deck.listen(5000, slots=2)
    np.testing.assert_array_equal(heard[0], song(other, 6000)[:, 1000:])
    assert not heard[1].any()
    assert deck.control.active[:2].tolist() == [1, 0]


def test_a_failed_exchange_leaves_silence_and_a_line(tmp_path: Path, stem_path: Path) -> None:
    deck = Deck()
    deck.butler.set_stem(0, Stem(str(stem_path)))
    deck.locate(0)
    deck.listen(6400)
    deck.butler.set_stem(0, Stem(str(tmp_path / "missing.wav")))
    heard = deck.listen(20_000)[0]
    assert_crossfades(heard, song(stem_path, 60_000)[:, 6400:26_400], np.zeros((2, 20_000), np.float32))
    assert [notice.severity for notice in deck.butler.take_notices()] == ["error"]
