"""Keeps one audio process running: starts it, watches it, replaces it, and finds a device again that was lost.

    starting -> device   where the device asked for plays
    starting -> clock    where there is none; it is looked for
    device -> starting   the device died: a new process goes on with the clock until the device is back
    clock -> starting    the device is back
    any -> starting      the process died: another one, on the device as long as that is not what kills it
    any -> lost          the third time within a minute

Nothing here waits: `turn`, called at the frame rate of the meters, does what is due.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from engine.io.find_devices import FIRST_WAIT_S, DeviceWatch
from engine.io.heartbeat import Heartbeat
from engine.io.process import AudioProcess, log_path
from engine.io.shared_memory import SharedMemory
from engine.io.status import NO_DEVICE, OutputRequest, OutputStatus
from engine.notice import Notice

_LEAVE_S = 1.4
_MOST_FAILURES = 3
_FAILURES_WITHIN_S = 60.0
_STEADY_S = 30.0
"""A device that has played for so long has come to stay; when it is lost it is looked for as soon as the first time."""


class Supervisor:
    """Knows where the engine plays. For one thread.

    `describe` says all a new process has to know of the mix and the transport: what it is sent later are differences.
    """

    def __init__(
        self, memory: SharedMemory, status: Any, request: OutputRequest, describe: Callable[[], dict[str, Any]]
    ) -> None:
        self.status = OutputStatus("starting")
        self.notices: list[Notice] = []
        self.orders = 0
        """How many orders the present process has been sent; it counts those it has obeyed."""
        self.has_played = False
        """Whether the memory tells of an engine that plays, or did until its process ended."""
        self._memory = memory
        self._heartbeat = Heartbeat(status)
        self._asked = self._target = request
        self._target_host: str | None = None
        self._describe = describe
        self._is_open = False
        self._is_opening = False
        self._leave_by_s: float | None = None
        self._failures: deque[float] = deque()
        self._watch: DeviceWatch | None = None
        self._watched: tuple[str | None, str | None] = (None, None)
        self._wait_s = FIRST_WAIT_S
        self._came_back = ""
        self._device_since_s = 0.0
        self._process = AudioProcess(memory)

    # For the player

    @property
    def pid(self) -> int:
        """The present audio process, for tests and diagnostics."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether there is an engine, on a device or on the clock."""
        return self.status.state in ("device", "clock")

    def open(self) -> None:
        """Lets the process begin: from now on there is something to describe."""
        self._is_open = True
        self._send_open()

    def order(self, do: str, **details: Any) -> None:
        """Sends an order whose obedience is counted. One that finds no process is part of the next description."""
        self.orders += 1
        self.send(do, number=self.orders, **details)

    def send(self, do: str, **details: Any) -> None:
        """Sends an order that is not counted."""
        if self._is_open and self._leave_by_s is None and not self._process.gone:
            self._process.send(do, **details)

    def restart(self) -> None:
        """Describes everything anew to another process."""
        if self.status.state != "lost":
            self._hand_over(self._target, self._target_host)

    def retry(self) -> None:
        """Tries again after it was given up."""
        if self.status.state == "lost":
            self._failures.clear()
            self._replace(self._asked, None)

    def turn(self) -> None:
        """Takes in what the process says, and does what is due."""
        if self.status.state == "lost":
            return
        if self._leave_by_s is not None:
            if self._process.ended or time.monotonic() >= self._leave_by_s:
                self._replace(self._target, self._target_host)
            return
        process = self._process
        for answer in process.receive():
            self._hear(answer)
            if self._is_done_with(process):
                return
        if not self._is_open:
            return
        if process.gone:
            self._mourn()
        elif (fault := self._heartbeat.fault()) is not None:
            self._lose(fault)
        elif self._watch is not None and self._watch.found():
            self._return()

    def close(self) -> None:
        """Ends the process, hanging or not, within two seconds, and every search."""
        self._stop_watching()
        self._process.quit()

    def _is_done_with(self, process: AudioProcess) -> bool:
        """Whether nothing more is asked of a process."""
        return self._process is not process or self._leave_by_s is not None or self.status.state == "lost"

    # What is heard

    def _hear(self, answer: dict[str, Any]) -> None:
        match answer.pop("say"):
            case "progress":
                self.status = replace(self.status, **answer)
                if self._is_open:
                    self._heartbeat.start()
            case "opening":
                self._is_opening = True
                self._heartbeat.open()
            case "output":
                self._play(**answer)
            case "notice":
                self.notices.append(Notice(**answer))
            case "processors":
                self.status = replace(self.status, missing_processors=answer["missing"])
            case "fault":
                self._lose(**answer)

    def _play(self, *, searching: bool, **status: Any) -> None:
        """The process has begun to play."""
        self.status = OutputStatus(**status, missing_processors=self.status.missing_processors)
        self._is_opening, self.has_played = False, True
        self._heartbeat.expect(self.status.buffer_frames, self.status.sample_rate_hz)
        if searching:
            self._search(self._target.device, self._target_host)
        if self.status.state == "device":
            self._device_since_s = time.monotonic()
            if self._came_back:
                self._tell("info", f'audio device "{self.status.name}" {self._came_back}: playing on it')
        self._came_back = ""

    # What may happen

    def _lose(self, text: str, device: str | None = None) -> None:
        """A device is dead, refused, or hangs; or the engine itself has failed."""
        if self.status.state == "device":
            self._tell("warning", f'audio device "{self.status.name}" lost ({text}): silent clock until it is back')
            if time.monotonic() - self._device_since_s > _STEADY_S:
                self._wait_s = FIRST_WAIT_S
            self._search(self.status.name, self.status.host)
            self._go_silent()
        elif device is not None:
            self._tell(
                "warning",
                f'audio device "{device}" refused: {text}; silent clock ("gainstage devices" lists what there is)',
            )
            self._go_silent()
        elif self._is_opening and self._target.device != NO_DEVICE:
            self._tell("warning", f"{text}: silent clock until it works")
            self._search(self._target.device, self._target_host)
            self._go_silent()
        else:
            self._fail(text)

    def _mourn(self) -> None:
        """The process has ended by itself."""
        ending = self._process.ending()
        if self._is_opening and self._target.device != NO_DEVICE:
            self._tell(
                "warning",
                f"the audio system crashed ({ending}) at its start: silent clock until it works (see {log_path()})",
            )
            self._search(self._target.device, self._target_host)
            self._go_silent()
        else:
            self._fail(f"the audio process ended ({ending})")

    def _fail(self, text: str) -> None:
        """The engine has failed, by no fault of a device as far as can be seen."""
        now = time.monotonic()
        self._failures.append(now)
        while now - self._failures[0] > _FAILURES_WITHIN_S:
            self._failures.popleft()
        if len(self._failures) >= _MOST_FAILURES:
            self._give_up(text)
            return
        self._tell("warning", f"{text}: the engine was started again")
        if self.status.state == "device":
            name, host = self.status.name, self.status.host
            if len(self._failures) > 1:
                self._search(name, host)
                self._go_silent()
            else:
                # Not just any device: it must not become loud where nobody expects it.
                self._replace(replace(self._asked, device=name), host)
        else:
            self._replace(self._target, self._target_host)

    def _give_up(self, text: str) -> None:
        """There is no engine until `retry`."""
        self._stop_watching()
        self._process.kill()
        self.status = OutputStatus("lost", detail=text)
        self._tell("error", f"the engine does not run: {text}; play tries again (see {log_path()})")

    def _return(self) -> None:
        """The device that was looked for is there."""
        watch, self._watch = self._watch, None
        assert watch is not None
        self._wait_s = watch.wait_s
        self._came_back = "is back" if self._device_since_s else "is there now"
        self._hand_over(replace(self._asked, device=self._watched[0]), self._watched[1])

    # Processes come and go

    def _go_silent(self) -> None:
        self._replace(replace(self._asked, device=NO_DEVICE), None)

    def _hand_over(self, target: OutputRequest, host: str | None) -> None:
        """Asks the process to leave its device; the next one is started when it has, or will not."""
        self._target, self._target_host = target, host
        self.status = OutputStatus("starting")
        self._process.leave()
        self._leave_by_s = time.monotonic() + _LEAVE_S

    def _replace(self, target: OutputRequest, host: str | None) -> None:
        """Kills the process and starts another one at once."""
        self._process.kill()
        self._target, self._target_host = target, host
        self.status = OutputStatus("starting")
        self._leave_by_s = None
        self._is_opening = False
        try:
            self._process = AudioProcess(self._memory)
        except OSError as error:
            self._give_up(f"the audio process cannot be started: {error}")
            return
        if self._is_open:
            self._send_open()

    def _send_open(self) -> None:
        description = self._describe()
        self.orders, self.has_played = 0, False
        self._heartbeat.start()
        self._process.send("open", request=asdict(self._target), host=self._target_host, **description)

    def _search(self, wanted: str | None, host: str | None) -> None:
        self._stop_watching()
        self._watched = (wanted, host)
        self._watch = DeviceWatch(wanted, host, wait_s=self._wait_s)

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _tell(self, severity: Any, text: str) -> None:
        self.notices.append(Notice(severity, text))
