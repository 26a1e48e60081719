"""A session file with a fault and a rest that is right."""

from sessions.document import session_from_text, session_text
from sessions.model import Session
from sessions.salvage import salvaged
from tests.sessions.strategies import FOLDER

HEAD = 'version = 2\nname = "Song"\n'
REST = """
[[strip]]
id = "s2"
name = "Kick"
path = "Kick.wav"
fader_db = -3.0
output = "b1"
[strip.insert.1]
kind = "utility"
params.gain_db = -2.0
[strip.send.b]
to = "r1"
[[bus]]
id = "b1"
name = "Drums"
[[return]]
id = "r1"
name = "Room"
"""
"""What is right beside the fault, and has to be there afterwards."""
RIGHT = session_from_text(HEAD + REST, FOLDER)


def read(text: str) -> tuple[Session, tuple[str, ...]]:
    session, said = salvaged(HEAD + text, FOLDER)
    assert not [line for line in said if "\n" in line]
    assert session_from_text(session_text(session, FOLDER), FOLDER) == session
    return session, said


def vox(text: str) -> tuple[Session, str]:
    """The session with a strip "Vox" before the rest, and the only line; the rest is as it would be without."""
    session, said = read(f'[[strip]]\nid = "s1"\nname = "Vox"\n{text}\n{REST}')
    assert [session.strip(strip.id) for strip in RIGHT.strips] == list(RIGHT.strips)
    [line] = said
    return session, line
