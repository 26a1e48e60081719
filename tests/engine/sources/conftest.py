from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.sources.sounds import noise, write_sound


@pytest.fixture
def stem_path(tmp_path: Path) -> Path:
    return write_sound(tmp_path / "x.wav", noise(60_000))
