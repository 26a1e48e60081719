"""Channel weights against BS.1770-5, Tables 3 and 4."""

from __future__ import annotations

from engine.meters.channel_weights import LAYOUTS, channel_weights


def test_weights_are_those_of_the_standard() -> None:
    assert channel_weights(1) == (1.0,)
    assert channel_weights(2) == (1.0, 1.0)
    assert channel_weights(5) == (1.0, 1.0, 1.0, 1.41, 1.41)
    assert channel_weights(6) == (1.0, 1.0, 1.0, 0.0, 1.41, 1.41)
    assert channel_weights(8) == (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.41, 1.41)


def test_a_file_that_says_whose_its_channels_are_is_believed() -> None:
    assert channel_weights(6, ("L", "C", "R", "Ls", "Rs", "LFE")) == (1.0, 1.0, 1.0, 1.41, 1.41, 0.0)
    assert channel_weights(3, ("L", "R", "LFE")) == (1.0, 1.0, 0.0)


def test_more_channels_than_any_layout_has_are_not_guessed() -> None:
    assert channel_weights(9) is None
    assert channel_weights(0) is None


def test_every_layout_has_as_many_speakers_as_channels() -> None:
    assert all(len(speakers) == channels == len(set(speakers)) for channels, speakers in LAYOUTS.items())
