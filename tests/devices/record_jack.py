"""A program that records, as float32, whatever PortAudio programs play to the JACK server of its environment.

Usage: record_jack.py FILE CHANNELS. It connects itself to each PortAudio client as soon as its ports appear, writes
"ready" when it listens, and ends when its standard input does. Frames the disk was too slow for are counted at the end.
"""

from __future__ import annotations

import contextlib
import re
import select
import sys
from pathlib import Path

import jack

_RING_BYTES = 1 << 24
_POLL_S = 0.01
"""Programs play silence first for longer; looking more often would keep a synchronous server waiting for us."""
_PORT = re.compile(r"PortAudio.*:out_(\d+)$")


def main(path: Path, channels: int) -> None:
    client = jack.Client("recorder", no_start_server=True)
    inputs = [client.inports.register(f"in_{number}") for number in range(channels)]
    ring = jack.RingBuffer(_RING_BYTES)
    lost_frames = 0
    block = memoryview(bytearray())

    @client.set_process_callback
    def record(frames: int) -> None:
        nonlocal lost_frames, block
        size = 4 * frames * channels
        if len(block) != size:
            block = memoryview(bytearray(size))
        samples = block.cast("f")
        for number, port in enumerate(inputs):
            samples[number::channels] = memoryview(port.get_buffer()).cast("f")
        if ring.write_space < size:
            lost_frames += frames
        else:
            ring.write(block)

    def connect() -> None:
        for port in client.get_ports(is_output=True, is_audio=True):
            match = _PORT.match(port.name)
            if match and int(match[1]) < channels and port not in client.get_all_connections(inputs[int(match[1])]):
                client.connect(port, inputs[int(match[1])])

    with client, path.open("wb") as file:
        print("ready", flush=True)
        while not select.select([sys.stdin], [], [], _POLL_S)[0]:
            with contextlib.suppress(jack.JackError):  # a port may go while it is looked at
                connect()
            file.write(ring.read(ring.read_space))
        client.deactivate()
        file.write(ring.read(ring.read_space))
    print(lost_frames, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
