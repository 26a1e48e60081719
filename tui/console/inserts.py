"""Inserts of the selected strip: the slot that keys act on, and what comes into it and out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from engine.mix import INSERT_SLOTS
from sessions.insert import processors
from sessions.insert_edits import AddInsert, CopyInsert, MoveInsert, RemoveInsert, ReplaceInsert, SetInsertControl
from sessions.model import MASTER_ID, InsertState, SessionError
from tui.console.section import Section
from tui.shell import Choice, told

_NO_SLOT: Final = "no insert slot is selected: press its number, 1 to 8"


class Inserts(Section):
    """What is done to the selected slot."""

    @property
    def actions(self) -> Mapping[str, Callable[[], None]]:
        """What it does."""
        return {
            **{f"slot_{slot}": self._picking(slot) for slot in range(1, INSERT_SLOTS + 1)},
            "bypass": self._bypass,
            "insert_remove": self._remove,
            "insert_replace": self.choose,
            "insert_up": lambda: self._move(-1),
            "insert_down": lambda: self._move(+1),
            "insert_copy": self._copy,
        }

    @property
    def slot_is_empty(self) -> bool:
        """Whether a slot is selected that holds nothing."""
        return self._view.slot is not None and self._channel.insert(self._view.slot) is None

    def pick(self, slot: int) -> None:
        """Select a slot; an empty one that is selected already asks what is to come into it."""
        again = self._view.slot == slot
        self._view.slot = slot
        if again and self.slot_is_empty:
            self.choose()

    def choose(self, then: Callable[[], None] = lambda: None) -> None:
        """Ask for the processor that is to be in the selected slot; what comes `then`, when it is there."""
        strip_id, slot = self._view.selected, self._slot()
        there = self._channel.insert(slot)
        now = None if there is None else there.kind

        @told
        def take(section: Inserts, kind: str) -> None:
            if there is None:
                section._edit(AddInsert(strip_id, kind, slot))
            elif kind != now:
                section._edit(ReplaceInsert(strip_id, slot, kind))
            else:
                section.shell.notify_line("info", f"{there.label} stays, with its values")
            then()

        title = f"Insert {slot} of {self._titled(strip_id)}" + ("" if there is None else f": instead of {there.label}")
        choices = [Choice(kind.id, kind.label, _about(kind.id), kind.id == now) for kind in processors().values()]
        self.shell.dialogs.choose(title, choices, lambda kind: take(self, kind))

    def _picking(self, slot: int) -> Callable[[], None]:
        return lambda: self.pick(slot)

    def _slot(self) -> int:
        if self._view.slot is None:
            raise SessionError(_NO_SLOT)
        return self._view.slot

    def _filled(self) -> tuple[int, InsertState]:
        slot = self._slot()
        insert = self._channel.insert(slot)
        if insert is None:
            raise SessionError(f"insert slot {slot} of {self._titled(self._view.selected)} is empty")
        return slot, insert

    def _bypass(self) -> None:
        slot, insert = self._filled()
        self._edit(SetInsertControl(self._view.selected, slot, "bypass", not insert.bypass))

    def _remove(self) -> None:
        slot, _ = self._filled()
        self._edit(RemoveInsert(self._view.selected, slot))

    def _move(self, direction: int) -> None:
        slot, insert = self._filled()
        to_slot = slot + direction
        if not 1 <= to_slot <= INSERT_SLOTS:
            end = "first" if direction < 0 else "last"
            self.shell.notify_line("info", f"{insert.label} is in the {end} slot")
            return
        self._edit(MoveInsert(self._view.selected, slot, to_slot))
        self._view.slot = to_slot

    def _copy(self) -> None:
        slot, insert = self._filled()
        from_id = self._view.selected

        @told
        def take(section: Inserts, to_id: str) -> None:
            section._edit(CopyInsert(from_id, slot, to_id))

        every = (*(strip.id for strip in self._session.strips), MASTER_ID)
        choices = [Choice(strip_id, self._titled(strip_id)) for strip_id in every]
        title = f"Copy {insert.label} of {self._titled(from_id)} to the first empty slot of"
        self.shell.dialogs.choose(title, choices, lambda to_id: take(self, to_id))


def _about(kind: str) -> str:
    return _ABOUT.get(kind, "")


_ABOUT: Final[Mapping[str, str]] = {
    "utility": "gain, width, polarity",
    "equaliser": "bands and filters",
    "gate": "shuts below a level",
    "compressor": "levels one strip",
    "bus_compressor": "holds a mix together",
    "saturator": "curves of distortion",
    "tape": "calibrated: 0 VU = -18 dBFS",
    "console": "colour of a desk",
    "limiter": "never above its ceiling",
    "reverb": "for returns",
    "delay": "for returns",
}
