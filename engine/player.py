"""The live door: plays a mix through the audio interface, or to a silent clock where there is none.

The sound is made by a process of its own, because audio libraries hang, abort and print when a device dies. This side
watches its heartbeat; when it stops, the process is killed, another one goes on to the silent clock from the last
position, and the device is looked for until it is back. Nothing here waits for the device.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from engine.core.record import allocate, words_of
from engine.io.device import Device, DeviceError
from engine.io.find_devices import DeviceSearch
from engine.io.linking import Linking
from engine.io.shared_memory import SharedMemory
from engine.io.status import NO_DEVICE, OutputRequest, OutputStatus
from engine.io.supervisor import Supervisor
from engine.memory import ENGINE
from engine.meters.frame import INPUT, MeterFrame
from engine.meters.gated import average_gated
from engine.meters.reader import MeterReader
from engine.meters.reading import read_points
from engine.mix import Mix, Strip
from engine.mixer.controls import MASTER_SLOT
from engine.mixer.live_mix import LiveMix
from engine.mixer.planner import Node
from engine.mixer.transport import STOPPED, WAITING
from engine.notice import Notice

__all__ = [
    "NO_DEVICE",
    "Device",
    "DeviceError",
    "Notice",
    "OutputRequest",
    "OutputStatus",
    "Player",
    "output_devices",
]

_FADE_WAIT_S = 0.4
_POLL_S = 0.005
_LONGEST_TAIL_S = 0.1


def output_devices() -> list[Device]:
    """The audio interfaces of this machine, asked in a process of its own. Raises DeviceError, one clear line."""
    return DeviceSearch().wait()


class Player:
    """Plays one mix. All calls return at once; they come from one thread, `read` at the frame rate of the meters."""

    def __init__(self, request: OutputRequest | None = None) -> None:
        self._memory = SharedMemory(ENGINE.itemsize)
        self._engine: Any = allocate(ENGINE, self._memory.buffer)
        (self._rate_hz,) = words_of(self._engine, "sample_rate_hz")
        self._position, self._length, self._want_playing, self._state = words_of(
            self._engine.transport, "position_frames", "length_frames", "want_playing", "state"
        )
        self._obeyed, self._orders_read, self._orders_written, self._released, self._pending = words_of(
            self._engine.transport, "obeyed", "orders_read", "orders_written", "released", "pending_generation"
        )
        self._reader = MeterReader(self._engine)
        self._mix: Mix | None = None
        self._live = LiveMix(self._engine.controls)
        self._slots: tuple[int, ...] = (MASTER_SLOT,)
        self._position_s = 0.0
        self._length_s = 0.0
        self._playing = False
        self._is_closed = False
        self._missing_processors = 0
        self._is_blind = False
        """Whether it was told that the meters cannot be read."""
        self._linking = Linking(read_points, average_gated)
        self._supervisor = Supervisor(self._memory, self._engine.status, request or OutputRequest(), self._description)

    # What sounds

    def apply(self, mix: Mix) -> None:
        """Makes the engine play this mix, sending what differs from the one before."""
        changes = self._live.write(mix)
        self._reader.set(mix.meters)
        before, self._mix = self._mix, mix
        self._slots = (*(self._live.slots[strip.id] for strip in mix.strips), MASTER_SLOT)
        if changes.stems:
            self._reader.expect_stems()
        for slot in changes.new:
            self._reader.forget(slot)
        stems = [{"slot": slot} if strip is None else self._stem_message(strip) for slot, strip in changes.stems]
        if before is None:
            self._supervisor.open()
        elif before.sample_rate_hz != mix.sample_rate_hz:
            self._follow()
            self._supervisor.restart()
        else:
            if stems:
                self._supervisor.send("stems", stems=stems)
            if changes.nodes is not None:
                self._supervisor.send("connect", nodes=_messages(changes.nodes))
            if before.loop != mix.loop:
                self._supervisor.send("loop", **asdict(mix.loop))

    def play(self) -> None:
        """Starts the transport, from the beginning when it stands at the end of the song."""
        self._supervisor.retry()
        self._follow()
        if self._length_s and self._position_s >= self._length_s:
            self.locate(0.0)
        self._playing = True
        self._supervisor.order("play")

    def stop(self) -> None:
        """Stops the transport where it is."""
        self._playing = False
        self._supervisor.order("stop")

    def locate(self, position_s: float) -> None:
        """Moves the transport; playing goes on from there."""
        self._position_s = max(position_s, 0.0)
        self._supervisor.order("locate", position_s=self._position_s)

    # What is measured

    def clear_holds(self, strip_id: str | None = None, stage: int | None = None) -> None:
        """Clears peak holds, over marks and counts: of all, of one strip, or at one stage (`STAGES`) of it."""
        if strip_id is None:
            self._reader.clear_holds()
        for slot in self._slots_of(() if strip_id is None else (strip_id,)):
            self._reader.clear_holds(slot, stage)

    def reset_loudness(self) -> None:
        """Starts the loudness of the programme and the integrated loudness of all strips anew."""
        self._reader.reset_loudness()

    def pause_loudness(self, paused: bool) -> None:
        """Leaves out of both what comes, or goes on."""
        self._reader.pause_loudness(paused)

    def begin_evidence(self, strip_ids: Iterable[str], first_stage: int = INPUT) -> None:
        """Starts what these strips are judged by anew, from a stage on: something before it has changed."""
        self._reader.begin_evidence(self._slots_of(strip_ids), first_stage)

    # What is heard back

    @property
    def status(self) -> OutputStatus:
        """Where the sound goes."""
        return self._supervisor.status

    def notices(self) -> list[Notice]:
        """What there is to tell since the last call."""
        notices, self._supervisor.notices = self._supervisor.notices, []
        return notices

    def read(self) -> MeterFrame:
        """The meters and the transport now; strips in the order of the mix, the master, the monitor."""
        self._supervisor.turn()
        if self._supervisor.is_running:
            self._await_processors()
        if self._supervisor.is_running and self._can_read():
            is_settled = self._is_settled()
            frame = self._reader.read(self._slots)
            if is_settled:
                self._position_s, self._length_s, self._playing = frame.position_s, frame.length_s, frame.playing
                return frame
        else:
            frame = self._reader.read_nothing(self._slots)
            self._follow()
        return replace(frame, position_s=self._position_s, length_s=self._length_s, playing=self._playing)

    def close(self) -> None:
        """Fades out and ends the audio process, hanging or not."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._supervisor.status.state == "device":
            self._fade_out()
        self._supervisor.close()
        self._memory.close()

    def _slots_of(self, strip_ids: Iterable[str]) -> tuple[int, ...]:
        """Of those that are in the mix."""
        return tuple(self._live.slots[strip_id] for strip_id in strip_ids if strip_id in self._live.slots)

    def _can_read(self) -> bool:
        """Whether the code that reads is there; it is linked when an engine runs, which has had it compiled."""
        if self._linking.is_done:
            return True
        self._linking.begin()
        if self._linking.fault and not self._is_blind:
            self._is_blind = True
            self._supervisor.notices.append(Notice("error", f"meters cannot be read: {self._linking.fault}"))
        return False

    def _await_processors(self) -> None:
        """Lets all measurement begin anew when processors have joined late: before, it was of another mix."""
        before, self._missing_processors = self._missing_processors, self._supervisor.status.missing_processors
        if self._missing_processors < before:
            self._reader.clear_holds()
            self._reader.reset_loudness()
            self._reader.begin_evidence(self._slots)

    # The audio process

    def _stem_message(self, strip: Strip) -> dict[str, Any]:
        return {"slot": self._live.slots[strip.id], "id": strip.id, "name": strip.name, **asdict(strip.stem)}

    def _description(self) -> dict[str, Any]:
        """All that a new process has to know. Where the song was when a device died is where it goes on."""
        self._follow()
        mix = self._mix
        assert mix is not None
        return {
            "sample_rate_hz": mix.sample_rate_hz,
            "stems": [self._stem_message(strip) for strip in mix.strips if strip.kind == "stem"],
            "nodes": _messages(self._live.nodes),
            "loop": asdict(mix.loop),
            "position_s": self._position_s,
            "playing": self._playing,
        }

    def _follow(self) -> None:
        """Learns from the audio thread where the song is, unless it has yet to hear where it is to be."""
        if self._supervisor.has_played and self._is_settled():
            rate = int(self._rate_hz[0])
            self._position_s = int(self._position[0]) / rate
            self._length_s = int(self._length[0]) / rate
            self._playing = bool(self._want_playing[0])

    def _is_settled(self) -> bool:
        """Whether the audio thread has taken every order and no jump is on its way.

        The words are read in the order in which the audio thread writes them: first that it has taken the orders, then
        that it has let go of the rings for a jump, then that it waits for them.
        """
        return (
            int(self._obeyed[0]) == self._supervisor.orders
            and int(self._orders_read[0]) == int(self._orders_written[0])
            and int(self._released[0]) == int(self._pending[0])
            and int(self._state[0]) != WAITING
        )

    def _fade_out(self) -> None:
        """Waits, not for long, until nothing is heard any more."""
        self.stop()
        deadline = time.monotonic() + _FADE_WAIT_S
        while not (self._is_settled() and int(self._engine.transport.state) == STOPPED):
            self._supervisor.turn()
            if not self._supervisor.is_running or time.monotonic() > deadline:
                return
            time.sleep(_POLL_S)
        time.sleep(min(self._supervisor.status.latency_s or 0.0, _LONGEST_TAIL_S))


def _messages(nodes: tuple[Node, ...]) -> list[dict[str, Any]]:
    return [asdict(node) for node in nodes]
