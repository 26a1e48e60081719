"""Every action of the interface, declared once. Keys, help, hints and the palette are made from this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.mix import INSERT_SLOTS
from sessions.send import SEND_LETTERS


@dataclass(frozen=True, slots=True)
class Action:
    """Something a user can ask for. `hint` is its word in the last line, "" for none; `help` says what it does."""

    id: str
    label: str
    group: str
    help: str
    hint: str = ""


_Declared = tuple[tuple[str, ...], ...]
"""Id, label, help and perhaps a hint of each."""
_SENDS: Final[_Declared] = tuple(
    (
        f"control_send_{letter}",
        f"Send {letter}",
        f"Make send {letter} the active control; if it goes nowhere: ask where to.",
    )
    for letter in SEND_LETTERS
)
_SLOTS: Final[_Declared] = tuple(
    (f"slot_{slot}", f"Slot {slot}", f"Select insert slot {slot}; again, if it is empty: fill it.")
    for slot in range(1, INSERT_SLOTS + 1)
)
_DECLARED: Final[Mapping[str, _Declared]] = {
    "Strips": (
        ("strip_previous", "Previous strip", "Select the strip to the left."),
        ("strip_next", "Next strip", "Select the strip to the right; after the last the master.", "strip"),
        ("bank_previous", "Previous bank", "Show the strips to the left of those that fit."),
        ("bank_next", "Next bank", "Show the strips to the right of those that fit.", "bank"),
        ("zone_next", "Next zone", "Go on: strips, buses and returns, the master.", "zone"),
        ("zone_previous", "Previous zone", "Go back: strips, the master, buses and returns."),
        ("rename", "Rename", "Give the selected strip another name."),
        ("relink", "Relink the stem", "Choose the file the selected strip plays."),
        ("mark", "Mark", "Mark the selected strip, or no longer: faders and trims of marked ones move together."),
        ("mark_none", "No marks", "No strip is marked any more."),
        ("mute_group_add", "New mute group", "Make a mute group of the marked strips."),
        ("mute_group_switch", "Mute group", "Mute all strips of a mute group, or no longer."),
        ("link_group_add", "New linked group", "Link the marked strips: their faders and trims move together."),
        ("group_remove", "Dissolve group", "Dissolve a mute group or a linked group."),
    ),
    "Control": (
        ("control_fader", "Fader", "Make the fader the active control: its part of the mix.", "fader"),
        ("control_trim", "Trim", "Make the trim the active control: what drives the inserts.", "trim"),
        ("control_pan", "Pan", "Make pan (mono) or balance (stereo) the active control.", "pan"),
        *_SENDS,
        ("increase", "Up", "Move the active control up by 0.5 dB (pan: 5 % to the right)."),
        ("decrease", "Down", "Move the active control down by 0.5 dB (pan: 5 % to the left)."),
        ("increase_fine", "Up, fine", "Move the active control up by 0.1 dB (pan: 1 %)."),
        ("decrease_fine", "Down, fine", "Move the active control down by 0.1 dB (pan: 1 %)."),
        ("increase_coarse", "Up, coarse", "Move the active control up by 6 dB (pan: 25 %)."),
        ("decrease_coarse", "Down, coarse", "Move the active control down by 6 dB (pan: 25 %)."),
        ("type_value", "Type a value", "Type the active control's value: -6, -inf, +=3, L30, C.", "type"),
        ("reset", "Default", "Set the active control to 0 dB or to the centre.", "default"),
    ),
    "Switches": (
        ("mute", "Mute", "Mute the selected strip.", "mute"),
        ("solo", "Solo", "Hear the selected strip and the others that are soloed.", "solo"),
        ("solo_exclusive", "Exclusive solo", "Hear the selected strip alone; again: no solo at all."),
        ("polarity", "Polarity", "Invert the selected strip's polarity, both sides.", "polarity"),
        ("solo_safe", "Solo safe", "Let the selected strip be heard whatever is soloed, or not."),
    ),
    "Inserts": (
        *_SLOTS,
        ("bypass", "Bypass", "Let the sound pass by the selected insert, or through it again.", "bypass"),
        ("insert_remove", "Remove insert", "Empty the selected slot.", "remove"),
        ("insert_replace", "Choose insert", "Choose the processor of the selected slot, instead of what is there."),
        ("insert_up", "Insert up", "Move the insert one slot up; what is there comes down."),
        ("insert_down", "Insert down", "Move the insert one slot down; what is there comes up.", "later"),
        ("insert_copy", "Copy insert", "Copy the insert with its values to another strip."),
    ),
    "Routes": (
        ("output", "Output", "Choose where the selected strip goes: master, a bus, nowhere.", "output"),
        ("send_to", "Send to", "Choose where the active send goes."),
        ("send_tap", "Send before fader", "Take the active send before the fader, or after it again."),
        ("send_mute", "Mute send", "Mute the active send, or no longer."),
        ("send_remove", "Remove send", "Take the active send away."),
        ("bus_add", "Add a bus", "Add a bus; strips reach it by their output."),
        ("return_add", "Add a return", "Add a return; strips reach it by their sends."),
        ("sum_remove", "Remove bus", "Remove the selected bus or return; what went there goes on to where it went."),
    ),
    "Listening": (
        (
            "listen_before",
            "Listen",
            "Listen to the selected strip alone, before its fader; again: no longer.",
            "listen",
        ),
        ("listen_after", "Listen after", "Listen to the selected strip alone, after its fader; again: no longer."),
        ("listen_clear", "Listen to the mix", "Listen to no strip alone any more."),
        ("monitor_down", "Monitor down", "Turn the monitors down by 1 dB; the mix stays what it is."),
        ("monitor_up", "Monitor up", "Turn the monitors up by 1 dB, to 0 dB at most."),
        ("monitor_dim", "Monitor dim", "Turn the monitors down by a good deal for a while, or up again."),
        ("monitor_mono", "Monitor mono", "Hear both sides on both sides, or stereo again."),
        ("monitor_mute", "Monitor mute", "Silence the monitors, or no longer."),
        ("monitor_polarity", "Monitor polarity", "Invert the right side of the monitors, or no longer."),
        ("monitor_ceiling", "Ceiling", "Type the level that no sample leaves the monitors above."),
    ),
    "Meters": (
        ("meter_type", "Meter type", "Next type of the meters of all strips: peaks, RMS, VU, PPMs, LUFS, K.", "meter"),
        ("meter_stage", "Meter stage", "Next stage: output, all stages, input, trim, inserts, sends.", "stage"),
        ("meter_choose", "Choose meter", "Choose the type of the meters of all strips from a list."),
        ("stage_choose", "Choose stage", "Choose where all strips are metered. An empty slot reads what comes to it."),
        ("strip_meter", "This strip's meter", "Choose another type for the selected strip alone."),
        ("strip_stage", "This strip's stage", "Meter the selected strip alone at another stage."),
        ("meter_options", "Meter options", "Choose how meters read: holds, falls, RMS, 0 VU, K-System, loudness."),
        ("loudness_pause", "Pause loudness", "Pause the measurement of integrated loudness and range, or go on."),
        ("loudness_reset", "Reset loudness", "Measure loudness, range and true peak of the master anew."),
        ("clear_holds", "Clear holds", "Forget the highest levels and the overs seen so far.", "clear"),
        ("clear_strip_holds", "Clear this strip", "Forget the highest levels and the overs of the selected strip."),
        ("clear_meter_holds", "Clear this meter", "Forget the highest levels and the overs where it is metered."),
        ("first_over", "First over", "Go to 1 s before the selected strip was first above full scale."),
    ),
    "Flags": (
        ("flag_next", "Next flag", "Go to the next level that is hot, cold or over.", "flag"),
        ("flag_fix", "Do what the flag says", "Move the one control that puts the selected flag right.", "fix"),
        (
            "flag_intended",
            "Intended drive",
            "Say that the selected level is meant to be so: the flag becomes a note; again: it does not.",
            "intended",
        ),
    ),
    "Transport": (
        ("play_stop", "Play / stop", "Start the song, or stop where it is.", "play"),
        ("seek_back", "Back", "Go 5 s back."),
        ("seek_forward", "Forward", "Go 5 s forward."),
        ("start", "To the start", "Go to the beginning of the song."),
        ("loop", "Loop", "Repeat the song, or stop at its end.", "loop"),
    ),
    "Session": (
        ("undo", "Undo", "Take the last change back.", "undo"),
        ("redo", "Redo", "Do the last undone change again.", "redo"),
        ("save", "Save", "Write the session to its file.", "save"),
        ("quit", "Quit", "End; asks first if something would be lost.", "quit"),
    ),
    "View": (
        ("mixer", "Mixer", "Back to the mixer from wherever you are."),
        (
            "gain_map",
            "Gain map",
            "Show the levels of all strips at all stages, or how far from the target they are.",
            "map",
        ),
        ("strip", "Strip view", "Show the path of the selected strip, with an editor of each element.", "path"),
        ("loudness", "Loudness", "Show the loudness of the master now and so far, its peaks and stereo.", "loudness"),
        ("palette", "All actions", "Find any action by its name.", "actions"),
        ("colours", "Colours", "Next palette: classic, cvd (for colour-blind eyes), contrast, mono."),
        ("notices", "Messages", "Show everything that was told, in full.", "messages"),
        ("help", "Help", "Show all keys.", "help"),
        ("redraw", "Redraw", "Paint the screen anew."),
        ("suspend", "Suspend", "Back to the shell; the sound goes on. `fg` brings the mixer back."),
    ),
}
"""By group; both in the order of the help."""

ACTIONS: Final = tuple(
    Action(identity, label, group, *rest)
    for group, declared in _DECLARED.items()
    for identity, label, *rest in declared
)
BY_ID: Final = {action.id: action for action in ACTIONS}
GROUPS: Final = tuple(_DECLARED)
"""What the actions are about."""
