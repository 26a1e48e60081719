"""What holds for all tests of the engine."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.engine.running import Running


@pytest.fixture(autouse=True)
def _files_are_closed() -> Generator[None]:
    """A process that holds thousands of files cannot drive a terminal any more."""
    yield
    while Running.opened:
        Running.opened.pop().close()
