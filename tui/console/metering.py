"""What the meters show: their type and stage, for all strips or for one, how they read, and what they have held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from engine.meters.frame import STAGES
from sessions.meter_edits import SetMeters
from sessions.meters import METER_OPTIONS
from sessions.model import Channel, StripState
from sessions.send import SEND_LETTERS
from tui.console.section import Section
from tui.drawing.meter_types import meter_types
from tui.drawing.plan import STAGE_VIEWS, StageView, stage_label
from tui.drawing.scale import MeterType, MeterTypeId
from tui.overs import overs_of
from tui.shell import Choice, told

_BEFORE_OVER_S: Final = 1.0
_AS_OTHERS: Final = "as all others"


class Metering(Section):
    """Types, stages, holds and settings of the meters."""

    @property
    def actions(self) -> Mapping[str, Callable[[], None]]:
        """What it does."""
        return {
            "meter_type": self._next_type,
            "meter_stage": self._next_stage,
            "meter_choose": self._choose_type,
            "stage_choose": self._choose_stage,
            "strip_meter": self._choose_own_type,
            "strip_stage": self._choose_own_stage,
            "meter_options": self._choose_option,
            "clear_holds": self._clear,
            "clear_strip_holds": self._clear_strip,
            "clear_meter_holds": lambda: self.clear_meter(None),
            "first_over": self._first_over,
        }

    @property
    def _types(self) -> Mapping[MeterTypeId, MeterType]:
        return meter_types(self._session.meters)

    # For all strips

    def _next_type(self) -> None:
        self._tell_type(self._view.next_meter())

    def _next_stage(self) -> None:
        self._tell_stage(self._view.next_stage_view(self._stages_there()))

    def _choose_type(self) -> None:
        def take(chosen: str) -> None:
            self._view.meter_id = cast(MeterTypeId, chosen)
            self._tell_type(self._view.meter_id)

        self.shell.dialogs.choose("METER of all strips", self._type_choices(self._view.meter_id), take)

    def _choose_stage(self) -> None:
        def take(chosen: str) -> None:
            self._view.stage_view = chosen
            self._tell_stage(chosen)

        self.shell.dialogs.choose("STAGE of all meters", self._stage_choices(self._view.stage_view), take)

    # For one

    def _choose_own_type(self) -> None:
        view, strip_id = self._view, self._view.selected
        now = view.own_meters.get(strip_id)

        def take(chosen: str) -> None:
            if chosen:
                view.own_meters[strip_id] = cast(MeterTypeId, chosen)
            else:
                view.own_meters.pop(strip_id, None)
            self._tell_type(view.selected_meter_id, f" of {self._titled(strip_id)}")

        choices = [Choice("", _AS_OTHERS, self._types[view.meter_id].name, now is None), *self._type_choices(now)]
        self.shell.dialogs.choose(f"METER of {self._titled(strip_id)} alone", choices, take)

    def _choose_own_stage(self) -> None:
        view, strip_id = self._view, self._view.selected
        now = view.own_stages.get(strip_id)

        def take(chosen: str) -> None:
            if chosen:
                view.own_stages[strip_id] = chosen
            else:
                view.own_stages.pop(strip_id, None)
            self._tell_stage(chosen or view.stage_view, f" of {self._titled(strip_id)}")

        choices = [Choice("", _AS_OTHERS, stage_label(view.stage_view), now is None), *self._stage_choices(now)]
        self.shell.dialogs.choose(f"STAGE of the meter of {self._titled(strip_id)} alone", choices, take)

    def _type_choices(self, now: MeterTypeId | None) -> list[Choice]:
        return [
            Choice(meter.id, meter.name, ", ".join(filter(None, (meter.unit, meter.note))), meter.id == now)
            for meter in self._types.values()
        ]

    def _stage_choices(self, now: StageView | None) -> list[Choice]:
        there = self._stages_there()
        return [
            Choice(view, stage_label(view), "" if view in there else "in no strip", view == now) for view in STAGE_VIEWS
        ]

    def _stages_there(self) -> set[StageView]:
        """The stages that any strip has: of slots and sends those in use."""
        session = self._session
        channels: tuple[Channel, ...] = (*session.strips, session.master)
        there = {view for view in STAGE_VIEWS if not view.startswith(("insert", "send"))}
        for channel in channels:
            there |= {f"insert {slot}" for slot, insert in enumerate(channel.inserts, start=1) if insert is not None}
            if isinstance(channel, StripState):
                sends = zip(SEND_LETTERS, channel.sends, strict=False)
                there |= {f"send {letter}" for letter, send in sends if send is not None}
        return there

    def _tell_type(self, meter_id: MeterTypeId, where: str = "") -> None:
        meter = self._types[meter_id]
        unit = "" if meter.unit == meter.name else f" in {meter.unit}"
        note = f" ({meter.note})" if meter.note else ""
        self.shell.notify_line("info", f"meter{where or 's'}: {meter.name}{unit}{note}")

    def _tell_stage(self, view: StageView, where: str = "") -> None:
        self.shell.notify_line("info", f"meter{where or 's'}: {stage_label(view)}")

    # How they read

    def _choose_option(self) -> None:
        meters = self._session.meters
        choices = [
            Choice(option.id, option.label, option.shown(getattr(meters, option.id)))
            for option in METER_OPTIONS.values()
        ]
        self.shell.dialogs.choose("METER OPTIONS of this session", choices, self._choose_value)

    def _choose_value(self, option_id: str) -> None:
        option = METER_OPTIONS[option_id]
        now = getattr(self._session.meters, option_id)
        choices = [Choice(str(at), text, "", value == now) for at, (value, text) in enumerate(option.values)]

        @told
        def take(section: Metering, chosen: str) -> None:
            section._edit(SetMeters(option_id, option.values[int(chosen)][0]))

        self.shell.dialogs.choose(option.label, choices, lambda chosen: take(self, chosen))

    # What they have held

    def _clear(self) -> None:
        self._controller.clear_holds()

    def _clear_strip(self) -> None:
        self._controller.clear_holds(self._view.selected)
        self.shell.notify_line("info", f"held levels of {self._titled(self._view.selected)} are cleared")

    def clear_meter(self, stage: int | None) -> None:
        """Clear the meter of the selected strip at a stage; None is where the mixer shows it."""
        view = self._view
        shown = view.selected_stage_view
        if stage is None and shown == "all":
            self._clear_strip()
            return
        stage = STAGES.index(shown) if stage is None else stage
        self._controller.clear_holds(view.selected, stage)
        where = f"{self._titled(view.selected)}, {stage_label(STAGES[stage])}"
        self.shell.notify_line("info", f"held levels of {where} are cleared")

    def _first_over(self) -> None:
        """Go to a little before the first sample above full scale of the selected strip."""
        frame, name = self._controller.frame, self._titled(self._view.selected)
        overs = overs_of(frame, self._view.row) if self._view.row < len(frame.over) else None
        if overs is not None and overs.first_s is not None:
            self._controller.locate(max(overs.first_s - _BEFORE_OVER_S, 0.0))
        told = "no over since the holds were cleared" if overs is None else overs.text
        self.shell.notify_line("info", f"{name}: {told}")
