"""What the engine is told of a mix: an immutable value in user units, the same for the live and the offline door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

PanLaw = Literal["-2.5", "-3", "-4.5", "-6"]
"""Level of each side with the pan of a mono strip at centre, in dB; stereo strips are balanced, 0 dB at centre."""

StripKind = Literal["stem", "bus", "return", "master"]
Listen = Literal["off", "before", "after"]
"""Listening to a strip alone, on the monitors only: before its fader (PFL) or after it (AFL)."""

MASTER_ID = "master"
"""The master's id, and the output of strips that go there."""

MAX_STRIPS = 128
"""Stem strips."""
MAX_GROUPS = 32
"""Buses and returns together."""
INSERT_SLOTS = 8
SEND_SLOTS = 4
"""Sends a, b, c and d."""
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
    solo_safe: bool = False
    """Heard whatever is solo."""
    listen: Listen = "off"


@dataclass(frozen=True, slots=True)
class Insert:
    """A processor in a slot: its kind (an id of `engine.catalog`), its parameters in the order declared there.

    `mix_percent` blends it with the sound before it, `output_db` is the slot's output trim.
    """

    kind: str
    params: tuple[float, ...]
    bypass: bool = False
    mix_percent: float = 100.0
    output_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Send:
    """A part of a strip that also goes to a bus or return (`to` is its id), taken before the fader or after it."""

    to: str
    level_db: float = 0.0
    pan_percent: float = 0.0
    mute: bool = False
    before_fader: bool = False


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
    """One strip: an identity (unique in the mix, kept through edits), a name for messages, source, controls and routes.

    Only stem strips have a stem; buses and returns are sums. `inserts` and `sends` are given by slot (None is an empty
    one, missing ones are empty). `output` is the id of a bus or of the master, None is nowhere.
    """

    id: str
    name: str
    stem: Stem = field(default_factory=lambda: Stem(None))
    controls: StripControls = StripControls()
    kind: StripKind = "stem"
    inserts: tuple[Insert | None, ...] = ()
    sends: tuple[Send | None, ...] = ()
    output: str | None = MASTER_ID


MASTER = Strip(MASTER_ID, "Master", kind="master", output=None)
"""A master with nothing set."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """What comes after the master, for the ears only: never part of a bounce.

    No sample leaves it above `ceiling_dbfs`.
    """

    volume_db: float = 0.0
    dim: bool = False
    mono: bool = False
    mute: bool = False
    invert_right: bool = False
    ceiling_dbfs: float = -1.0


@dataclass(frozen=True, slots=True)
class Loop:
    """The loop of the transport; an end of None is the end of the song."""

    enabled: bool = False
    start_s: float = 0.0
    end_s: float | None = None


PEAK_FALLS_DB_PER_S: Final = {
    "IEC 60268-18": 20.0 / 1.7,
    "IRT / EBU": 20.0 / 1.5,
    "type II": 24.0 / 2.8,
    "slow": 6.6,
    "fast": 20.0,
}
"""How fast sample and true peaks fall (metering.md section 6), by name."""
VU_REFERENCE_DBFS: Final = -18.0
"""0 VU reads a sine of this peak level, unless something else is wanted."""
HOLD_S: Final = 2.0
"""How long a mark stays above a falling level, unless something else is wanted."""
RMS_WINDOW_MS: Final = 300.0
LEAST_RMS_WINDOW_MS, MOST_RMS_WINDOW_MS = 50.0, 3000.0


@dataclass(frozen=True, slots=True)
class MeterSettings:
    """What standards leave open, for all meters of a mix. Nothing that sounds depends on it."""

    peak_fall_db_per_s: float = PEAK_FALLS_DB_PER_S["IEC 60268-18"]
    rms_window_ms: float = RMS_WINDOW_MS
    """A rectangular window, in steps of 10 ms."""
    rms_aes17: bool = False
    """Whether a full-scale sine reads 0 (AES-17) instead of -3.01 (mathematical)."""
    vu_reference_dbfs: float = VU_REFERENCE_DBFS
    k_weighted: bool = False
    """Whether the average of the K-System is K-weighted (its ITU variant, without the +3.01 of AES-17)."""
    hold_s: float = HOLD_S
    """How long marks stay above levels that fall: 0 is not at all, inf until they are cleared."""


@dataclass(frozen=True, slots=True)
class Mix:
    """All that sounds: stem strips, buses and returns in any order, and the master.

    More than `MAX_STRIPS` stem strips or `MAX_GROUPS` buses and returns raise ValueError.
    """

    sample_rate_hz: int
    strips: tuple[Strip, ...]
    master: Strip = MASTER
    pan_law: PanLaw = "-3"
    monitor: Monitor = Monitor()
    loop: Loop = field(default_factory=Loop)
    meters: MeterSettings = MeterSettings()

    def __post_init__(self) -> None:
        stems = sum(strip.kind == "stem" for strip in self.strips)
        groups = len(self.strips) - stems
        if stems > MAX_STRIPS:
            raise ValueError(f"{stems} strips are above the limit of {MAX_STRIPS}")
        if groups > MAX_GROUPS:
            raise ValueError(f"{groups} buses and returns are above the limit of {MAX_GROUPS}")
