"""What a control may hold."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.params import FADER, MONITOR, PAN, STRIP_PARAMS, TRIM, ParamSpec
from engine.mix import StripControls

EVERY = [*STRIP_PARAMS.values(), MONITOR]


@pytest.mark.parametrize("spec", EVERY, ids=lambda spec: spec.id)
def test_defaults_are_valid(spec: ParamSpec) -> None:
    assert spec.contains(spec.default)
    assert spec.clamp(spec.default) == spec.default


@pytest.mark.parametrize("spec", EVERY, ids=lambda spec: spec.id)
@given(value=st.floats(allow_nan=False))
def test_what_was_clamped_is_valid(spec: ParamSpec, value: float) -> None:
    assert spec.contains(spec.clamp(value))


@pytest.mark.parametrize("spec", EVERY, ids=lambda spec: spec.id)
def test_not_a_number_is_never_valid(spec: ParamSpec) -> None:
    assert not spec.contains(math.nan)


def test_below_its_lowest_level_a_fader_is_off_and_a_trim_is_not() -> None:
    assert FADER.clamp(-90.5) == -math.inf
    assert TRIM.clamp(-100.0) == TRIM.minimum
    assert not TRIM.contains(-math.inf)
    assert PAN.clamp(120.0) == 100.0


def test_the_engine_takes_exactly_the_declared_controls_with_their_defaults() -> None:
    fields = {field.name: field.default for field in dataclasses.fields(StripControls)}
    assert (fields.pop("solo_safe"), fields.pop("listen")) == (False, "off")  # which parts sound, no levels
    assert list(fields) == list(STRIP_PARAMS)
    assert {name: float(value) for name, value in fields.items()} == {
        name: spec.default for name, spec in STRIP_PARAMS.items()
    }
