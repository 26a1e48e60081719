"""Every action of the interface, declared once. Keys, help, hints and the palette are made from this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Group = Literal["Strips", "Control", "Switches", "Meters", "Transport", "Session", "View"]


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
        ("monitor_down", "Monitor down", "Transport", "Turn the monitors down by 1 dB; the mix stays what it is."),
        ("monitor_up", "Monitor up", "Transport", "Turn the monitors up by 1 dB, to 0 dB at most."),
        # Session
        ("undo", "Undo", "Session", "Take the last change back.", "undo"),
        ("redo", "Redo", "Session", "Do the last undone change again.", "redo"),
        ("save", "Save", "Session", "Write the session to its file.", "save"),
        ("quit", "Quit", "Session", "End; asks first if something would be lost.", "quit"),
        # View
        ("mixer", "Mixer", "View", "Back to the mixer from wherever you are."),
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
