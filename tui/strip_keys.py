"""Keys that the strip view has besides those of the mixer."""

from __future__ import annotations

from typing import Final

from tui.scene_keys import SceneKey, SceneKeys

STRIP_KEYS: Final = SceneKeys(
    title="strip view",
    own=(
        SceneKey("enter", ("enter",), "edit", "Edit the element, fill an empty slot or send; on a value type it."),
        SceneKey("leave", ("escape",), "back", "Leave the editor, and then the strip view."),
        SceneKey("field_next", ("tab",), "value", "Choose the next value of the element."),
        SceneKey("field_previous", ("shift+tab",), "value before", "Choose the value before."),
        SceneKey("more", ("+",), "more", "Move the chosen value up by a step."),
        SceneKey("less", ("-",), "less", "Move the chosen value down by a step."),
    ),
    hinted=(
        "help", "mixer", "enter", "field_next", "more", "bypass", "insert_remove", "play_stop", "mute", "solo", "undo",
        "type_value", "insert_down", "strip_next", "meter_type", "clear_holds", "loop", "save", "palette", "redo",
    ),
    moving=(
        (("up", "down"), "Select the element before or after; in the editor move the value. Left, right: strips."),
    ),
    here=(
        (("slot_1", "slot_8", "control_send_a", "control_send_d"), "Select an insert slot or a send (a to d)."),
        (("bypass",), "Bypass the processor, or mute the send."),
        (("insert_remove",), "Remove the processor or the send."),
        (("insert_up", "insert_down"), "Move the processor one slot up or down."),
    ),
)  # fmt: skip
