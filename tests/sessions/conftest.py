import pytest

from sessions.controller import Controller
from sessions.recovery import STATE_VARIABLE
from tests.sessions.fake_player import SESSION, Clock, FakePlayer
from tests.sessions.fake_processor import CATALOG


@pytest.fixture(autouse=True)
def state_dir(tmp_path_factory, monkeypatch):
    """A state folder of its own for every test, so that none meets the user's recovery files."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv(STATE_VARIABLE, str(folder))
    return folder


@pytest.fixture(autouse=True, scope="package")
def catalog():
    """The program's processors and one with a parameter of every sort."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sessions.insert.PROCESSORS", CATALOG)
        yield


@pytest.fixture
def as_after_a_crash(monkeypatch):
    """Lets the recovery files of this process be taken for those of a killed one."""
    monkeypatch.setattr("sessions.recovery.is_running", lambda mark: False)


@pytest.fixture
def player():
    return FakePlayer()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    """Where a session may be saved, in a folder of its own."""
    folder = tmp_path / "Song"
    folder.mkdir()
    return folder / "Song.gainstage"


@pytest.fixture
def controller(path, player, clock):
    controller = Controller(SESSION, path, player, clock=clock)
    yield controller
    controller.close(discard=True)
