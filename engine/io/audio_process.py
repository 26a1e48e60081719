"""The process that makes the sound: `python -m engine.io.audio_process MEMORY_FD SOCKET_FD`.

    main thread      reads orders from the interface; the end of the line (the interface is gone, however) ends the
                     process at once, whatever the other threads hang in
    control thread   this file: opens the output, hands stems to the butler, orders to the audio thread
    butler thread    fills the source rings (engine.sources.butler)
    audio thread     PortAudio's, or the clock's: engine.io.callback

Closing a dead device hangs, so the process gives PortAudio a moment to tidy up and then ends whatever it does.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import queue
import socket
import sys
import threading
from typing import Any

import numpy as np

from engine.core.machine_code import EngineError, forget
from engine.core.units import frames_from_seconds
from engine.deck import Deck
from engine.io.device import DeviceError, leave
from engine.io.output import Output, choose_output
from engine.io.status import OutputRequest
from engine.io.warm_up import ENTRIES, are_ready, warm_up
from engine.memory import ENGINE, new_engine
from engine.mix import Loop, Stem
from engine.mixer.planner import Node, PlanError, entries_of, without

_LEAVE_S = 1.2
"""Leaving an audio server takes it a few of its periods, and one that is left without a word stalls for seconds."""
_POLL_S = 0.005
"""How often the control thread looks after what is under way: jumps, plans, stems that are being opened."""
_REST_POLL_S = 0.05
"""How often while nothing is: waking up costs a thread more than looking. Orders wake it at once."""


class Interface:
    """The line to the interface process. Any thread may say something."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._lock = threading.Lock()

    def say(self, what: str, **details: Any) -> None:
        """Sends one answer; the end of the line is the reader's to notice."""
        with self._lock, contextlib.suppress(OSError):
            self._socket.sendall(json.dumps({"say": what, **details}).encode() + b"\n")

    def read_orders(self, orders: queue.SimpleQueue[dict[str, Any]]) -> None:
        """Main thread. Queues orders until the interface is gone."""
        with self._socket.makefile("rb") as lines:
            for line in lines:
                orders.put(json.loads(line))


class Control:
    """The control thread: obeys the interface's orders in their order."""

    def __init__(self, buffer: memoryview, interface: Interface, orders: queue.SimpleQueue[dict[str, Any]]) -> None:
        self._buffer = buffer
        self._address = np.frombuffer(buffer, np.uint8, 1).ctypes.data
        self._interface = interface
        self._orders = orders
        self._engine: Any = None
        self._deck: Deck | None = None
        self._output: Output | None = None
        self._ids: dict[int, str] = {}
        self._stems: dict[int, Stem] = {}
        self._nodes: tuple[Node, ...] | None = None
        self._connected: tuple[Node, ...] | None = None
        self._missing = 0

    @property
    def stream(self) -> Any:
        """The device's stream, if one was opened."""
        return self._output.stream if self._output is not None else None

    @property
    def _poll_s(self) -> float:
        return _REST_POLL_S if self._deck is None or self._deck.is_at_rest else _POLL_S

    def run(self) -> None:
        """Control thread. Runs until the process ends."""
        warm_up(lambda done, text: self._interface.say("progress", progress=done, detail=text))
        threading.Thread(target=self._prepare_processors, name="preparing", daemon=True).start()
        while True:
            with contextlib.suppress(queue.Empty):
                self._obey(self._orders.get(timeout=self._poll_s))
            self._connect()
            if self._deck is not None:
                self._deck.service(self._notify)
            if self._output is not None and (fault := self._output.fault()) is not None:
                self._interface.say("fault", text=fault, device=self._output.name)
                self._output = None

    def _obey(self, order: dict[str, Any]) -> None:
        do = order.pop("do")
        if do == "open":
            self._open(**order)
            return
        deck = self._deck
        assert deck is not None, f"{do} before open"
        number = order.pop("number", None)
        if do == "stems":
            self._take_stems(deck, order["stems"])
        elif do == "connect":
            self._nodes = _nodes(order["nodes"])
        elif do == "loop":
            deck.set_loop(Loop(**order))
        elif do == "play":
            deck.play()
        elif do == "stop":
            deck.stop()
        elif do == "locate":
            deck.locate(frames_from_seconds(order["position_s"], deck.sample_rate_hz))
        if number:
            self._engine.transport.obeyed = number

    def _open(
        self,
        *,
        request: dict[str, Any],
        host: str | None,
        sample_rate_hz: int,
        stems: list[dict[str, Any]],
        nodes: list[dict[str, Any]],
        loop: dict[str, Any],
        position_s: float,
        playing: bool,
    ) -> None:
        """Opens the output at the mix's rate (or the device's own, where it has but one) and starts it."""
        self._interface.say("opening")
        output = choose_output(OutputRequest(**request), host, sample_rate_hz)
        rate = output.sample_rate_hz
        engine = self._engine = new_engine(rate, self._buffer)
        deck = self._deck = Deck(engine)
        self._take_stems(deck, stems)
        self._nodes, self._connected = _nodes(nodes), None
        self._connect()
        deck.set_loop(Loop(**loop))
        deck.locate(frames_from_seconds(position_s, rate))
        deck.start()
        try:
            output.start(engine, self._address)
        except DeviceError as error:
            self._interface.say("fault", text=str(error), device=output.name)
            return
        for line in output.remarks:
            self._say_notice("warning", line)
        if playing:
            deck.play()
        self._output = output
        self._interface.say(
            "output",
            state="device" if output.device else "clock",
            name=output.name,
            host=output.device.host if output.device else "",
            sample_rate_hz=rate,
            buffer_frames=output.buffer_frames,
            latency_s=output.latency_s,
            searching=output.searching,
        )

    def _connect(self) -> None:
        """Connects what is to be connected; processors that are not ready yet join when they are."""
        deck, nodes = self._deck, self._nodes
        if deck is None or nodes is None:
            return
        missing = {kind for kind, names in entries_of(nodes).items() if not are_ready(names)}
        before, self._missing = self._missing, len(missing)
        if missing and not before:
            self._say_notice("info", "first start: strips play without processors until these are compiled")
        elif before and not missing:
            self._say_notice("info", "all processors are ready; what is measured begins anew")
        ready = without(nodes, missing)
        if not missing:
            self._nodes = None
        if ready != self._connected:
            self._connected = ready
            try:
                deck.connect(ready)
            except PlanError as error:
                self._say_notice("error", str(error))
        if self._missing != before:
            self._interface.say("processors", missing=self._missing)

    def _prepare_processors(self) -> None:
        """Preparing thread. Has the processors compiled that a first start has no time for; what needs one waits."""
        try:
            warm_up(names=ENTRIES)
        except EngineError as error:
            self._say_notice("error", str(error))

    def _take_stems(self, deck: Deck, stems: list[dict[str, Any]]) -> None:
        for message in stems:
            slot = message.pop("slot")
            if not message:
                self._ids.pop(slot, None)
                self._stems.pop(slot, None)
                deck.set_stem(slot, None, "")
                continue
            self._ids[slot] = message.pop("id")
            name = message.pop("name")
            stem = Stem(**message)
            if self._stems.get(slot) == stem:
                deck.rename(slot, name)
            else:
                self._stems[slot] = stem
                deck.set_stem(slot, stem, name)

    def _notify(self, slot: int, severity: str, text: str) -> None:
        """Any thread. A line about a stem."""
        self._say_notice(severity, text, self._ids.get(slot))

    def _say_notice(self, severity: str, text: str, strip_id: str | None = None) -> None:
        self._interface.say("notice", severity=severity, text=text, strip_id=strip_id)


def _nodes(messages: list[dict[str, Any]]) -> tuple[Node, ...]:
    return tuple(Node(**{**one, "inserts": tuple(one["inserts"]), "sends": tuple(one["sends"])}) for one in messages)


def tell_of_failures(interface: Interface) -> None:
    """Lets the interface hear of a thread that fails, whichever it is: it starts another process.

    Machine code that cannot be linked (it was written to a full disk, or the power failed) is compiled anew by that.
    """

    def fail(failure: threading.ExceptHookArgs) -> None:
        if isinstance(failure.exc_value, EngineError):
            forget()
        interface.say("fault", text=f"{failure.exc_type.__name__}: {failure.exc_value}", device=None)
        threading.__excepthook__(failure)

    threading.excepthook = fail


def main() -> None:
    """Runs until the interface process closes the line, for whatever reason."""
    memory_descriptor, socket_descriptor = map(int, sys.argv[1:3])
    memory = mmap.mmap(memory_descriptor, ENGINE.itemsize)
    interface = Interface(socket_descriptor)
    orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    tell_of_failures(interface)
    control = Control(memoryview(memory), interface, orders)
    threading.Thread(target=control.run, name="control", daemon=True).start()
    with contextlib.suppress(OSError, ValueError):
        interface.read_orders(orders)
    leave(control.stream, within_s=_LEAVE_S)
    # The interpreter's exit is not waited for: with PortAudio it hangs on a dead device.
    os._exit(0)


if __name__ == "__main__":
    main()
