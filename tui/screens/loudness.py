"""The loudness view: how loud the master is and has been, and its peaks and stereo."""

from __future__ import annotations

import time
from typing import Final

import numpy as np
from textual.app import ComposeResult

from engine.meters.frame import AFTER_FADER, MeterFrame
from sessions.meter_edits import SetMeters
from sessions.meters import METER_OPTIONS
from tui.content import desk_content, selected_facts
from tui.loudness_facts import SOURCE_ROWS, SPANS_S, FigureFacts, LoudnessPlace, RecentPeak, figures, readings
from tui.loudness_keys import LOUDNESS_KEYS
from tui.screens.scene import Scene, Shared
from tui.widgets.history_graph import GraphFacts, HistoryGraph
from tui.widgets.loudness_figures import LoudnessFigures
from tui.widgets.loudness_readings import LoudnessReadings

_TARGET: Final = "loudness_target_lufs"
_SCALE: Final = "loudness_scale"


class LoudnessScreen(Scene, inherit_bindings=False):
    """Shows the loudness of the master; the mixer's keys act on what is selected in the mixer."""

    NAME = "loudness"
    KEYS = LOUDNESS_KEYS
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-wide")]
    DEFAULT_CSS = """
    LoudnessScreen { layout: grid; grid-size: 2; grid-columns: 1fr 29; grid-rows: 1 2 1fr 2 1 1; }
    LoudnessScreen > * { column-span: 2; width: 100%; height: 100%; }
    LoudnessScreen.-wide.-high { grid-rows: 1 5 1fr 1 1; }
    LoudnessScreen.-wide.-high > #history, LoudnessScreen.-wide.-high > #loudness-figures { column-span: 1; }
    """

    def __init__(self, shared: Shared, place: LoudnessPlace) -> None:
        super().__init__(shared)
        self.place = place
        self._recent = RecentPeak()
        self._recent_dbtp = -np.inf
        surface, glyphs = shared.surface, shared.glyphs
        self.readings = LoudnessReadings(surface, glyphs, ())
        self.graph = HistoryGraph(surface, glyphs)
        self.figures = LoudnessFigures(surface, glyphs, FigureFacts(place.source))

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self.top_bar
        yield self.readings
        yield self.graph
        yield self.figures
        yield self.info_line
        yield self.key_hints

    def show_session(self) -> None:
        """Show the session and the view as they are now."""
        self.follow()
        content = desk_content(self._controller.session, self.view, self._controller.missing)
        self.say_control(selected_facts(content), self._mixers_key)
        self.show_transport()
        self.show_numbers()

    def take_frame(self, frame: MeterFrame) -> None:
        """Take in a frame: the bars."""
        super().take_frame(frame)
        row = SOURCE_ROWS[self.place.source]
        self._recent_dbtp = self._recent.update(float(frame.output_true_peak_dbtp[row]), time.monotonic())
        master = SOURCE_ROWS["master"], AFTER_FADER
        now = float(frame.momentary_lufs[master]), float(frame.short_term_lufs[master])
        self.graph.show_bars(*now, frame.programme.integrated_lufs)

    def show_numbers(self) -> None:
        """Show numbers and the history."""
        frame, place = self._controller.frame, self.place
        programme, meters = frame.programme, self._controller.session.meters
        scale = place.scale(meters)
        self.readings.show(readings(frame, scale))
        span_s, measured_s = SPANS_S[place.span_s], int(programme.measured_s)
        target_name = METER_OPTIONS[_TARGET].shown(meters.loudness_target_lufs).partition(" ")[2]
        facts = GraphFacts(scale, target_name, span_s, measured_s, programme.is_paused)
        self.graph.show(facts, programme.history.momentary_lufs, programme.history.short_term_lufs)
        self.figures.show(figures(frame, place.source, self._recent_dbtp))

    def act(self, action_id: str) -> None:
        """Look at it in another way, or do what all scenes do."""
        place = self.place
        match action_id:
            case "leave":
                self._shell.do("leave")
            case "target_next":
                self._next(_TARGET)
            case "scale_next":
                self._next(_SCALE)
            case "relative":
                place.is_relative = not place.is_relative
            case "longer" | "shorter":
                place.span_s = min(max(place.span_s + (1 if action_id == "longer" else -1), 0), len(SPANS_S) - 1)
            case "source_next":
                place.source = "monitor" if place.source == "master" else "master"
                self._recent.clear()
            case _:
                super().act(action_id)

    def _next(self, option_id: str) -> None:
        """Set one of the session's options of meters to the next of its usual values."""
        values = [value for value, _ in METER_OPTIONS[option_id].values]
        now = getattr(self._controller.session.meters, option_id)
        following = values[(values.index(now) + 1) % len(values)] if now in values else values[0]
        self._controller.edit(SetMeters(option_id, following))

    def _mixers_key(self, action_id: str) -> str:
        """The key of one of the mixer's actions, "" where the view has another use for it."""
        key = self.shown_key(action_id)
        return key if key not in {each for own in self.KEYS.own for each in own.keys} else ""
