"""Where in the song the engine is, and how it starts, stops and jumps without a click.

The control thread sends orders through a single-producer ring; the audio thread owns the state. Jumps go like this:
the audio thread fades out (10 ms, raised cosine), releases the source rings by publishing `released`, waits until the
butler has filled them and the control thread calls the generation `ready`, and fades in. A start at the very beginning
of the song does not fade, there is nothing to fade from; nor does the seam of a loop, which the butler wrote into the
rings. Where the disk does not keep up, the last 10 ms that the rings hold fade out, and what comes fades in.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.core.atomics import load_acquire, store_release
from engine.core.jit import kernel
from engine.core.record import record

STOPPED, PLAYING, FADING, WAITING = range(4)
"""Standing; running (or fading in); fading out; waiting for the rings after a jump."""

PLAY, STOP, LOCATE, LOOP = range(1, 5)
"""Orders. PLAY: soft. STOP. LOCATE: position, generation, soft. LOOP: enabled, start, end. Positions in frames."""

FADE_S = 0.01
ORDER_SLOTS = 64

RESUME_FRAMES = 4096
"""What every ring must hold before a transport that ran dry goes on."""

ORDER = record([("kind", np.int64), ("first", np.int64), ("second", np.int64), ("third", np.int64)])

TRANSPORT = record(
    [
        # Written by the control thread.
        ("orders", ORDER, (ORDER_SLOTS,)),
        ("orders_written", np.int64, (1,)),
        ("length_frames", np.int64),
        ("obeyed", np.int64),
        ("ready", np.int64, (1,)),
        # Written by the audio thread.
        ("orders_read", np.int64, (1,)),
        ("released", np.int64, (1,)),
        ("state", np.int64),
        ("position_frames", np.int64),
        ("came_from", np.int64),
        ("came_to", np.int64),
        ("from_beginning", np.int64),
        ("loop_enabled", np.int64),
        ("loop_start", np.int64),
        ("loop_end", np.int64),
        ("want_playing", np.int64),
        ("pending_position", np.int64),
        ("pending_generation", np.int64),
        ("pending_soft", np.int64),
        ("fade_frames", np.int64),
        ("fade_at", np.int64),
        ("starved", np.int64),
        ("underruns", np.int64),
    ]
)
"""`came_from` and `came_to`: the last jump or seam of a loop."""


def send_order(transport: Any, kind: int, first: int = 0, second: int = 0, third: int = 0) -> bool:
    """Control thread. Queues an order; False while the audio thread has not taken the last `ORDER_SLOTS`."""
    written = int(transport.orders_written[0])
    if written - int(transport.orders_read[0]) >= ORDER_SLOTS:
        return False
    order = transport.orders[written % ORDER_SLOTS]
    order.kind, order.first, order.second, order.third = kind, first, second, third
    store_release(transport.orders_written, 0, written + 1)
    return True


def set_fade(transport: Any, sample_rate_hz: int) -> None:
    """Sets the length of the fades for a rate, before the audio thread runs."""
    transport.fade_frames = round(FADE_S * sample_rate_hz)


@kernel
def _start(transport: Any, soft: int) -> None:
    transport.state = PLAYING
    transport.from_beginning = 1 if transport.position_frames == 0 and not soft else 0
    transport.fade_at = 0 if soft or transport.starved else transport.fade_frames


@kernel
def take_orders(transport: Any) -> None:
    """Audio thread. Obeys what the control thread has ordered since the last block."""
    written = load_acquire(transport.orders_written, 0)
    read = transport.orders_read[0]
    while read < written:
        order = transport.orders[read % ORDER_SLOTS]
        if order.kind == PLAY:
            transport.want_playing = 1
            if transport.state == STOPPED:
                if transport.position_frames < transport.length_frames:
                    _start(transport, order.first)
                else:
                    transport.want_playing = 0
            elif transport.state == FADING and transport.pending_generation == transport.released[0]:
                transport.state = PLAYING
        elif order.kind == STOP:
            transport.want_playing = 0
            if transport.state == PLAYING:
                transport.state = FADING
        elif order.kind == LOCATE:
            transport.pending_position = order.first
            transport.pending_generation = order.second
            transport.pending_soft = order.third
            if transport.state == PLAYING:
                transport.state = FADING
            elif transport.state != FADING:
                _release(transport)
        elif order.kind == LOOP:
            transport.loop_enabled = order.first
            transport.loop_start = order.second
            transport.loop_end = order.third
        read += 1
        store_release(transport.orders_read, 0, read)


@kernel
def _release(transport: Any) -> None:
    transport.state = WAITING
    store_release(transport.released, 0, transport.pending_generation)


@kernel
def _stand(transport: Any) -> None:
    if transport.pending_generation != transport.released[0]:
        _release(transport)
    else:
        transport.state = STOPPED


@kernel
def arrive(transport: Any) -> bool:
    """Audio thread. Ends the wait for a jump when all is ready for its generation; True at the block where it does."""
    if transport.state != WAITING or load_acquire(transport.ready, 0) != transport.pending_generation:
        return False
    transport.came_from = transport.position_frames
    transport.position_frames = min(transport.pending_position, transport.length_frames)
    transport.came_to = transport.position_frames
    transport.starved = 0
    if transport.position_frames == transport.length_frames:
        transport.want_playing = 0
    if transport.want_playing:
        _start(transport, transport.pending_soft)
    else:
        transport.state = STOPPED
    return True


@kernel
def source_position(transport: Any, frame: int, late_frames: int) -> int:
    """Audio thread. Where in the song lies what is heard so late, `frame` frames after where the song is now.

    Before a jump or the seam of a loop it lies where the song came from.
    """
    position = transport.position_frames + frame - late_frames
    if position < transport.came_to:
        position += transport.came_from - transport.came_to
    return max(position, 0)


@kernel
def frames_until_change(transport: Any, frames: int) -> int:
    """Audio thread. How much of a block runs before the song ends, the loop wraps or a fade is over.

    A song that became shorter than where it is begins to fade out here.
    """
    if transport.state != PLAYING and transport.state != FADING:
        return frames
    position = transport.position_frames
    if transport.state == PLAYING and position >= transport.length_frames:
        # The longest stem was taken away, and is heard a little longer.
        transport.want_playing = 0
        transport.state = FADING
    end = transport.length_frames
    if transport.loop_enabled and position < transport.loop_end:
        end = transport.loop_end
    if end > position:
        frames = min(frames, end - position)
    if transport.state == FADING or (transport.starved and transport.fade_at > 0):
        frames = min(frames, max(transport.fade_at, 1))
    return frames


@kernel
def fade(transport: Any, block: Any, frames: int, lanes: int) -> None:
    """Audio thread. Applies the transport's fade in or out to source lanes of a block (frames, lanes)."""
    rising = transport.state == PLAYING and not transport.starved
    if rising and transport.fade_at >= transport.fade_frames:
        return
    step = 1 if rising else -1
    at = transport.fade_at
    for t in range(frames):
        gain = np.float32(0.5 - 0.5 * math.cos(math.pi * at / transport.fade_frames))
        for lane in range(lanes):
            block[t, lane] *= gain
        at = min(max(at + step, 0), transport.fade_frames)


@kernel
def advance(transport: Any, frames: int) -> bool:
    """Audio thread. Moves on by the frames that were just played; True where a loop begins again."""
    if transport.state == PLAYING and not transport.starved:
        transport.fade_at = min(transport.fade_at + frames, transport.fade_frames)
    elif transport.state == PLAYING or transport.state == FADING:
        transport.fade_at = max(transport.fade_at - frames, 0)
    else:
        return False
    position = transport.position_frames + frames
    is_seam = transport.loop_enabled and position == transport.loop_end
    if is_seam:
        position = transport.loop_start
        transport.came_from = transport.loop_end
        transport.came_to = position
    transport.position_frames = min(position, transport.length_frames)
    if transport.state == FADING:
        if transport.fade_at == 0:
            _stand(transport)
    elif position >= transport.length_frames:
        transport.want_playing = 0
        transport.state = STOPPED
    return is_seam
