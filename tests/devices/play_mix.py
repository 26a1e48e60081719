"""A program that plays a mix as the interface process does, and reports over a connection what it is told meanwhile.

Usage: play_mix.py DESCRIPTOR HOG. Over the connection come an `OutputRequest`, and then calls of the player's methods
as (name, arguments); `close` is the last. Back go `Report`s, one after every reading. HOG is 1 to have a thread that
hardly ever lets go of Python's lock.
"""

from __future__ import annotations

import sys
import threading
import time
from multiprocessing.connection import Connection

from engine.player import Player
from tests.devices.mix_player import Report

READ_EVERY_S = 0.02


def hog() -> None:
    """Holds Python's lock for about 50 ms at a time."""
    while True:
        sum(range(3_000_000))


def main(connection: Connection, hogging: bool) -> None:
    if hogging:
        threading.Thread(target=hog, daemon=True).start()
    slowest_s = 0.0
    player = Player(connection.recv())
    name = ""
    while name != "close":
        name, arguments = connection.recv() if connection.poll(READ_EVERY_S) else ("read", ())
        begun_s = time.monotonic()
        answer = getattr(player, name)(*arguments)
        slowest_s = max(slowest_s, time.monotonic() - begun_s)
        if name == "read":
            connection.send(Report(player.status, answer, player.notices(), slowest_s, time.monotonic()))


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])), sys.argv[2] == "1")
