"""Listening and the monitor section: what is heard instead of the mix is said in words."""

from textual.pilot import Pilot

from tests.tui.conftest import MakeMixer
from tests.tui.terminal import drive, press
from tests.tui.test_snapshots import as_text
from tui.content import listening_text

SIZE = (100, 30)


def test_listening_is_unmistakable(make_mixer: MakeMixer) -> None:
    app, controller, player = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "right", "w")
        await pilot.pause(0.3)
        assert player.mix.strips[1].controls.listen == "before"
        assert "LISTEN Snare, before fader" in as_text(app).splitlines()[0]
        assert "L2" in as_text(app).splitlines()[1]
        await press(pilot, "e")
        assert listening_text(controller.session) == "Snare, after fader"
        await press(pilot, "right", "e")
        assert listening_text(controller.session) == "2 strips, after fader"
        await press(pilot, "w")
        assert listening_text(controller.session) == "2 strips, before and after faders"
        await press(pilot, "Q")
        assert listening_text(controller.session) == ""
        await press(pilot, "Q")
        assert app.mixer.info_line._notice[1] == "nothing is listened to but the mix"
        await press(pilot, "u", "w")
        assert listening_text(controller.session) == "Snare, after fader"
        await pilot.pause(0.3)
        first = next(first for first, _, action in app.mixer.top_bar._targets if action == "listen_clear")
        await pilot.click("#top-bar", offset=(first, 0))
        await pilot.pause()
        assert listening_text(controller.session) == ""

    drive(app, SIZE, scenario)


def test_the_monitor_section(make_mixer: MakeMixer) -> None:
    app, controller, player = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "9", "&", "\\", "I")
        monitor = controller.session.monitor
        assert (monitor.dim, monitor.mono, monitor.mute, monitor.invert_right) == (True, True, True, True)
        assert player.mix.monitor.dim
        await pilot.pause(0.3)
        top = as_text(app).splitlines()[0]
        assert all(f"MONITOR {word}" in top for word in ("DIM", "MONO", "MUTE"))
        await press(pilot, "^", *"-3", "enter")
        assert controller.session.monitor.ceiling_dbfs == -3.0
        await press(pilot, "^", *"1", "enter")
        assert "above the highest" in str(app.screen.query_one("#said").render())
        await press(pilot, "escape", *"uuuuu")
        assert controller.session.monitor.ceiling_dbfs == -1.0
        assert not controller.session.monitor.dim

    drive(app, SIZE, scenario)


def test_the_latency_is_told(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        await press(pilot, "1", "1", *"tape", "enter")
        await pilot.pause(0.4)
        assert "late 4.2 ms (202 frames)" in as_text(app).splitlines()[0]

    drive(app, (140, 40), scenario)
