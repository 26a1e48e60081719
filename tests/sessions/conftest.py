import pytest

from sessions.recovery import STATE_VARIABLE


@pytest.fixture(autouse=True)
def state_dir(tmp_path_factory, monkeypatch):
    """A state folder of its own for every test, so that none meets the user's recovery files."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv(STATE_VARIABLE, str(folder))
    return folder
