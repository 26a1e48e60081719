"""Keys that the loudness view has besides those of the mixer."""

from __future__ import annotations

from typing import Final

from tui.scene_keys import SceneKey, SceneKeys

LOUDNESS_KEYS: Final = SceneKeys(
    title="loudness view",
    own=(
        SceneKey("leave", ("escape",), "back", "Leave the loudness view."),
        SceneKey("loudness_pause", ("P",), "pause", "Pause the measurement of I and LRA, or go on."),
        SceneKey("loudness_reset", ("R",), "reset", "Measure anew: I, LRA, the maxima, the true peak and the history."),
        SceneKey("target_next", ("T",), "target", "Next target of the session: -23, -24, -18, -16, -14 LUFS."),
        SceneKey("scale_next", ("v",), "scale", "EBU +9 or EBU +18."),
        SceneKey("relative", ("V",), "LUFS / LU", "Absolute numbers, or relative to the target."),
        SceneKey("longer", ("+",), "longer", "Show more of the past: 1, 5, 30 minutes, all of it."),
        SceneKey("shorter", ("-",), "shorter", "Show less of the past."),
        SceneKey("source_next", ("tab",), "master / monitor", "Peaks and stereo of the master, or of what is heard."),
    ),
    hinted=(
        "help", "mixer", "loudness_pause", "loudness_reset", "target_next", "scale_next", "relative", "longer",
        "source_next", "play_stop", "start", "loop", "mute", "undo", "save", "palette",
    ),
)  # fmt: skip
