"""Every action of the interface, declared once. Keys, help, hints and the palette are made from this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Group = Literal["Strips", "Control", "Switches", "Inserts", "Routes", "Listening", "Meters", "Transport", "Session",
                "View"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """Something a user can ask for. `hint` is its word in the last line, "" for none; `help` says what it does."""

    id: str
    label: str
    group: Group
    help: str
    hint: str = ""


ACTIONS: Final = tuple(
    Action(*declaration)
    for declaration in (
        # Strips
        ("strip_previous", "Previous strip", "Strips", "Select the strip to the left."),
        ("strip_next", "Next strip", "Strips", "Select the strip to the right; after the last the master.", "strip"),
        ("bank_previous", "Previous bank", "Strips", "Show the strips to the left of those that fit."),
        ("bank_next", "Next bank", "Strips", "Show the strips to the right of those that fit.", "bank"),
        ("zone_next", "Next zone", "Strips", "Go on: strips, buses and returns, the master.", "zone"),
        ("zone_previous", "Previous zone", "Strips", "Go back: strips, the master, buses and returns."),
        ("rename", "Rename", "Strips", "Give the selected strip another name."),
        ("relink", "Relink the stem", "Strips", "Choose the file the selected strip plays."),
        (
            "mark",
            "Mark",
            "Strips",
            "Mark the selected strip, or no longer: faders and trims of marked ones move together.",
        ),
        ("mark_none", "No marks", "Strips", "No strip is marked any more."),
        ("mute_group_add", "New mute group", "Strips", "Make a mute group of the marked strips."),
        ("mute_group_switch", "Mute group", "Strips", "Mute all strips of a mute group, or no longer."),
        (
            "link_group_add",
            "New linked group",
            "Strips",
            "Link the marked strips: their faders and trims move together.",
        ),
        ("group_remove", "Dissolve group", "Strips", "Dissolve a mute group or a linked group."),
        # Control
        (
            "control_fader",
            "Fader",
            "Control",
            "Make the fader the active control: its part of the mix.",
            "fader",
        ),
        ("control_trim", "Trim", "Control", "Make the trim the active control: what drives the inserts.", "trim"),
        ("control_pan", "Pan", "Control", "Make pan (mono) or balance (stereo) the active control.", "pan"),
        ("control_send_a", "Send a", "Control", "Make send a the active control; if it goes nowhere: ask where to."),
        ("control_send_b", "Send b", "Control", "Make send b the active control; if it goes nowhere: ask where to."),
        ("control_send_c", "Send c", "Control", "Make send c the active control; if it goes nowhere: ask where to."),
        ("control_send_d", "Send d", "Control", "Make send d the active control; if it goes nowhere: ask where to."),
        ("increase", "Up", "Control", "Move the active control up by 0.5 dB (pan: 5 % to the right)."),
        ("decrease", "Down", "Control", "Move the active control down by 0.5 dB (pan: 5 % to the left)."),
        ("increase_fine", "Up, fine", "Control", "Move the active control up by 0.1 dB (pan: 1 %)."),
        ("decrease_fine", "Down, fine", "Control", "Move the active control down by 0.1 dB (pan: 1 %)."),
        ("increase_coarse", "Up, coarse", "Control", "Move the active control up by 6 dB (pan: 25 %)."),
        ("decrease_coarse", "Down, coarse", "Control", "Move the active control down by 6 dB (pan: 25 %)."),
        ("type_value", "Type a value", "Control", "Type the active control's value: -6, -inf, +=3, L30, C.", "type"),
        ("reset", "Default", "Control", "Set the active control to 0 dB or to the centre.", "default"),
        # Switches
        ("mute", "Mute", "Switches", "Mute the selected strip.", "mute"),
        ("solo", "Solo", "Switches", "Hear the selected strip and the others that are soloed.", "solo"),
        ("solo_exclusive", "Exclusive solo", "Switches", "Hear the selected strip alone; again: no solo at all."),
        ("polarity", "Polarity", "Switches", "Invert the selected strip's polarity, both sides.", "polarity"),
        ("solo_safe", "Solo safe", "Switches", "Let the selected strip be heard whatever is soloed, or not."),
        # Inserts
        ("slot_1", "Slot 1", "Inserts", "Select insert slot 1; again, if it is empty: fill it."),
        ("slot_2", "Slot 2", "Inserts", "Select insert slot 2; again, if it is empty: fill it."),
        ("slot_3", "Slot 3", "Inserts", "Select insert slot 3; again, if it is empty: fill it."),
        ("slot_4", "Slot 4", "Inserts", "Select insert slot 4; again, if it is empty: fill it."),
        ("slot_5", "Slot 5", "Inserts", "Select insert slot 5; again, if it is empty: fill it."),
        ("slot_6", "Slot 6", "Inserts", "Select insert slot 6; again, if it is empty: fill it."),
        ("slot_7", "Slot 7", "Inserts", "Select insert slot 7; again, if it is empty: fill it."),
        ("slot_8", "Slot 8", "Inserts", "Select insert slot 8; again, if it is empty: fill it."),
        ("bypass", "Bypass", "Inserts", "Let the sound pass by the selected insert, or through it again.", "bypass"),
        ("insert_remove", "Remove insert", "Inserts", "Empty the selected slot.", "remove"),
        (
            "insert_replace",
            "Choose insert",
            "Inserts",
            "Choose the processor of the selected slot, instead of what is there.",
        ),
        ("insert_up", "Insert up", "Inserts", "Move the insert one slot up; what is there comes down."),
        ("insert_down", "Insert down", "Inserts", "Move the insert one slot down; what is there comes up.", "later"),
        ("insert_copy", "Copy insert", "Inserts", "Copy the insert with its values to another strip."),
        # Routes
        ("output", "Output", "Routes", "Choose where the selected strip goes: master, a bus, nowhere.", "output"),
        ("send_to", "Send to", "Routes", "Choose where the active send goes."),
        ("send_tap", "Send before fader", "Routes", "Take the active send before the fader, or after it again."),
        ("send_mute", "Mute send", "Routes", "Mute the active send, or no longer."),
        ("send_remove", "Remove send", "Routes", "Take the active send away."),
        ("bus_add", "Add a bus", "Routes", "Add a bus; strips reach it by their output."),
        ("return_add", "Add a return", "Routes", "Add a return; strips reach it by their sends."),
        (
            "sum_remove",
            "Remove bus",
            "Routes",
            "Remove the selected bus or return; what went there goes on to where it went.",
        ),
        # Listening
        (
            "listen_before",
            "Listen",
            "Listening",
            "Listen to the selected strip alone, before its fader; again: no longer.",
            "listen",
        ),
        (
            "listen_after",
            "Listen after",
            "Listening",
            "Listen to the selected strip alone, after its fader; again: no longer.",
        ),
        ("listen_clear", "Listen to the mix", "Listening", "Listen to no strip alone any more."),
        ("monitor_down", "Monitor down", "Listening", "Turn the monitors down by 1 dB; the mix stays what it is."),
        ("monitor_up", "Monitor up", "Listening", "Turn the monitors up by 1 dB, to 0 dB at most."),
        ("monitor_dim", "Monitor dim", "Listening", "Turn the monitors down by a good deal for a while, or up again."),
        ("monitor_mono", "Monitor mono", "Listening", "Hear both sides on both sides, or stereo again."),
        ("monitor_mute", "Monitor mute", "Listening", "Silence the monitors, or no longer."),
        ("monitor_polarity", "Monitor polarity", "Listening", "Invert the right side of the monitors, or no longer."),
        ("monitor_ceiling", "Ceiling", "Listening", "Type the level that no sample leaves the monitors above."),
        # Meters
        ("meter_type", "Meter type", "Meters", "Show peak, RMS or VU.", "meter"),
        ("meter_stage", "Meter stage", "Meters", "Meter the output, all stages, the input, after the trim.", "stage"),
        ("clear_holds", "Clear holds", "Meters", "Forget the highest levels and the overs seen so far.", "clear"),
        # Transport
        ("play_stop", "Play / stop", "Transport", "Start the song, or stop where it is.", "play"),
        ("seek_back", "Back", "Transport", "Go 5 s back."),
        ("seek_forward", "Forward", "Transport", "Go 5 s forward."),
        ("start", "To the start", "Transport", "Go to the beginning of the song."),
        ("loop", "Loop", "Transport", "Repeat the song, or stop at its end.", "loop"),
        # Session
        ("undo", "Undo", "Session", "Take the last change back.", "undo"),
        ("redo", "Redo", "Session", "Do the last undone change again.", "redo"),
        ("save", "Save", "Session", "Write the session to its file.", "save"),
        ("quit", "Quit", "Session", "End; asks first if something would be lost.", "quit"),
        # View
        ("mixer", "Mixer", "View", "Back to the mixer from wherever you are."),
        ("strip", "Strip view", "View", "Show the path of the selected strip, with an editor of each element.", "path"),
        ("palette", "All actions", "View", "Find any action by its name.", "actions"),
        ("colours", "Colours", "View", "Next palette: classic, cvd (for colour-blind eyes), contrast, mono."),
        ("notices", "Messages", "View", "Show everything that was told, in full.", "messages"),
        ("help", "Help", "View", "Show all keys.", "help"),
        ("redraw", "Redraw", "View", "Paint the screen anew."),
        ("suspend", "Suspend", "View", "Back to the shell; the sound goes on. `fg` brings the mixer back."),
    )
)
"""In the order of the help."""

BY_ID: Final = {action.id: action for action in ACTIONS}
GROUPS: Final = tuple(dict.fromkeys(action.group for action in ACTIONS))
