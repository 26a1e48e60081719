"""The demo song as it would stand on paper: tempo, form, chords and what each part plays.

34 bars of 4/4 at 100 beats per minute in A minor, then a ring-out. Times are in
beats from the start of the song (a bar has four), pitches are MIDI note numbers (69 = 440 Hz), velocities 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TEMPO_BPM = 100.0
BEAT_S = 60.0 / TEMPO_BPM
BEATS_PER_BAR = 4
BARS = 34
DURATION_S = (BARS + 1) * BEATS_PER_BAR * BEAT_S
"""The last chord rings for one bar more."""


@dataclass(frozen=True, slots=True)
class Note:
    """A pitched note; the voice also needs what it sings."""

    beat: float
    beats: float
    pitch: int
    velocity: float
    syllable: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A stroke on something that is not pitched: `voice` names it (a drum, a cymbal, a strum's direction)."""

    beat: float
    velocity: float
    voice: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form, `first_bar` counted from 0."""

    name: str
    first_bar: int
    bars: int

    @property
    def bar_numbers(self) -> range:
        """The bars of the section."""
        return range(self.first_bar, self.first_bar + self.bars)


INTRO = Section("intro", 0, 4)
VERSE = Section("verse", 4, 8)
CHORUS = Section("chorus", 12, 8)
BRIDGE = Section("bridge", 20, 4)
LAST_CHORUS = Section("last chorus", 24, 8)
OUTRO = Section("outro", 32, 2)
SECTIONS = (INTRO, VERSE, CHORUS, BRIDGE, LAST_CHORUS, OUTRO)
CHORUSES = (CHORUS, LAST_CHORUS)


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord as three players hold it: bass note, keyboard voicing, guitar strings from low to high."""

    root: int
    keys: tuple[int, ...]
    strings: tuple[int, ...]


CHORDS = {
    "Am9": Chord(33, (55, 59, 60, 64), (45, 52, 57, 60, 64)),
    "Fmaj7": Chord(29, (57, 60, 64, 67), (41, 48, 53, 57, 60, 64)),
    "Cmaj7": Chord(36, (52, 55, 59, 64), (48, 52, 55, 59, 64)),
    "G6": Chord(31, (55, 59, 62, 64), (43, 47, 50, 55, 59, 64)),
    "F": Chord(29, (57, 60, 65, 67), (41, 48, 53, 57, 60, 65)),
    "G": Chord(31, (55, 59, 62, 67), (43, 47, 50, 55, 59, 67)),
    "Em7": Chord(28, (55, 59, 62, 64), (40, 47, 52, 55, 62, 64)),
    "Am7": Chord(33, (55, 60, 64, 67), (45, 52, 55, 60, 64)),
    "C": Chord(36, (55, 60, 64, 67), (48, 52, 55, 60, 64)),
    "G/B": Chord(35, (55, 59, 62, 67), (47, 50, 55, 59, 67)),
    "Dm9": Chord(38, (53, 57, 60, 64), (50, 57, 60, 65)),
    "E7sus4": Chord(28, (57, 59, 62, 64), (40, 47, 52, 57, 59, 64)),
    "E7": Chord(28, (56, 59, 62, 64), (40, 47, 50, 56, 59, 64)),
}

_VERSE_CHORDS = "Am9 Fmaj7 Cmaj7 G6"
_CHORUS_CHORDS = "F G Em7 Am7 F G C"
PROGRESSION = (
    *_VERSE_CHORDS.split(),
    *(2 * (_VERSE_CHORDS + " ")).split(),
    *_CHORUS_CHORDS.split(), "C|G/B",
    "Dm9", "Em7", "Fmaj7", "E7sus4|E7",
    *_CHORUS_CHORDS.split(), "C",
    "Fmaj7", "C",
)  # fmt: skip
"""One entry per bar; a stroke halves the bar."""


@dataclass(frozen=True, slots=True)
class Change:
    """A chord and how long it stands."""

    beat: float
    beats: float
    name: str

    @property
    def chord(self) -> Chord:
        """What is played."""
        return CHORDS[self.name]


def changes(bars: range = range(BARS)) -> Iterator[Change]:
    """The chords of some bars in order; the last of the song stands until the end."""
    for bar in bars:
        names = PROGRESSION[bar].split("|")
        beats = BEATS_PER_BAR / len(names)
        for half, name in enumerate(names):
            ring = BEATS_PER_BAR if bar == BARS - 1 else 0
            yield Change(bar * BEATS_PER_BAR + half * beats, beats + ring, name)


def chord_at(beat: float) -> Chord:
    """The chord that stands at a beat."""
    bar = min(int(beat // BEATS_PER_BAR), BARS - 1)
    names = PROGRESSION[bar].split("|")
    half = min(int((beat - bar * BEATS_PER_BAR) * len(names) / BEATS_PER_BAR), len(names) - 1)
    return CHORDS[names[half]]


STROKES = {"o": 0.35, "x": 0.72, "X": 1.0}
"""How hard: a ghost stroke, a plain one, an accent."""


def grid(bar: int, pattern: str, voice: str) -> list[Hit]:
    """A bar written as evenly spaced signs: `.` rests, the others are `STROKES`."""
    step = BEATS_PER_BAR / len(pattern)
    first = bar * BEATS_PER_BAR
    return [Hit(first + place * step, STROKES[sign], voice) for place, sign in enumerate(pattern) if sign != "."]
