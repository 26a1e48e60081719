"""What is told: in one line for a while, and in full on demand."""

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from engine.notice import Notice
from tests.tui.conftest import MakeMixer
from tests.tui.terminal import drive
from tui.app import MixerApp
from tui.notices import NoticeLog
from tui.screens.notices import NoticesScreen, log_text
from tui.surface import runs
from tui.widgets import info_line


def line(app: MixerApp) -> str:
    """The info line as it is shown."""
    y = app.mixer.info_line.region.y
    return "".join(text for text, _ in runs(app._surface.wanted[y])).rstrip()


def test_severity_is_a_word_and_a_sign(make_mixer: MakeMixer) -> None:
    app, _, player = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        player.said = [Notice("warning", "device lost")]
        app._tick()
        assert line(app) == " ▲ WARNING device lost"
        player.said = [Notice("info", "device is back")]
        app._tick()
        assert line(app) == " ▲ WARNING device lost"  # a lesser notice does not push a graver one away
        player.said = [Notice("error", "engine stopped")]
        app._tick()
        assert line(app).startswith(" ✖ ERROR engine stopped")
        assert line(app).endswith("+1 more: n")
        await pilot.press("n")
        await pilot.pause()
        assert isinstance(app.screen, NoticesScreen)
        told = str(log_text(app.mixer.shared.notices))
        assert [part in told for part in ("device lost", "device is back", "engine stopped")] == [True] * 3
        await pilot.press("n")
        await pilot.pause()
        assert app.screen is app.mixer
        assert "FADER" in line(app)

    drive(app, (80, 24), scenario)


def test_a_long_notice_is_cut_and_says_how_to_read_it(make_mixer: MakeMixer) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        app.notify_line("error", "x" * 200)
        assert line(app).endswith("x…  all of it: n")
        assert len(line(app)) < 80
        await pilot.press("escape")
        await pilot.pause()
        assert "FADER" in line(app)

    drive(app, (80, 24), scenario)


def test_notices_go_when_their_time_is_over(make_mixer: MakeMixer, monkeypatch: pytest.MonkeyPatch) -> None:
    app, _, _ = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        app.notify_line("info", "meters: RMS in dBFS")
        assert "meters: RMS" in line(app)
        await pilot.press("right")  # something else is done
        await pilot.pause()
        assert "2 Snare" in line(app)
        app.notify_line("error", "the disk is full")
        await pilot.press("right")
        await pilot.pause()
        assert "the disk is full" in line(app)
        later = info_line.time.monotonic() + 60.0
        monkeypatch.setattr(info_line.time, "monotonic", lambda: later)
        app.mixer.info_line.expire()
        monkeypatch.undo()
        assert "3 Hi-hat" in line(app)

    drive(app, (80, 24), scenario)


def test_what_was_told_cannot_act_on_the_terminal() -> None:
    log = NoticeLog()
    log.add("error", "bad\x1b[2Jname")
    assert "\x1b" not in str(log_text(log))
    assert str(log_text(NoticeLog())) == "Nothing was told so far."


@pytest.mark.parametrize("width", [80, 120, 200])
def test_what_plays_without_its_processors_says_so_for_as_long_as_it_does(make_mixer: MakeMixer, width: int) -> None:
    app, _, player = make_mixer()

    async def scenario(pilot: Pilot[int]) -> None:
        def first_line() -> str:
            app.scene.show_transport(anew=False)
            return "".join(text for text, _ in runs(app._surface.wanted[0]))

        player.status = replace(player.status, missing_processors=2)
        assert "▲ preparing 2 processors" in first_line()
        player.status = replace(player.status, missing_processors=1)
        assert "▲ preparing 1 processor  " in first_line()
        player.status = replace(player.status, missing_processors=0)
        assert "preparing" not in first_line()

    drive(app, (width, 24), scenario)
