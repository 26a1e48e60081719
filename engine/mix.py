"""What the engine is told of a mix: an immutable value in user units, the same for the live and the offline door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PanLaw = Literal["-2.5", "-3", "-4.5", "-6"]
"""Level of each side with the pan of a mono strip at centre, in dB; stereo strips are balanced, 0 dB at centre."""

MAX_STRIPS = 128
SAMPLE_RATES_HZ = (44100, 48000, 88200, 96000, 176400, 192000)


@dataclass(frozen=True, slots=True)
class StripControls:
    """The controls of one strip (or the master); ranges and defaults are those of `engine.core.params`."""

    trim_db: float = 0.0
    fader_db: float = 0.0
    pan_percent: float = 0.0
    mute: bool = False
    solo: bool = False
    invert_left: bool = False
    invert_right: bool = False


@dataclass(frozen=True, slots=True)
class Stem:
    """Where a strip's sound comes from.

    `path` is None for a strip without a source. `channel` picks one channel of a file as a mono stem (0-based), None
    takes a mono or stereo file as it is. `right_path` joins a second mono file as the right side. `start_s` is where
    the stem's first frame lies in the song.
    """

    path: str | None
    start_s: float = 0.0
    channel: int | None = None
    right_path: str | None = None


@dataclass(frozen=True, slots=True)
class Strip:
    """One stem strip: an identity (unique in the mix, kept through edits), a name for messages, source and controls."""

    id: str
    name: str
    stem: Stem
    controls: StripControls = StripControls()


@dataclass(frozen=True, slots=True)
class Loop:
    """The loop of the transport; an end of None is the end of the song."""

    enabled: bool = False
    start_s: float = 0.0
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Mix:
    """All that sounds. At most `MAX_STRIPS` strips."""

    sample_rate_hz: int
    strips: tuple[Strip, ...]
    master: StripControls = StripControls()
    pan_law: PanLaw = "-3"
    monitor_db: float = 0.0
    loop: Loop = field(default_factory=Loop)
