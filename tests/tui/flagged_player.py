"""A fake player with something hot, cold, over and clipped among what has sounded."""

from dataclasses import replace

import numpy as np

from engine.meters.frame import AFTER_FADER, AFTER_INSERT, AT_SEND, INPUT, STAGES, Evidence, MeterFrame
from tests.tui.fake_player import FakePlayer


class FlaggedPlayer(FakePlayer):
    """All averages lie at the operating level but for the second strip, whose inserts add 5 and 7 dB, the fourth, which
    is cold, and the sends, which are over."""

    def __init__(self, *args, has_faults=True, **values) -> None:
        super().__init__(*args, **values)
        self._has_faults = has_faults
        self._evidence: Evidence | None = None

    def frame(self) -> MeterFrame:
        frame = super().frame()
        rows = len(frame.peak_dbfs)
        if self._evidence is None or len(self._evidence.peak_dbfs) != rows:
            average = np.full((rows, len(STAGES)), -18.0, np.float32)
            if self._has_faults:
                average[1, AFTER_INSERT] = -13.0
                average[1, AFTER_INSERT + 1 : AFTER_FADER] = -6.0
                average[3] = -41.0
                average[:, AT_SEND:] = -5.0
            self._evidence = Evidence(average, average + 5.5, np.full_like(average, 40.0))
        return replace(frame, evidence=self._evidence)

    def begin_evidence(self, strip_ids, first_stage=INPUT) -> None:
        """What has sounded is what sounds on."""
        super().begin_evidence(strip_ids, first_stage)
        evidence = self._evidence
        if evidence is not None:
            self._evidence = replace(evidence)
