"""Real audio servers for tests; each test gets its own and may kill it.

All tests here carry the mark `devices` and run one after the other, in one worker: servers share what JACK keeps in
shared memory, and their clocks are real.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.devices.audio_servers import JackServer, PulseServer, start_jack, start_pulse
from tests.devices.recorders import JackRecorder, PulseRecorder

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker("devices")
            item.add_marker(pytest.mark.xdist_group("devices"))


@pytest.fixture
def jack_servers(tmp_path: Path) -> Iterator[Callable[..., JackServer]]:
    """Starts JACK servers (`start_jack` without its folder); all are ended after the test."""
    servers: list[JackServer] = []

    def start(**wanted: object) -> JackServer:
        servers.append(start_jack(tmp_path, **wanted))  # type: ignore[arg-type]
        return servers[-1]

    yield start
    for server in servers:
        server.close()
        server.lock.close()


@pytest.fixture
def jack_server(jack_servers: Callable[..., JackServer], request: pytest.FixtureRequest) -> JackServer:
    """One server; `indirect` parameters are those of `start_jack`, as a dict."""
    return jack_servers(**getattr(request, "param", {}))


@pytest.fixture
def record_jack(tmp_path: Path) -> Iterator[Callable[[JackServer], JackRecorder]]:
    """Starts a recorder on a server."""
    recorders: list[JackRecorder] = []

    def start(server: JackServer) -> JackRecorder:
        recorders.append(JackRecorder(server, tmp_path / f"jack-{len(recorders)}.f32"))
        return recorders[-1]

    yield start
    for recorder in recorders:
        recorder.close()


@pytest.fixture
def jack_recorder(jack_server: JackServer, record_jack: Callable[[JackServer], JackRecorder]) -> JackRecorder:
    """A recorder on the one server."""
    return record_jack(jack_server)


@pytest.fixture
def pulse_server() -> Iterator[PulseServer]:
    """One PulseAudio server; a killed one is followed by `start_pulse(server.socket.parent)`, the test closes that."""
    server = start_pulse()
    yield server
    server.close()
    shutil.rmtree(server.socket.parent, ignore_errors=True)


@pytest.fixture
def pulse_recorder(pulse_server: PulseServer, tmp_path: Path) -> Iterator[PulseRecorder]:
    """A recorder on it."""
    recorder = PulseRecorder(pulse_server, tmp_path / "pulse.f32")
    yield recorder
    recorder.close()
