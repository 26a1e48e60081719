"""Keys that the gain map has besides those of the mixer."""

from __future__ import annotations

from typing import Final

from tui.scene_keys import SceneKey, SceneKeys

MAP_KEYS: Final = SceneKeys(
    title="gain map",
    own=(
        SceneKey("leave", ("escape",), "back", "Leave the gain map."),
        SceneKey("values", ("V",), "levels / target", "Show levels by the meter, or how far AES-17 averages are "
                 "from the operating level of the insert that follows."),
        SceneKey("more", ("+",), "more", "Move the cell's value up by a step: trim, fader, send, an insert's output."),
        SceneKey("less", ("-",), "less", "Move the cell's value down by a step."),
    ),
    hinted=(
        "help", "mixer", "strip", "values", "meter_type", "more", "bypass", "play_stop", "mute", "solo", "undo",
        "type_value", "clear_holds", "zone_next", "bank_next", "redo", "save", "palette",
    ),
    moving=(
        (("up", "down", "left", "right"), "Select the strip above or below, the stage before or after."),
    ),
    here=(
        (("strip",), "Open the strip view at the selected stage."),
        (("bank_previous", "bank_next"), "Go up or down by a page."),
        (("increase_fine", "decrease_fine", "increase_coarse", "decrease_coarse"), "Move the cell's value."),
        (("bypass",), "Bypass the insert, or mute the send."),
        (("insert_remove",), "Remove the insert or the send."),
    ),
)  # fmt: skip
