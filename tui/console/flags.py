"""Hot and cold flags for the interface: which there are, going from one to the next, and answering them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sessions.checking import place_of
from sessions.flag_causes import Explanation, explain
from sessions.flag_edits import intend
from sessions.flags import Point, Verdict, is_intended
from sessions.model import MASTER_ID, SessionError
from tui.console.section import Section
from tui.drawing.facts import SEND_CONTROLS, send_place
from tui.drawing.flags import FlagFact, mark_of


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
        fix = explanation.fix.words if explanation.fix else ""
        mark = mark_of(verdict.state, verdict.is_intended)
        words = f"{verdict.words}, meant to be" if verdict.is_intended else verdict.words
        is_here = verdict.point == self.point and (self._view.slot is not None or self._view.control != "fader_db")
        return FlagFact(mark, words, place_of(self._session, verdict), explanation.why, fix, is_here)

    def _next(self) -> None:
        """Select the next flag after what is selected."""
        raised = self.raised
        if not raised:
            self.shell.notify_line("info", "no flags: what has sounded lies where it should")
            return
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
        explanation = self._explain(self._verdict())
        if explanation.fix is None:
            raise SessionError(explanation.advice)
        self._edit(explanation.fix.edit(self._session))
        self.shell.notify_line("info", explanation.fix.words)

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
