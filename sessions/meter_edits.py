"""The edit of how meters read."""
# ruff: noqa: D102  what `apply`, `label` and `merge_key` do is said once, by Edit

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from sessions.edits import Edit
from sessions.meters import METER_OPTIONS, MeterOption, MeterValue
from sessions.model import Session, SessionError


@dataclass(frozen=True, slots=True)
class SetMeters(Edit):
    """Set one of the `METER_OPTIONS`, to a value that its field can hold; nothing that sounds changes."""

    option: str
    value: MeterValue

    def apply(self, session: Session) -> Session:
        meters = msgspec.structs.replace(session.meters, **{self._option().id: self.value})
        return msgspec.structs.replace(session, meters=meters)

    def label(self, session: Session) -> str:
        option = self._option()
        return f"Meters: {option.label} {option.shown(self.value)}"

    def _option(self) -> MeterOption:
        option = METER_OPTIONS.get(self.option)
        if option is None:
            raise SessionError(
                f'no option of the meters is called "{self.option}": there are {", ".join(METER_OPTIONS)}'
            )
        return option
