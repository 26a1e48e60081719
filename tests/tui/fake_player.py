"""A player without an engine: plays nothing, and moves its meters like a lively mix."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AFTER_TRIM, AT_SEND, INPUT, STAGES, MeterFrame
from engine.meters.reader import silent_frame as no_frame
from engine.mix import INSERT_SLOTS, Mix
from engine.notice import Notice
from engine.player import OutputStatus
from sessions.edits import Edit
from sessions.insert import processor
from sessions.insert_edits import AddInsert, SetInsertControl
from sessions.model import MASTER_ID, Session, SourceRef, StripState
from sessions.send_edits import SetSend, SetSendControl
from sessions.sum_edits import AddSum, SetOutput
from tests.frames import Remembered, changed
from tests.tui.fake_measurements import FakeProgramme, evidence_of

FALL_DB_PER_S = 11.76
LENGTH_S = 185.0
NAMES = (
    "Kick", "Snare", "Hi-hat", "Tom 1", "Tom 2", "Overheads", "Room", "Bass DI", "Guitar L", "Guitar R", "Keys",
    "Lead Vocal", "Backing Vox 1", "Backing Vox 2", "Choir", "Strings", "Horns", "Percussion", "Synth Pad",
    "Synth Lead", "FX 1", "FX 2", "Talkback", "Click",
)  # fmt: skip


class FakePlayer:
    """Looks like `engine.player.Player`. `clock` is in seconds; frozen meters stay as they are at one time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, frozen_at_s: float | None = None) -> None:
        self._clock = clock
        self._frozen_at_s = frozen_at_s
        self.mixes: list[Mix] = []
        self.said: list[Notice] = []
        self.told: list[object] = []
        self.holds_cleared = 0
        self.closed = 0
        self.reads = 0
        self.status = OutputStatus("device", "HDA Intel PCH", "ALSA", 48000, 256, 0.0107)
        self._playing = False
        self._position_s = 0.0
        self._started_s = 0.0
        self._hold: np.ndarray | None = None
        self._remembered = Remembered()
        self._level: np.ndarray | None = None
        self._last_s = 0.0
        self.programme = FakeProgramme()

    @property
    def mix(self) -> Mix:
        return self.mixes[-1]

    def apply(self, mix: Mix) -> None:
        self.mixes.append(mix)

    def play(self) -> None:
        self._playing, self._started_s = True, self._clock()

    def stop(self) -> None:
        self._position_s, self._playing = self._position(), False

    def locate(self, position_s: float) -> None:
        self._position_s, self._started_s = position_s, self._clock()

    def clear_holds(self, strip_id: str | None = None, stage: int | None = None) -> None:
        self.holds_cleared += 1
        self.cleared = strip_id
        if strip_id is None or self._hold is None:
            self._hold = None
            self._remembered.clear()
            return
        row = [*(strip.id for strip in self.mix.strips), MASTER_ID].index(strip_id)
        rows = slice(row, None) if strip_id == MASTER_ID else slice(row, row + 1)
        self._hold[rows, slice(None) if stage is None else stage] = -np.inf
        self._remembered.clear(rows, slice(None) if stage is None else stage)

    def reset_loudness(self) -> None:
        self.told.append("reset loudness")
        self.programme.reset()

    def pause_loudness(self, paused: bool) -> None:
        self.told.append(("pause loudness", paused))
        self.programme.is_paused = paused

    def begin_evidence(self, strip_ids: Iterable[str], first_stage: int = INPUT) -> None:
        self.told.append(("begin evidence", tuple(strip_ids)))

    def notices(self) -> list[Notice]:
        said, self.said = self.said, []
        return said

    def close(self) -> None:
        self.closed += 1

    def read(self) -> MeterFrame:
        self.reads += 1
        return self._remembered.of(self.frame(), self._clock(), self.mix.meters.hold_s)

    def frame(self) -> MeterFrame:
        """What is read now, apart from what was."""
        now_s = self._clock() if self._frozen_at_s is None else self._frozen_at_s
        peak = self._peaks(now_s)
        if not self._playing and self._frozen_at_s is None:
            peak = np.full_like(peak, -np.inf)
        rms = peak - 9.0
        return changed(
            no_frame(len(self.mix.strips)),
            peak_dbfs=peak,
            hold_dbfs=self._holds(peak),
            rms_dbfs=rms,
            vu_db=rms + 21.0,
            over=self._holds(peak) > 0.0,
            true_peak_dbtp=peak + 0.3,
            true_hold_dbtp=self._holds(peak) + 0.3,
            correlation=np.full(peak.shape[:2], 0.72, np.float32),
            balance_db=np.full(peak.shape[:2], -0.6, np.float32),
            dc_offset=np.full(peak.shape, 0.0003, np.float32),
            evidence=evidence_of(self._holds(peak)),
            programme=self.programme.at(self._position() if self._frozen_at_s is None else now_s),
            reduction_db=self._reductions(rms),
            latency_s=0.0042 if any(strip.inserts for strip in self.mix.strips) else 0.0,
            playing=self._playing,
            position_s=self._position(),
            length_s=LENGTH_S,
            loop_enabled=self.mix.loop.enabled,
            load_percent=12.3 + 2.0 * math.sin(now_s),
            peak_load_percent=31.0,
            xruns=0,
            underruns=0,
        )

    def _position(self) -> float:
        return min(self._position_s + (self._clock() - self._started_s if self._playing else 0.0), LENGTH_S)

    def _holds(self, peak: np.ndarray) -> np.ndarray:
        if self._hold is None or self._hold.shape != peak.shape:
            self._hold = peak.copy()
        self._hold = np.maximum(self._hold, peak)
        return self._hold

    def _reductions(self, rms: np.ndarray) -> np.ndarray:
        """What is above -24 after the trim is turned down to a third, by everything that turns down."""
        reductions = np.zeros((len(rms), INSERT_SLOTS, 2), np.float32)
        for row, strip in enumerate((*self.mix.strips, self.mix.master)):
            for slot, insert in enumerate(strip.inserts):
                if insert is not None and processor(insert.kind).reads_reduction and not insert.bypass:
                    reductions[row, slot] = np.minimum(-24.0 - rms[row, 1], 0.0) * (2.0 / 3.0)
        return reductions

    def _peaks(self, now_s: float) -> np.ndarray:
        """Onsets of 2 to 6 a second that fall 20 dB in 1.7 s, a little different left and right."""
        strips = self.mix.strips
        rows = np.arange(len(strips) + 2, dtype=np.float64)  # the master and the monitor
        period_s = 0.16 + 0.34 * ((rows * 0.618) % 1.0)
        phase_s = (now_s + rows * 0.37) % period_s
        beat = np.floor((now_s + rows * 0.37) / period_s)
        accent = np.abs(np.sin(beat * 12.9898 + rows * 78.233) * 43758.5453) % 1.0
        base = -34.0 + 28.0 * ((rows * 0.377) % 1.0)
        level = (base + 8.0 * accent - FALL_DB_PER_S * phase_s)[:, None]
        sides = level + np.array([0.0, -1.0])[None, :] * (0.5 + 2.0 * accent[:, None])
        controls = [*(strip.controls for strip in strips), self.mix.master.controls]
        trims = np.array([*(of.trim_db for of in controls), 0.0])[:, None]
        faders = np.array([*(of.fader_db for of in controls), 0.0])[:, None]
        peaks = np.full((len(rows), len(STAGES), 2), -np.inf)
        peaks[:, INPUT] = sides
        peaks[:, AFTER_TRIM:AFTER_FADER] = (sides + trims)[:, None]
        for row, strip in enumerate((*strips, self.mix.master)):
            for slot, insert in enumerate(strip.inserts):
                if insert is not None and not insert.bypass:
                    peaks[row, AFTER_INSERT + slot : AFTER_FADER] += (-2.0, 4.5, 1.5)[slot % 3]
        peaks[:, AFTER_FADER] = sides + trims + faders
        for row, strip in enumerate(strips):
            for place, send in enumerate(strip.sends):
                if send is not None:
                    peaks[row, AT_SEND + place] = peaks[row, AFTER_FADER] + send.level_db
        peaks[-1, :AFTER_FADER] = -np.inf
        return peaks.astype(np.float32)


def session_of(strips: int, folder: Path | None = None, name: str = "Sunday Service") -> Session:
    """A session with some strips and some settings; with a folder, its (empty) files are there."""
    if folder is not None:
        for index in range(strips):
            (folder / f"{index + 1:02d} {NAMES[index % len(NAMES)]}.wav").touch()
    return Session(
        name,
        tuple(
            StripState(
                id=f"s{index}",
                name=NAMES[index % len(NAMES)] + (f" {index // len(NAMES) + 1}" if index >= len(NAMES) else ""),
                source=SourceRef(str((folder or Path("/stems")) / f"{index + 1:02d} {NAMES[index % len(NAMES)]}.wav")),
                trim_db=(0.0, 3.5, -6.0, 12.0)[index % 4],
                fader_db=(-6.0, 0.0, -12.5, -3.0, -20.0)[index % 5],
                pan_percent=(0.0, -30.0, 30.0, 100.0, -100.0)[index % 5],
            )
            for index in range(strips)
        ),
    )


CONSOLE: tuple[Edit, ...] = (
    AddSum("bus", "Drums"), AddSum("bus", "Guitars"), AddSum("return", "Plate"), AddSum("return", "Echo"),
    *(SetOutput(f"s{index}", "b1") for index in range(4)),
    AddInsert("s0", "gate"), AddInsert("s0", "equaliser"), AddInsert("s0", "compressor"),
    AddInsert("s1", "equaliser"), AddInsert("s1", "compressor"), AddInsert("s1", "saturator"),
    SetInsertControl("s1", 3, "bypass", True),
    AddInsert("s3", "tape", 2), SetOutput("s4", "b2"), SetOutput("s5", None),
    SetSend("s1", "a", "r1"), SetSendControl("s1", "a", "level_db", -12.0),
    SetSend("s1", "b", "r2"), SetSendControl("s1", "b", "mute", True),
    SetSend("s3", "a", "r1"), SetSendControl("s3", "a", "before_fader", True),
    AddInsert("b1", "bus_compressor"), AddInsert("r1", "reverb"), AddInsert("r2", "delay"),
    AddInsert(MASTER_ID, "bus_compressor"), AddInsert(MASTER_ID, "limiter"),
)  # fmt: skip
"""What makes a console of at least 6 strips: buses, returns, inserts, sends."""


def console_of(session: Session) -> Session:
    """A session with all that a console has."""
    for edit in CONSOLE:
        session = edit.apply(session)
    return session
