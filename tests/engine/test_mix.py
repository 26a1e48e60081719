"""What both doors are told cannot hold more than they take."""

from __future__ import annotations

import pytest

from engine.mix import MAX_STRIPS, Mix, Stem
from tests.engine.songs import RATE, strip


def test_a_mix_has_no_more_strips_than_the_engine() -> None:
    strips = tuple(strip(number, Stem(None)) for number in range(MAX_STRIPS + 1))
    assert len(Mix(RATE, strips[1:]).strips) == MAX_STRIPS
    with pytest.raises(ValueError, match="129 strips are above the limit of 128"):
        Mix(RATE, strips)
