"""Running the mixer from start to end: signals, the watchdog, and what must not be left undone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from tui.app import AppSettings, MixerApp
from tui.driver import terminal_size
from tui.signals import ExitWatchdog, install

if TYPE_CHECKING:
    from sessions.controller import Controller
    from sessions.recovery import Recovery

_CLOSE_WITHIN_S: Final = 6.0
_FAILED: Final = 1


def run_mixer(controller: Controller, settings: AppSettings, recovery: Recovery | None = None) -> int:
    """Run the mixer on a controller and close that; returns the exit code. Belongs to the main thread."""
    app = MixerApp(controller, settings, recovery=recovery)

    def rescue() -> None:
        controller.close(discard=app.discard_on_close)

    def restore() -> None:
        if app.terminal is not None:
            app.terminal.emergency_restore()

    watchdog = ExitWatchdog(rescue, restore)
    uninstall = install(app.request_leave, watchdog)
    code = _FAILED
    try:
        result = app.run(size=terminal_size())
        code = result if result is not None else app.return_code or 0
    finally:
        watchdog.start(code, _CLOSE_WITHIN_S)
        kept = controller.close(discard=app.discard_on_close)
        watchdog.cancel()
        if not kept:
            print(f'gainstage: the unsaved changes of "{controller.session.name}" could not be kept', file=sys.stderr)
        uninstall()
    return code
