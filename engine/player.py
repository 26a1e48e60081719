"""The live door: plays a mix through the audio interface, or to a silent clock where there is none.

The sound is made by a process of its own, because audio libraries hang, abort and print when a device dies. This side
watches its heartbeat; when it stops, the process is killed, another one goes on to the silent clock from the last
position, and the device is looked for until it is back. Nothing here waits for the device.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from engine.core.record import allocate
from engine.io.device import Device, DeviceError
from engine.io.find_devices import DeviceSearch, DeviceWatch
from engine.io.heartbeat import Heartbeat
from engine.io.process import AudioProcess, SharedMemory, log_path
from engine.memory import ENGINE
from engine.meters.frame import MeterFrame
from engine.meters.reader import MeterReader, silent_frame
from engine.mix import MAX_STRIPS, Mix, Strip
from engine.mixer.controls import MASTER_SLOT, publish, write_pan_law, write_strip

__all__ = ["Device", "DeviceError", "Notice", "OutputRequest", "OutputStatus", "Player", "output_devices"]

NO_DEVICE = "none"
"""The device request that asks for the silent clock."""

_FADE_WAIT_S = 0.04
_MOST_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the user, in one line; `strip_id` names the strip it is about."""

    severity: Literal["info", "warning", "error"]
    text: str
    strip_id: str | None = None


@dataclass(frozen=True, slots=True)
class OutputRequest:
    """Where to play: a device (None is the system's default, "none" the silent clock), its buffer, its channel pair."""

    device: str | None = None
    buffer_frames: int | None = None
    left_channel: int = 1
    right_channel: int = 2


@dataclass(frozen=True, slots=True)
class OutputStatus:
    """Where the sound goes now. `progress` (0 to 1) is set while the engine compiles itself on a first start."""

    state: Literal["starting", "device", "clock", "lost"]
    name: str = ""
    host: str = ""
    sample_rate_hz: int = 0
    buffer_frames: int = 0
    latency_s: float | None = None
    progress: float | None = None
    detail: str = ""


def output_devices() -> list[Device]:
    """The audio interfaces of this machine, asked in a process of its own. Raises DeviceError, one clear line."""
    return DeviceSearch().wait()


class Player:
    """Plays one mix. All calls return at once; they come from one thread, `read` at the frame rate of the meters."""

    def __init__(self, request: OutputRequest | None = None) -> None:
        self._request = request or OutputRequest()
        self._memory = SharedMemory(ENGINE.itemsize)
        self._engine: Any = allocate(ENGINE, self._memory.buffer)
        self._reader = MeterReader(self._engine)
        self._mix: Mix | None = None
        self._slots: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._notices: list[Notice] = []
        self._position_s = 0.0
        self._length_s = 0.0
        self._playing = False
        self._orders = 0
        self._failures = 0
        self._watch: DeviceWatch | None = None
        self._status = OutputStatus("starting")
        self._heartbeat = Heartbeat(self._engine.status)
        self._process = AudioProcess(self._memory)

    # What sounds

    def apply(self, mix: Mix) -> None:
        """Makes the engine play this mix, sending what differs from the one before."""
        before, self._mix = self._mix, mix
        if len(mix.strips) > MAX_STRIPS:
            raise ValueError(f"{len(mix.strips)} strips are above the limit of {MAX_STRIPS}")
        stems = self._write_controls(before, mix)
        if before is None:
            self._open(self._request.device)
        elif before.sample_rate_hz != mix.sample_rate_hz:
            self._start_again(self._request.device)
        else:
            if stems:
                self._process.send("stems", stems=stems)
            if before.loop != mix.loop:
                self._process.send("loop", **asdict(mix.loop))

    def play(self) -> None:
        """Starts the transport, from the beginning when it stands at the end of the song."""
        if self._length_s and self._position_s >= self._length_s:
            self.locate(0.0)
        self._playing = True
        self._order("play")

    def stop(self) -> None:
        """Stops the transport where it is."""
        self._playing = False
        self._order("stop")

    def locate(self, position_s: float) -> None:
        """Moves the transport; playing goes on from there."""
        self._position_s = max(position_s, 0.0)
        self._order("locate", position_s=self._position_s)

    def clear_holds(self) -> None:
        """Clears peak holds and over marks."""
        self._reader.clear_holds()

    # What is heard back

    @property
    def status(self) -> OutputStatus:
        """Where the sound goes."""
        return self._status

    def notices(self) -> list[Notice]:
        """What there is to tell since the last call."""
        notices, self._notices = self._notices, []
        return notices

    def read(self) -> MeterFrame:
        """The meters and the transport now; strips in the order of the mix, the master last."""
        self._listen()
        self._supervise()
        mix = self._mix
        strips = mix.strips if mix else ()
        if self._status.state in ("starting", "lost"):
            frame = silent_frame(len(strips))
        else:
            frame = self._reader.read((*(self._slots[strip.id] for strip in strips), MASTER_SLOT))
            self._length_s = frame.length_s
            if self._obeyed():
                self._position_s, self._playing = frame.position_s, frame.playing
        return replace(frame, position_s=self._position_s, length_s=self._length_s, playing=self._playing)

    def close(self) -> None:
        """Fades out and ends the audio process, hanging or not."""
        if self._watch is not None:
            self._watch.cancel()
        if self._playing and not self._process.gone:
            self._process.send("stop", number=0)
            time.sleep(_FADE_WAIT_S)
        self._process.quit()
        self._memory.close()

    # The audio process

    def _write_controls(self, before: Mix | None, mix: Mix) -> list[dict[str, Any]]:
        """Writes what differs into the shared record; returns the stems that changed, as the process is told them."""
        controls = self._engine.controls
        stems: list[dict[str, Any]] = []
        known = {strip.id: strip for strip in before.strips} if before else {}
        for identity in known.keys() - {strip.id for strip in mix.strips}:
            slot = self._slots.pop(identity)
            write_strip(controls, slot, known[identity].controls, used=False)
            stems.append({"slot": slot})
        free = iter(sorted(set(range(MAX_STRIPS)) - set(self._slots.values())))
        for strip in mix.strips:
            old = known.get(strip.id)
            if strip is old:
                continue
            if old is None:
                self._slots[strip.id] = next(free)
            slot = self._slots[strip.id]
            if old is None or old.controls != strip.controls:
                write_strip(controls, slot, strip.controls)
            if old is None or (old.stem, old.name) != (strip.stem, strip.name):
                stems.append(self._stem_message(strip))
        if before is None or before.master != mix.master:
            write_strip(controls, MASTER_SLOT, mix.master)
        if before is None or before.pan_law != mix.pan_law:
            write_pan_law(controls, mix.pan_law)
        controls.monitor_db = mix.monitor_db
        publish(controls)
        return stems

    def _stem_message(self, strip: Strip) -> dict[str, Any]:
        return {"slot": self._slots[strip.id], "id": strip.id, "name": strip.name, **asdict(strip.stem)}

    def _open(self, device: str | None) -> None:
        """Tells a new process all it has to know; what it is told later are differences."""
        mix = self._mix
        assert mix is not None
        self._process.send(
            "open",
            device=device,
            buffer_frames=self._request.buffer_frames,
            left_channel=self._request.left_channel,
            right_channel=self._request.right_channel,
            sample_rate_hz=mix.sample_rate_hz,
            stems=[self._stem_message(strip) for strip in mix.strips],
            loop=asdict(mix.loop),
            position_s=self._position_s,
            playing=self._playing,
        )
        self._orders = 0
        self._heartbeat.start()

    def _start_again(self, device: str | None, *, hanging: bool = False) -> None:
        """Replaces the process (one that may be hanging is not asked to leave), going on from the last position."""
        if hanging:
            self._process.kill()
        else:
            self._process.quit()
        self._status = OutputStatus("starting")
        self._process = AudioProcess(self._memory)
        if self._mix is not None:
            self._open(device)

    def _order(self, do: str, **details: Any) -> None:
        self._orders += 1
        self._process.send(do, number=self._orders, **details)

    def _obeyed(self) -> bool:
        """Whether the audio thread has taken every order, so that its position and state are the truth."""
        transport = self._engine.transport
        return int(transport.obeyed) == self._orders and int(transport.orders_read[0]) == int(
            transport.orders_written[0]
        )

    def _listen(self) -> None:
        """Takes in what the process has said."""
        for answer in self._process.receive():
            match answer.pop("say"):
                case "progress":
                    self._status = replace(self._status, **answer)
                case "output":
                    self._status = OutputStatus(**answer)
                    self._heartbeat.expect(self._status.buffer_frames, self._status.sample_rate_hz)
                    if self._status.state == "device":
                        self._failures = 0
                case "searching":
                    self._search_for(answer["wanted"], None)
                case "notice":
                    self._notices.append(Notice(**answer))
                case "fault":
                    self._lose(**answer)
                    return

    def _supervise(self) -> None:
        """Notices a dead process or device, and a device that is back."""
        if self._mix is None:
            return
        if self._process.gone:
            self._lose("the audio process ended")
        elif (fault := self._heartbeat.fault()) is not None:
            self._lose(fault)
        elif self._watch is not None and self._watch.found():
            name = self._watch.name
            self._watch = None
            self._notices.append(Notice("info", f'audio device "{name}" is back: playing on it again'))
            self._start_again(self._request.device)

    def _lose(self, text: str, device: str | None = None) -> None:
        """Goes on without the device, or with a new process in place of a broken one."""
        lost = self._status
        self._failures += 1
        if self._failures > _MOST_FAILURES:
            self._process.kill()
            self._heartbeat.stop()
            self._status = OutputStatus("lost", detail=text)
            self._notices.append(Notice("error", f"the engine does not run: {text} (see {log_path()})"))
            return
        if lost.state == "device":
            self._notices.append(
                Notice("warning", f'audio device "{lost.name}" lost ({text}): silent clock until it is back')
            )
            self._search_for(lost.name, lost.host)
        elif device is not None:
            self._notices.append(Notice("warning", f'audio device "{device}" is refused, {text}: silent clock'))
        else:
            self._notices.append(Notice("warning", f"the engine was started again: {text}"))
        self._start_again(NO_DEVICE, hanging=True)

    def _search_for(self, wanted: str | None, host: str | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch = DeviceWatch(wanted, host)
