"""Hot and cold flags for the interface: which there are, going from one to the next, and answering them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sessions.checking import place_of
from sessions.flag_causes import Explanation, explain
from sessions.flag_edits import intend
from sessions.flags import Point, Verdict, is_intended
from sessions.model import MASTER_ID, SessionError
from tui.console.section import Section
from tui.drawing.facts import SEND_CONTROLS, send_place
from tui.drawing.flags import FlagFact, FlagWords, mark_of

_QUIETER: Final = "; what the mix lost, the fader brings back"


class Flags(Section):
    """What can be done with flags."""

    @property
    def actions(self) -> Mapping[str, Callable[[], None]]:
        """By action."""
        return {"flag_next": self._next, "flag_fix": self._fix, "flag_intended": self._intend}

    @property
    def raised(self) -> list[Verdict]:
        """What there is to look at, in the order of the strips and their paths."""
        return [verdict for verdict in self._controller.flags.values() if verdict.is_raised]

    @property
    def point(self) -> Point:
        """The place that is selected: an insert slot, a send, or the strip's input."""
        selected, slot, place = self._view.selected, self._view.slot, send_place(self._view.control)
        if slot is not None:
            return Point(selected, "insert", slot)
        return Point(selected, "input") if place is None else Point(selected, "send", place)

    def shown(self) -> FlagFact | None:
        """What is to be said of the selected place, or else of the first flag of its strip; None for nothing."""
        verdicts = self._controller.flags
        verdict = verdicts.get(self.point)
        if verdict is None or not (verdict.is_raised or verdict.is_note):
            strip = (one for one in self.raised if one.point.strip_id == self._view.selected)
            verdict = next(strip, None)
        if verdict is None:
            return None
        explanation = self._explain(verdict)
        causes, fix, mark = explanation.causes, explanation.fix, mark_of(verdict.state, verdict.is_intended)
        meant, place = ", meant to be" if verdict.is_intended else "", place_of(self._session, verdict)
        is_here = verdict.point == self.point and (self._view.slot is not None or self._view.control != "fader_db")
        full, brief = "", ""
        if meant:
            pass  # there is nothing to do
        elif fix is not None:
            # The strip is named where it is another one.
            whose = f"{fix.title}: " if fix.strip_id != self._view.selected else ""
            full, brief = f"{whose}{fix.move}", f"{whose}{fix.brief}"
        elif not verdict.is_stale:
            full, brief = explanation.instead, explanation.instead.partition(":")[0]
        return FlagFact(
            mark,
            FlagWords(f"{verdict.words}{meant}", place, tuple(cause.words for cause in causes), full),
            FlagWords(f"{verdict.brief}{meant}", place, tuple(cause.brief for cause in causes), brief),
            is_here,
        )

    def _next(self) -> None:
        """Select the next flag after what is selected."""
        every = self.raised
        if not every:
            self.shell.notify_line("info", "no flags: what has sounded lies where it should")
            return
        # Those that are to be heard again come last: there is nothing to do about them yet.
        raised = [verdict for verdict in every if not verdict.is_stale] or every
        order = (*self._view.order, MASTER_ID)
        here = _rank(order, self.point)
        if self.point not in [verdict.point for verdict in raised] and self._view.slot is None:
            here = (here[0], -1, 0)  # the strip's own first
        later = [verdict for verdict in raised if _rank(order, verdict.point) > here]
        self.select((later or raised)[0].point)

    def select(self, point: Point) -> None:
        """Select a place."""
        view = self._view
        view.select(point.strip_id)
        view.slot = point.place if point.where == "insert" else None
        view.control = SEND_CONTROLS[point.place] if point.where == "send" else "trim_db"

    def _verdict(self) -> Verdict:
        """The flag that keys are about: of the place that is selected, or else the strip's first."""
        verdicts = self._controller.flags
        here = verdicts.get(self.point)
        if here is not None and (here.is_raised or here.is_note):
            return here
        found = next((one for one in self.raised if one.point.strip_id == self._view.selected), None)
        if found is None:
            raise SessionError("there is no flag here")
        return found

    def _fix(self) -> None:
        verdict = self._verdict()
        explanation = self._explain(verdict)
        fix = explanation.fix
        if fix is None:
            self.shell.notify_line("info" if verdict.is_stale else "warning", explanation.advice)
            return
        self._controller.edit(fix.edit(self._session))
        quieter = fix.change_db < 0.0 and fix.control != "level_db"
        self.shell.notify_line("info", f"{fix.words}{_QUIETER if quieter else ''}")

    def _intend(self) -> None:
        """Say that the level is meant to be so, or no longer."""
        point = self._verdict().point
        on = not is_intended(self._session.channel(point.strip_id), point)
        self._edit(intend(point, on))

    def _explain(self, verdict: Verdict) -> Explanation:
        return explain(self._session, self._controller.frame.evidence, verdict)


def _rank(order: tuple[str, ...], point: Point) -> tuple[int, int, int]:
    """Where a place lies: strip by strip, along its path."""
    strip = order.index(point.strip_id) if point.strip_id in order else len(order)
    return strip, ("input", "insert", "send").index(point.where), point.place
