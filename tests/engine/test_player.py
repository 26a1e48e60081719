"""The live door: what of a mix is told to the engine, and where the song is said to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine import player as player_module
from engine.io.linking import link_all
from engine.io.status import OutputStatus
from engine.meters.frame import AFTER_FADER, INPUT
from engine.meters.gated import average_gated
from engine.meters.reading import read_points
from engine.mix import MASTER, MAX_STRIPS, Insert, Loop, MeterSettings, Mix, Monitor, Send, Stem, Strip, StripControls
from engine.mixer.controls import GROUP_SLOT, MASTER_SLOT
from engine.mixer.transport import FADING, PLAYING, STOPPED, WAITING
from engine.notice import Notice
from engine.player import OutputRequest, Player
from engine.routing import RoutingError
from tests.engine.songs import RATE, strip


class FakeSupervisor:
    """Takes down what a player sends."""

    def __init__(self, _memory: object, status: Any, request: OutputRequest, describe: Callable[[], Any]) -> None:
        self.request = request
        self.describe = describe
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.notices: list[Notice] = []
        self.orders = 0
        self.status = OutputStatus("starting")
        self.restarts = self.opens = self.retries = 0

    @property
    def is_running(self) -> bool:
        return self.status.state in ("device", "clock")

    has_played = is_running

    def open(self) -> None:
        self.opens += 1

    def order(self, do: str, **details: Any) -> None:
        self.orders += 1
        self.sent.append((do, details))

    def send(self, do: str, **details: Any) -> None:
        self.sent.append((do, details))

    def restart(self) -> None:
        self.restarts += 1

    def retry(self) -> None:
        self.retries += 1

    def turn(self) -> None:
        pass

    def close(self) -> None:
        pass


class Told:
    """A player over a fake supervisor, and the engine's side of their memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(player_module, "Supervisor", FakeSupervisor)
        self.player = Player()
        self.supervisor: FakeSupervisor = self.player._supervisor  # type: ignore[assignment]
        self.engine = self.player._engine

    def take(self) -> list[tuple[str, dict[str, Any]]]:
        """What was sent since the last time."""
        sent, self.supervisor.sent = self.supervisor.sent, []
        return sent

    def run(self, position_s: float = 0.0, length_s: float = 10.0, state: int = STOPPED) -> None:
        """The engine runs, has taken all orders, and is somewhere."""
        self.supervisor.status = OutputStatus("clock")
        transport = self.engine.transport
        self.engine.sample_rate_hz = RATE
        transport.obeyed = self.supervisor.orders
        transport.position_frames = round(position_s * RATE)
        transport.length_frames = round(length_s * RATE)
        transport.state = state
        transport.want_playing = int(state == PLAYING)
        transport.released[0] = transport.pending_generation


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    link_all((read_points, average_gated))  # else they are linked while the interface is being painted
    told = Told(monkeypatch)
    yield told
    told.player.close()


def named(number: int, path: str = "/stems/a.wav", **controls: Any) -> Strip:
    return strip(number, Stem(path), StripControls(**controls))


MIX = Mix(RATE, (named(0), named(1), named(2)))


def test_the_first_mix_is_described_as_a_whole(told: Told) -> None:
    mix = replace(MIX, loop=Loop(True, 1.0, 2.0))
    told.player.locate(4.0)
    told.take()
    told.player.apply(mix)
    assert told.supervisor.opens == 1
    assert told.take() == []
    description = told.supervisor.describe()
    assert description["sample_rate_hz"] == RATE
    assert description["position_s"] == 4.0
    assert description["playing"] is False
    assert description["loop"] == {"enabled": True, "start_s": 1.0, "end_s": 2.0}
    assert [(stem["slot"], stem["id"], stem["path"]) for stem in description["stems"]] == [
        (0, "id0", "/stems/a.wav"),
        (1, "id1", "/stems/a.wav"),
        (2, "id2", "/stems/a.wav"),
    ]


def test_the_same_mix_again_sends_nothing(told: Told) -> None:
    told.player.apply(MIX)
    versions = told.engine.controls.strips["version"].copy()
    told.player.apply(replace(MIX))
    assert told.take() == []
    assert (told.engine.controls.strips["version"] == versions).all()


def test_a_moved_control_is_written_and_not_sent(told: Told) -> None:
    told.player.apply(MIX)
    versions = told.engine.controls.strips["version"].copy()
    word = int(told.engine.controls.version_word[0])
    strips = (named(0), named(1, fader_db=-6.0, mute=True), named(2))
    told.player.apply(replace(MIX, strips=strips, monitor=Monitor(-12.0)))
    assert told.take() == []
    changed = told.engine.controls.strips["version"] != versions
    assert np.flatnonzero(changed).tolist() == [1]
    assert told.engine.controls.strips[1].fader_db == -6.0
    assert told.engine.controls.strips[1].heard == 0
    assert told.engine.controls.monitor.volume_db == -12.0
    assert int(told.engine.controls.version_word[0]) > word


def test_the_master_is_written_to_its_slot(told: Told) -> None:
    told.player.apply(replace(MIX, master=replace(MASTER, controls=StripControls(trim_db=3.0))))
    assert told.engine.controls.strips[MASTER_SLOT].trim_db == 3.0


def test_a_relinked_stem_is_sent_alone(told: Told) -> None:
    told.player.apply(MIX)
    told.player.apply(replace(MIX, strips=(named(0), named(1, "/stems/b.wav"), named(2))))
    [(do, details)] = told.take()
    assert do == "stems"
    assert [(stem["slot"], stem["path"]) for stem in details["stems"]] == [(1, "/stems/b.wav")]


def test_strips_keep_their_slots_when_others_go_and_new_ones_take_the_free(told: Told) -> None:
    told.player.apply(MIX)
    told.player.apply(replace(MIX, strips=(named(0), named(2))))
    [stems, (do, connections)] = told.take()
    assert stems == ("stems", {"stems": [{"slot": 1}]})
    assert (do, [node["slot"] for node in connections["nodes"]]) == ("connect", [0, 2, MASTER_SLOT])
    told.player.apply(replace(MIX, strips=(named(7), named(2), named(0))))
    [(_, details), (_, connections)] = told.take()
    assert [stem["slot"] for stem in details["stems"]] == [1]
    assert [node["slot"] for node in connections["nodes"]] == [0, 1, 2, MASTER_SLOT]
    assert [stem["slot"] for stem in told.supervisor.describe()["stems"]] == [1, 2, 0]


def test_a_strip_that_takes_the_place_of_another_in_one_step_has_a_slot_of_its_own(told: Told) -> None:
    told.player.apply(MIX)
    told.player.apply(replace(MIX, strips=(named(0), named(9), named(2))))
    [(_, details), (_, connections)] = told.take()
    assert [(stem["slot"], stem.get("id")) for stem in details["stems"]] == [(1, None), (3, "id9")]
    assert [node["slot"] for node in connections["nodes"]] == [0, 2, 3, MASTER_SLOT]


def test_a_slot_left_in_the_same_step_is_taken_when_there_is_no_other(told: Told) -> None:
    full = tuple(named(number) for number in range(MAX_STRIPS))
    told.player.apply(replace(MIX, strips=full))
    told.take()
    told.player.apply(replace(MIX, strips=(*full[1:], named(999))))
    [(_, details)] = told.take()
    assert [(stem["slot"], stem.get("id")) for stem in details["stems"]] == [(0, None), (0, "id999")]


def test_a_bus_gets_a_slot_of_its_own_kind_and_connections_are_sent(told: Told) -> None:
    told.player.apply(MIX)
    drums = Strip("drums", "Drums", kind="bus", inserts=(None, Insert("utility", (-3.0,))))
    routed = replace(named(0), output="drums", sends=(Send("drums", -6.0),))
    told.player.apply(replace(MIX, strips=(routed, named(1), named(2), drums)))
    [(do, details)] = told.take()
    assert do == "connect"
    by_slot = {node["slot"]: node for node in details["nodes"]}
    assert by_slot[0] == {"slot": 0, "level": -1, "inserts": (), "sends": (GROUP_SLOT,), "output": GROUP_SLOT}
    assert by_slot[GROUP_SLOT]["inserts"] == (None, "utility")
    assert told.engine.controls.strips[GROUP_SLOT].inserts[1].params[0] == -3.0
    assert told.engine.controls.strips[0].sends[0].level_db == -6.0


def test_a_parameter_is_written_and_not_sent(told: Told) -> None:
    bus = Strip("drums", "Drums", kind="bus", inserts=(Insert("utility", (-3.0,)),))
    told.player.apply(replace(MIX, strips=(*MIX.strips, bus)))
    insert = told.engine.controls.strips[GROUP_SLOT].inserts[0]
    version = int(insert.version[0])
    changed = replace(bus, inserts=(Insert("utility", (-5.0,), bypass=True, mix_percent=50.0, output_db=-1.0),))
    told.player.apply(replace(MIX, strips=(*MIX.strips, changed)))
    assert told.take() == []
    assert int(insert.version[0]) == version + 1
    assert (insert.params[0], insert.bypass, insert.mix_percent, insert.output_db) == (-5.0, 1, 50.0, -1.0)


def test_connections_that_cannot_be_change_nothing(told: Told) -> None:
    told.player.apply(MIX)
    versions = told.engine.controls.strips["version"].copy()
    loop = Strip("a", "A", kind="bus", output="a")
    with pytest.raises(RoutingError):
        told.player.apply(replace(MIX, strips=(named(0, fader_db=-3.0), loop)))
    assert told.take() == []
    assert (told.engine.controls.strips["version"] == versions).all()


def test_the_loop_is_sent_when_it_changes(told: Told) -> None:
    told.player.apply(MIX)
    told.player.apply(replace(MIX, loop=Loop(True, 1.0)))
    assert told.take() == [("loop", {"enabled": True, "start_s": 1.0, "end_s": None})]


def test_another_rate_needs_another_engine(told: Told) -> None:
    told.player.apply(MIX)
    told.player.apply(replace(MIX, sample_rate_hz=96000))
    assert told.supervisor.restarts == 1
    assert told.take() == []


def test_128_strips_fit(told: Told) -> None:
    told.player.apply(replace(MIX, strips=tuple(named(number) for number in range(128))))
    assert len(told.player.read().peak_dbfs) == 130


def test_before_there_is_an_engine_the_song_is_where_it_was_put(told: Told) -> None:
    told.player.apply(MIX)
    told.player.locate(12.0)
    told.player.play()
    frame = told.player.read()
    assert (frame.position_s, frame.playing) == (12.0, True)
    assert (frame.hold_dbfs == -np.inf).all()


def test_the_engine_knows_where_the_song_is(told: Told) -> None:
    told.player.apply(MIX)
    told.run(3.5, state=PLAYING)
    frame = told.player.read()
    assert (frame.position_s, frame.length_s, frame.playing) == (3.5, 10.0, True)


def test_another_process_goes_on_where_the_song_was_when_the_last_one_ended(told: Told) -> None:
    told.player.apply(MIX)
    told.run(3.5, state=PLAYING)
    told.player.read()
    told.run(3.6, state=PLAYING)  # it went on, and nobody has read since
    description = told.supervisor.describe()
    assert (description["position_s"], description["playing"]) == (3.6, True)


def test_an_order_that_was_not_heard_yet_is_believed(told: Told) -> None:
    told.player.apply(MIX)
    told.run(3.5, state=PLAYING)
    told.player.read()
    told.player.locate(8.0)
    assert told.player.read().position_s == 8.0
    told.player.stop()
    assert not told.player.read().playing


@pytest.mark.parametrize("state", [FADING, WAITING])
def test_a_jump_under_way_is_where_it_goes(told: Told, state: int) -> None:
    told.player.apply(MIX)
    told.run(3.5, state=PLAYING)
    told.player.read()
    told.player.locate(8.0)
    transport = told.engine.transport
    transport.obeyed = told.supervisor.orders
    transport.pending_generation = 5
    transport.state = state
    transport.released[0] = 5 if state == WAITING else 4
    assert told.player.read().position_s == 8.0
    transport.released[0] = 5
    transport.state = PLAYING
    transport.position_frames = 8 * RATE + 64
    assert told.player.read().position_s == pytest.approx(8.0 + 64 / RATE)


def test_an_order_on_its_way_to_the_audio_thread_is_believed(told: Told) -> None:
    told.player.apply(MIX)
    told.run(3.5)
    told.player.read()
    told.player.locate(8.0)
    told.engine.transport.obeyed = told.supervisor.orders
    told.engine.transport.orders_written[0] += 1
    assert told.player.read().position_s == 8.0


def test_play_at_the_end_begins_anew(told: Told) -> None:
    told.player.apply(MIX)
    told.run(10.0, length_s=10.0)
    told.player.play()
    assert told.take() == [("locate", {"position_s": 0.0}), ("play", {})]


def test_play_elsewhere_goes_on(told: Told) -> None:
    told.player.apply(MIX)
    told.run(9.9, length_s=10.0)
    told.player.play()
    assert told.take() == [("play", {})]


def test_there_is_nothing_before_the_beginning(told: Told) -> None:
    told.player.apply(MIX)
    told.player.locate(-3.0)
    assert told.take() == [("locate", {"position_s": 0.0})]
    assert told.player.read().position_s == 0.0


def test_play_tries_an_engine_again_that_was_given_up(told: Told) -> None:
    told.player.apply(MIX)
    told.player.play()
    assert told.supervisor.retries == 1


def test_notices_are_told_once(told: Told) -> None:
    told.supervisor.notices.append(Notice("info", "hello"))
    assert told.player.notices() == [Notice("info", "hello")]
    assert told.player.notices() == []


def test_without_a_mix_there_are_a_master_and_a_monitor(told: Told) -> None:
    assert told.player.read().peak_dbfs.shape[0] == 2


def test_closing_twice_is_closing_once(told: Told) -> None:
    told.player.close()
    told.player.close()


def test_what_is_measured_begins_anew_for_strips_that_are_there(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = told.player._reader
    asked: list[tuple[str, object]] = []
    for name in ("clear_holds", "begin_evidence", "reset_loudness", "pause_loudness"):
        monkeypatch.setattr(reader, name, lambda *what, name=name: asked.append((name, what)))
    told.player.clear_holds("id1")
    told.player.apply(MIX)
    slots = [told.player._live.slots[f"id{number}"] for number in (0, 2)]
    told.player.clear_holds()
    told.player.clear_holds("id0")
    told.player.clear_holds("nobody")
    told.player.clear_holds("id2", AFTER_FADER)
    told.player.begin_evidence(["id0", "nobody", "id2"])
    told.player.begin_evidence(["id0"], AFTER_FADER)
    told.player.reset_loudness()
    told.player.pause_loudness(True)
    assert asked == [
        ("clear_holds", ()),
        ("clear_holds", (slots[0], None)),
        ("clear_holds", (slots[1], AFTER_FADER)),
        ("begin_evidence", (tuple(slots), INPUT)),
        ("begin_evidence", (tuple(slots[:1]), AFTER_FADER)),
        ("reset_loudness", ()),
        ("pause_loudness", (True,)),
    ]


def test_what_is_measured_begins_anew_when_late_processors_have_joined(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    for name in ("clear_holds", "begin_evidence", "reset_loudness"):
        monkeypatch.setattr(told.player._reader, name, lambda *_what, name=name: begun.append(name))
    told.player.apply(MIX)
    told.run()
    running = told.supervisor.status
    for missing, anew in ((0, False), (3, False), (3, False), (1, True), (2, False), (0, True), (0, False)):
        told.supervisor.status = replace(running, missing_processors=missing)
        told.player.read()
        assert begun == (["clear_holds", "reset_loudness", "begin_evidence"] if anew else []), missing
        begun.clear()
    told.supervisor.status = replace(running, missing_processors=2)
    told.player.read()
    told.supervisor.status = OutputStatus("starting")  # another process has taken over
    told.player.read()
    assert begun == []


def test_where_the_meters_cannot_be_read_that_is_said_once(told: Told) -> None:
    told.player.apply(MIX)
    told.run()
    linking = told.player._linking
    linking.is_done, linking.begin, linking.fault = False, lambda: None, "no compiler"  # type: ignore[method-assign]
    frames = [told.player.read() for _ in range(3)]
    assert all(np.isneginf(frame.peak_dbfs).all() for frame in frames)
    assert [(notice.severity, notice.text) for notice in told.player.notices()] == [
        ("error", "meters cannot be read: no compiler")
    ]


def test_where_the_song_is_is_known_before_the_meters_can_be_read(told: Told) -> None:
    told.player.apply(MIX)
    told.run(3.5, state=PLAYING)
    told.player._linking.is_done = False
    told.player._linking.fault = "no compiler"
    told.player.read()
    told.run(4.0, state=PLAYING)
    frame = told.player.read()
    assert (frame.position_s, frame.length_s, frame.playing) == (4.0, 10.0, True)


def test_settings_of_meters_reach_the_reader_and_the_audio_thread(told: Told) -> None:
    settings = MeterSettings(peak_fall_db_per_s=6.6, rms_window_ms=1000.0)
    told.player.apply(replace(MIX, meters=settings))
    assert told.player._reader._scale.windows[0] == 100
    assert told.engine.controls.peak_fall_db_per_s == 6.6


def test_the_reader_knows_when_other_stems_are_to_come(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    told.player.apply(MIX)
    monkeypatch.setattr(told.player._reader, "expect_stems", lambda: asked.append(True))
    told.player.apply(replace(MIX, strips=(named(0, fader_db=-3.0), *MIX.strips[1:])))
    assert asked == []
    told.player.apply(replace(MIX, strips=(named(0, "/stems/b.wav"), *MIX.strips[1:])))
    told.player.apply(replace(MIX, strips=(*MIX.strips, named(3))))
    assert asked == [True, True]
