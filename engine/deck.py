"""The control side of one engine: stems into rings, orders to the audio thread; the same for live and offline.

A jump takes three parties: the audio thread fades out and releases the rings, the butler refills them from the new
position, the audio thread fades in. `service` brings them together; live it is called by the control thread every few
milliseconds, offline between blocks.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.core.atomics import load_acquire, store_release
from engine.core.record import BLOCK_FRAMES
from engine.core.units import frames_from_seconds
from engine.drive import render_blocks, set_entries
from engine.mix import Loop, Stem
from engine.mixer.planner import Node, PlanError, Planner
from engine.mixer.populate import populate_meters
from engine.mixer.transport import LOCATE, LOOP, PLAY, STOP, WAITING, send_order
from engine.sources.butler import READ_FRAMES, Butler
from engine.sources.ring import new_ring_control, new_rings, ring_capacity_frames
from engine.sources.timeline import LoopRange

Notify = Callable[[int, str, str], None]
"""Takes a slot, a severity ("warning" or "error") and a clear line."""


class Deck:
    """Plays stems into one engine. For one thread, the control thread."""

    def __init__(self, engine: Any, *, ring_frames: int | None = None, read_frames: int = READ_FRAMES) -> None:
        self.engine = engine
        self.sample_rate_hz = int(engine.sample_rate_hz)
        capacity = ring_frames or ring_capacity_frames(self.sample_rate_hz)
        self.rings = new_rings(capacity)
        self.control: Any = new_ring_control()
        # Kept, because numpy takes microseconds to find a record's field.
        self._active, self._written = self.control.active, self.control.written
        self._read_frames = self.control.read_frames
        self._transport = engine.transport
        self._plan_number = engine.plan_number
        self.butler = Butler(self.rings, self.control, self.sample_rate_hz, read_frames=read_frames)
        self._orders: deque[tuple[int, int, int, int]] = deque()
        self._generation = 0
        self._jump: int | None = None
        self._told_butler = False
        self._jump_position = 0
        self._names: dict[int, str] = {}
        self._loop = Loop()
        self._stems_changed = False
        self._length_frames = -1
        self._sides: tuple[int, ...] = ()
        self._full_scales: tuple[tuple[float, float], ...] = ()
        self._planner = Planner(self.sample_rate_hz)
        self._nodes: tuple[Node, ...] | None = None
        set_entries(engine)
        engine.rings_address = self.rings.ctypes.data
        engine.rings_capacity = capacity
        engine.ring_control_address = self.control.base.ctypes.data

    def render(self, out: npt.NDArray[np.float32], *, live: bool = False) -> None:
        """Renders one block into `out` (frames, output channels) in this thread; offline, and in tests."""
        engine_address = self.engine.base.ctypes.data
        render_blocks(engine_address, out.ctypes.data, len(out), int(live), 1)

    def start(self) -> None:
        """Starts the butler's thread; offline `butler.step` is called instead."""
        threading.Thread(target=self.butler.run, name="butler", daemon=True).start()

    # Orders

    def set_stem(self, slot: int, stem: Stem | None, name: str) -> None:
        """Puts a stem (or nothing) into a strip's slot; `name` is for messages."""
        self._names[slot] = name
        self.butler.set_stem(slot, stem)
        self._stems_changed = True

    def rename(self, slot: int, name: str) -> None:
        """Calls a strip by another name; its sound goes on."""
        self._names[slot] = name

    def connect(self, nodes: tuple[Node, ...]) -> None:
        """Connects strips, processors and sums as these nodes say, as soon as the last change has been made.

        Raises PlanError for what there is no room for; all stays as it was.
        """
        self._nodes = nodes
        self._change_plan()

    @property
    def latency_frames(self) -> int:
        """How late the master is, by the processors on the way to it."""
        return self._planner.latency_frames

    def play(self, *, soft: bool = True) -> None:
        """Starts; `soft` fades in what is not the song's very beginning."""
        self._order(PLAY, int(soft and self.position_frames != 0))

    def stop(self) -> None:
        """Fades out and stands still."""
        self._order(STOP)

    def locate(self, position_frames: int, *, soft: bool = True) -> None:
        """Jumps; `soft` fades in from there, unless it is the song's beginning."""
        self._generation += 1
        self._jump, self._told_butler, self._jump_position = self._generation, False, position_frames
        self._stems_changed = False
        self._order(LOCATE, position_frames, self._generation, int(soft and position_frames != 0))

    def set_loop(self, loop: Loop) -> None:
        """Loops a part of the song from now on, or no longer. An end that is open, or beyond the song, is its end."""
        self._loop = loop
        start = frames_from_seconds(loop.start_s, self.sample_rate_hz)
        end = max(self._length_frames, 0)
        if loop.end_s is not None:
            end = min(end, frames_from_seconds(loop.end_s, self.sample_rate_hz))
        enabled = loop.enabled and end > start
        refill = self.butler.set_loop(LoopRange(start, end) if enabled else None)
        self._order(LOOP, int(enabled), start, end)
        if refill:
            self.locate(self.position_frames)

    @property
    def position_frames(self) -> int:
        """Where the song is, or will be after the jump under way."""
        return self._jump_position if self._jump is not None else int(self._transport.position_frames)

    @property
    def is_jumping(self) -> bool:
        """Whether a jump has not arrived yet."""
        return self._jump is not None

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is under way, so that `service` may be called less often: an order ends the rest."""
        return (
            self._jump is None
            and not self._orders
            and self._nodes is None
            and int(self._plan_number[0]) == self._planner.number
            and self.butler.is_settled
            and not (self.butler.is_due and self._transport.want_playing)
            and (self.butler.sides, self.butler.length_frames) == (self._sides, self._length_frames)
            and self.butler.full_scales == self._full_scales
        )

    def holds(self, frames: int) -> bool:
        """Whether every ring holds so many frames to be played, and what the audio thread keeps for a fade-out."""
        ahead = self._written - self._read_frames[0]
        reserve = int(self._transport.fade_frames) + BLOCK_FRAMES
        return bool((ahead >= frames + reserve)[self._active != 0].all())

    # Service

    def service(self, notify: Notify) -> None:
        """Brings jumps on their way, tells the audio thread of opened stems, passes on what the butler has to say."""
        transport = self._transport
        self._send_orders()
        try:
            self._change_plan()
        except PlanError as error:
            notify(-1, "error", str(error))
        for notice in self.butler.take_notices():
            notify(notice.slot, notice.severity, f'strip "{self._names.get(notice.slot, "?")}": {notice.text}')
        if self._jump is None:
            self._describe_stems()
            if self._stems_changed:
                self._stems_changed = False
                if not transport.want_playing:
                    # What stands in the rings is of the old stems, and would be heard when it starts.
                    self.locate(self.position_frames)
            return
        jump = self._jump
        if not self._told_butler and load_acquire(transport.released, 0) == jump:
            self.butler.locate(self._jump_position, jump)
            self._told_butler = True
        if self._told_butler and load_acquire(self.control.generation, 0) == jump:
            self._describe_stems()
            if self._generation != jump:
                return  # The loop, now that the song's length is known, has asked for another jump.
            store_release(transport.ready, 0, jump)
            if transport.state != WAITING or transport.pending_generation != jump:
                self._jump = None

    def _describe_stems(self) -> None:
        """Tells the audio thread which stems are mono and how long the song is, once the butler has opened them."""
        sides, full_scales = self.butler.sides, self.butler.full_scales
        if (sides, full_scales) != (self._sides, self._full_scales):
            self._sides, self._full_scales = sides, full_scales
            self.engine.full_scales[:] = full_scales
            for slot, count in enumerate(sides):
                if count:  # A stem that was removed is heard a little longer, as the mono or stereo stem it was.
                    self.engine.sides[slot] = count
            store_release(self.engine.sides_version, 0, int(self.engine.sides_version[0]) + 1)
        length = self.butler.length_frames
        if length != self._length_frames:
            self._length_frames = length
            self._transport.length_frames = length
            if self._loop.enabled:
                self.set_loop(self._loop)

    def _change_plan(self) -> None:
        """Hands the next plan over, if there is one and the audio thread has taken the last."""
        if int(self._plan_number[0]) != self._planner.number:
            return
        self._planner.taken()
        if self._nodes is None:
            return
        nodes, self._nodes = self._nodes, None
        plan = self._planner.plan(nodes)
        if self.engine.metered:
            populate_meters(self.engine, plan)
        store_release(self.engine.next_plan, 0, plan.base.ctypes.data)

    def _order(self, kind: int, first: int = 0, second: int = 0, third: int = 0) -> None:
        self._orders.append((kind, first, second, third))
        self._send_orders()

    def _send_orders(self) -> None:
        """Sends what the audio thread has room for; an order that got lost would leave a jump waiting for ever."""
        while self._orders and send_order(self._transport, *self._orders[0]):
            self._orders.popleft()
