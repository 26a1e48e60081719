"""The names of Textual and Rich that are no public interface, and that the painter and the driver rely on."""

import inspect

import textual
from rich.console import Console
from rich.style import Style
from textual import _compositor
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.strip import Strip


def test_the_library_is_of_the_version_this_was_made_for() -> None:
    assert (8, 2) <= tuple(map(int, textual.__version__.split(".")[:2])) < (9, 0)


def test_the_application_still_batches_and_displays_as_it_did() -> None:
    app: App[None] = App()
    assert app._batch_count == 0
    assert app._sync_available is False
    assert app._running is False
    assert app._driver is None
    assert "renderable" in inspect.signature(app._display).parameters
    assert "if self._batch_count:\n                return" in inspect.getsource(App._display)


def test_the_compositor_still_tells_what_is_visible() -> None:
    assert isinstance(_compositor.Compositor.visible_widgets, property)
    assert isinstance(Screen()._compositor, _compositor.Compositor)
    assert "spans" in inspect.signature(_compositor.ChopsUpdate.__init__).parameters
    assert _compositor.LayoutUpdate is not None


def test_a_rows_rendering_is_still_kept_and_still_starts_without_style() -> None:
    strip = Strip([], 0)
    assert strip._render_cache is None
    assert Strip([]).render(Console()) == ""
    assert Strip.render_style(Style(bold=True), "x", color_system=None).endswith("\x1b[0m")  # type: ignore[arg-type]


def test_a_row_that_is_not_cut_stays_the_same_object() -> None:
    from rich.segment import Segment

    strip = Strip([Segment("abc")], 3)
    assert strip.divide([3])[0] is strip
    assert strip.crop(0, 3) is strip


def test_the_driver_has_the_parts_that_are_replaced() -> None:
    replaced = "_enable_mouse_support _disable_mouse_support _get_terminal_size run_input_thread process_message close"
    called = "start_application_mode suspend_application_mode"
    for name in (replaced + " " + called).split():
        assert callable(getattr(LinuxDriver, name)), name
    source = inspect.getsource(LinuxDriver)
    for name in ("self._writer_thread", "self._key_thread", "self.exit_event", "self.attrs_before", "self.fileno"):
        assert f"{name} " in source or f"{name}:" in source, name
    assert "self._mouse" in inspect.getsource(Driver)
    assert "_loop" in inspect.getsource(Driver.__init__)
    assert list(inspect.signature(LinuxDriver.__init__).parameters)[1:] == ["app", "debug", "mouse", "size"]


def test_a_parser_tells_whether_it_waits_for_the_rest_of_a_key() -> None:
    parser = XTermParser()
    assert parser._timeout_time is None
    assert not list(parser.feed("\x1b"))
    assert parser._timeout_time is not None


def test_a_parser_makes_key_events_of_single_sequences() -> None:
    assert [event.key for event in XTermParser()._sequence_to_key_events("\x1b")] == ["escape"]
    assert list(inspect.signature(XTermParser._sequence_to_key_events).parameters) == ["self", "sequence", "alt"]


def test_answers_of_the_terminal_are_events() -> None:
    events = list(XTermParser().feed("\x1b[3;7R"))
    assert [type(event).__name__ for event in events] == ["CursorPosition"]
