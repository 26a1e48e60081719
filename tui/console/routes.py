"""Where strips go: sends, outputs, and the buses and returns that they go to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from sessions.edits import Edit, Together
from sessions.model import MASTER_ID, SendState, SessionError, StripState
from sessions.send_edits import RemoveSend, SetSend, SetSendControl
from sessions.sum_edits import AddSum, RemoveSum, SetOutput, SetSoloSafe
from tui.console.section import Section
from tui.controls import send_letter
from tui.drawing.facts import SEND_CONTROLS, ControlId
from tui.shell import Choice, told

NEW: Final[Mapping[str, Literal["bus", "return"]]] = {"new bus": "bus", "new return": "return"}
"""Answers that make what is chosen; they have a space, no id of a strip that was made here has."""
NOWHERE: Final = " nowhere"
_NO_SENDS: Final = "the master has no sends: select a strip first"


class Routes(Section):
    """What is done to sends and outputs of the selected strip."""

    @property
    def actions(self) -> Mapping[str, Callable[[], None]]:
        """What it does."""
        return {
            **{f"control_{control}": self._picking(control) for control in SEND_CONTROLS},
            "send_to": lambda: self.ask_send(self._letter()),
            "send_tap": self._tap,
            "send_mute": self._mute_send,
            "send_remove": self._remove_send,
            "output": self._ask_output,
            "bus_add": lambda: self._add("bus"),
            "return_add": lambda: self._add("return"),
            "sum_remove": self._remove_sum,
            "solo_safe": self._solo_safe,
        }

    def pick_send(self, control: ControlId) -> None:
        """Make a send the active control; one that goes nowhere asks where to."""
        letter = send_letter(control)
        assert letter is not None
        strip = self._strip(_NO_SENDS)
        self._view.control = control
        if strip.send(letter) is None:
            self.ask_send(letter)

    def ask_send(self, letter: str) -> None:
        """Ask where a send of the selected strip goes."""
        strip = self._strip(_NO_SENDS)

        @told
        def take(section: Routes, target: str) -> None:
            section._edit(section._to_new(target, f"Send {letter} of {strip.name}", sending))

        def sending(target: str) -> Edit:
            return SetSend(strip.id, letter, target)

        send = strip.send(letter)
        sums = sorted(self._sums(strip, send.to if send else None), key=lambda choice: choice.about != "return")
        choices = [choice for choice in sums if self._is_possible(sending(choice.result))]
        choices += [Choice("new return", "new return", "for reverb, delay and the like")]
        choices += [Choice("new bus", "new bus")]
        self.shell.dialogs.choose(
            f"Send {letter} of {self._titled(strip.id)} to", choices, lambda target: take(self, target)
        )

    def _picking(self, control: ControlId) -> Callable[[], None]:
        return lambda: self.pick_send(control)

    def _letter(self) -> str:
        letter = send_letter(self._view.control)
        if letter is None:
            raise SessionError("no send is the active control: press a, b, c or d first")
        return letter

    def _send(self) -> tuple[str, SendState]:
        strip, letter = self._strip(_NO_SENDS), self._letter()
        send = strip.send(letter)
        if send is None:
            raise SessionError(f"send {letter} of {self._titled(strip.id)} goes nowhere yet")
        return letter, send

    def _tap(self) -> None:
        letter, send = self._send()
        self._edit(SetSendControl(self._view.selected, letter, "before_fader", not send.before_fader))

    def _mute_send(self) -> None:
        letter, send = self._send()
        self._edit(SetSendControl(self._view.selected, letter, "mute", not send.mute))

    def _remove_send(self) -> None:
        letter, _ = self._send()
        self._edit(RemoveSend(self._view.selected, letter))

    def _ask_output(self) -> None:
        strip = self._strip("the master goes to the monitors and nowhere else")

        @told
        def take(section: Routes, target: str) -> None:
            section._edit(section._to_new(target, f"Output {strip.name}", going))

        def going(target: str) -> Edit:
            return SetOutput(strip.id, None if target == NOWHERE else target)

        now = strip.output
        choices = [Choice(MASTER_ID, "Master", is_now=now == MASTER_ID), *self._sums(strip, now)]
        choices = [choice for choice in choices if self._is_possible(going(choice.result))]
        choices += [Choice("new bus", "new bus"), Choice(NOWHERE, "nowhere", "only its sends are heard", now is None)]
        self.shell.dialogs.choose(f"{self._titled(strip.id)} goes to", choices, lambda target: take(self, target))

    def _sums(self, strip: StripState, now: str | None) -> list[Choice]:
        """Buses and returns, without the strip itself; to one of them it goes `now`."""
        sums = (*self._session.buses, *self._session.returns)
        return [Choice(each.id, self._titled(each.id), each.kind, each.id == now) for each in sums if each is not strip]

    def _is_possible(self, edit: Edit) -> bool:
        try:
            edit.apply(self._session)
        except SessionError:
            return False
        return True

    def _to_new(self, target: str, what: str, edit: Callable[[str], Edit]) -> Edit:
        """The edit for what was chosen; something new is made in the same step."""
        kind = NEW.get(target)
        if kind is None:
            return edit(target)
        return Together(f"{what} to a new {kind}", (AddSum(kind), edit(self._session.free_id(kind))))

    def _add(self, kind: Literal["bus", "return"]) -> None:
        added = self._session.free_id(kind)
        self._edit(AddSum(kind))
        self._view.follow([strip.id for strip in self._session.strips], len(self._session.stems))
        self._view.select(added)

    def _remove_sum(self) -> None:
        self._edit(RemoveSum(self._strip("the master stays: only buses and returns can be removed").id))

    def _solo_safe(self) -> None:
        strip = self._strip("the master has no solo: it is what all strips go to")
        self._edit(SetSoloSafe(strip.id, not strip.solo_safe))
