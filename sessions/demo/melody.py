"""What is sung: the lead's melody with its syllables, and the backing voices' chords."""

from __future__ import annotations

from sessions.demo.score import BEATS_PER_BAR, BRIDGE, CHORUS, LAST_CHORUS, OUTRO, VERSE, Note

_NAMES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def pitch(name: str) -> int:
    """MIDI number of a name such as `A4` or `G#4`."""
    sharp = name[1] == "#"
    return 12 * (int(name[2:] if sharp else name[1:]) + 1) + _NAMES[name[0]] + sharp


# One line per bar: beat:pitch:beats:syllable. A syllable is an onset and a vowel (a, e, i, o, u).
_VERSE_LINES = """
0.5:E4:0.5:la 1:G4:0.5:ne 1.5:A4:1:ma 2.5:G4:0.5:to 3:E4:1:le
0:D4:0.5:no 0.5:E4:0.5:wi 1:C4:2:so
0.5:E4:0.5:la 1:G4:0.5:ne 1.5:A4:1:ma 2.5:B4:0.5:ti 3:C5:1:ho
0:B4:0.5:we 0.5:A4:0.5:na 1:G4:2:mo
0.5:A4:0.5:sha 1:C5:0.5:li 1.5:C5:1:no 2.5:B4:0.5:me 3:A4:1:ra
0:G4:0.5:so 0.5:A4:0.5:we 1:E4:1.5:lo 3:C4:0.5:ta 3.5:D4:0.5:ne
0:E4:1.5:ma 1.5:G4:0.5:ko 2:G4:1:ha 3:E4:0.5:li 3.5:D4:0.5:no
0:D4:1.5:wa 2:G4:0.5:o 2.5:A4:0.5:se 3:B4:1:ri
"""

_CHORUS_LINES = """
0:C5:1.5:sha 1.5:A4:0.5:la 2:C5:1:no 3:D5:1:we
0:B4:1.5:ha 1.5:G4:0.5:le 2:B4:1:so 3:D5:1:mi
0:E5:1.5:ha 1.5:D5:0.5:no 2:B4:1.5:la 3.5:A4:0.5:te
0:C5:2.5:mo 3:A4:0.5:wa 3.5:B4:0.5:ne
0:C5:1.5:sha 1.5:A4:0.5:la 2:C5:1:no 3:D5:1:we
0:E5:1:ha 1:D5:1:le 2:B4:1:so 3:G4:1:mi
0:C5:3:la
"""

_BRIDGE_LINES = """
0:A4:1:so 1:D5:1:la 2:F5:1.5:ha 3.5:E5:0.5:ne
0:E5:2.5:wo 3:D5:0.5:la 3.5:B4:0.5:ti
0:C5:1:ma 1:A4:1:ko 2:C5:1:le 3:D5:1:na
0:E5:2:ha 2:B4:1:lo 3:G#4:1:we
"""

_LAST_LINES = """
2:G4:0.5:la 2.5:C5:0.5:no 3:D5:1:we
1:A4:0.5:la 1.5:G4:0.5:no 2:E4:2:mo
0:D4:0.5:so 0.5:E4:3:la
"""


def _lines(first_bar: int, lines: str, velocity: float) -> list[Note]:
    notes = []
    for bar, line in enumerate(lines.strip().splitlines(), first_bar):
        for sign in line.split():
            beat, name, beats, syllable = sign.split(":")
            stress = velocity * (1.06 if float(beat) % 2 == 0 else 0.95)
            notes.append(Note(bar * BEATS_PER_BAR + float(beat), float(beats), pitch(name), stress, syllable))
    return notes


def lead() -> list[Note]:
    """The lead voice, in order of time."""
    return [
        *_lines(VERSE.first_bar, _VERSE_LINES, 0.62),
        *_lines(CHORUS.first_bar, _CHORUS_LINES, 0.88),
        *_lines(BRIDGE.first_bar, _BRIDGE_LINES, 0.82),
        *_lines(LAST_CHORUS.first_bar, _CHORUS_LINES, 0.94),
        *_lines(OUTRO.first_bar - 1, _LAST_LINES, 0.74),
    ]


_BACKING_CHORUS = (
    "A3 C4 F4", "B3 D4 G4", "G3 B3 E4", "A3 C4 E4", "A3 C4 F4", "B3 D4 G4", "C4 E4 G4",
)  # fmt: skip
_BACKING_BRIDGE = ("A3 D4 F4", "B3 E4 G4", "A3 C4 E4", "B3 D4 E4")


def backing() -> list[Note]:
    """Three voices on `a` in the choruses and on `u` in the bridge; they breathe before each change."""
    notes = []
    for first_bar, chords, vowel, velocity in (
        (CHORUS.first_bar, _BACKING_CHORUS, "a", 0.8),
        (BRIDGE.first_bar, _BACKING_BRIDGE, "u", 0.7),
        (LAST_CHORUS.first_bar, _BACKING_CHORUS, "a", 0.9),
        (OUTRO.first_bar, ("A3 C4 E4",), "u", 0.6),
    ):
        for bar, names in enumerate(chords, first_bar):
            start = bar * BEATS_PER_BAR
            notes += [Note(start, BEATS_PER_BAR - 0.35, pitch(name), velocity, vowel) for name in names.split()]
    return notes
