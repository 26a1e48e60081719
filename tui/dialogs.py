"""The dialogs: what is asked when, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sessions.edits import RelinkStem
from sessions.model import SessionError
from tui.content import source_text
from tui.drawing.facts import ControlId
from tui.drawing.glyphs import GlyphSet
from tui.keymap import Keymap
from tui.scene_keys import SceneKeys
from tui.screens.choice import quit_dialog, recovery_dialog, replace_dialog
from tui.screens.entry import EntryDialog
from tui.screens.help import HelpScreen
from tui.screens.mixer import MixerScreen
from tui.screens.notices import NoticesScreen
from tui.screens.palette import ActionPalette
from tui.screens.picker import Picker
from tui.screens.relink import RelinkDialog
from tui.screens.rename import RenameDialog
from tui.screens.value_entry import ValueEntry
from tui.shell import Choice

if TYPE_CHECKING:
    from sessions.controller import Controller
    from sessions.recovery import Recovery
    from tui.app import MixerApp


class Dialogs:
    """Opens dialogs over the mixer."""

    def __init__(
        self,
        app: MixerApp,
        controller: Controller,
        mixer: MixerScreen,
        keymap: Keymap,
        keys_file: str,
        glyphs: GlyphSet,
    ) -> None:
        self._app = app
        self._controller = controller
        self._mixer = mixer
        self._keymap = keymap
        self._keys_file = keys_file
        self._glyphs = glyphs

    def choose(self, title: str, choices: Sequence[Choice], take: Callable[[str], None]) -> None:
        """Let one of several things be chosen."""
        self._app.push_screen(Picker(title, choices), self._showing(take))

    def ask_text(self, title: str, explained: str, read: Callable[[str], str], take: Callable[[str], None]) -> None:
        """Let something be typed."""
        self._app.push_screen(EntryDialog(title, explained, read), self._showing(take))

    def ask_value(self, strip_id: str, control: ControlId) -> None:
        """Let a value be typed for a control."""

        def take(value: float | None) -> None:
            if value is not None:
                self._mixer.operations.set_value(strip_id, control, value)
                self._app.scene.show_session()

        current = self._mixer.control_value(strip_id, control)
        self._app.push_screen(
            ValueEntry(self._mixer.strip_title(strip_id), control, current, self._glyphs.infinity), take
        )

    def ask_file(self, strip_id: str) -> None:
        """Let the file of a strip be chosen, or a folder in which all missing ones are looked for."""

        def take(path: Path | None) -> None:
            if path is not None:
                self._relink(strip_id, path)

        current = source_text(self._controller.session, strip_id)
        folder = self._mixer.session_folder()
        self._app.push_screen(RelinkDialog(self._mixer.strip_title(strip_id), current, folder, _stem_fault), take)

    def ask_name(self, strip_id: str) -> None:
        """Let a strip get another name."""

        def take(name: str | None) -> None:
            if name is not None:
                self._mixer.operations.rename(strip_id, name)
                self._app.scene.show_session()

        name = self._controller.session.strip(strip_id).name
        self._app.push_screen(RenameDialog(self._mixer.strip_title(strip_id), name), take)

    def ask_replace(self, text: str) -> None:
        """Ask whether a session file that somebody else has changed may be replaced."""

        def take(answer: str | None) -> None:
            if answer == "replace":
                self._mixer.operations.save(force=True)
                self._app.scene.show_session()

        self._app.push_screen(replace_dialog(text), take)

    def offer_recovery(self, recovery: Recovery) -> None:
        """Ask what becomes of the edits of a run that ended without saving."""

        def take(answer: str | None) -> None:
            if answer == "recover":
                self._controller.recover(recovery)
                self._app.notify_line("info", "the unsaved changes are back")
            elif answer == "discard":
                self._controller.discard(recovery)
            self._app.scene.show_session()

        when = recovery.written_at.astimezone().strftime("%d %b %Y at %H:%M")
        name = self._controller.session.name
        self._app.push_screen(recovery_dialog(name, recovery.edits, when), take)

    def quit(self, take: Callable[[str | None], None]) -> None:
        """Ask whether to save, if something would be lost; the answer is `quit` if there is nothing to ask."""
        if not self._controller.dirty:
            take("quit")
            return
        path, backup = self._controller.path, self._controller.backup
        dialog = quit_dialog(
            self._controller.session.name, path.name if path else "session", backup.name if backup else None
        )
        self._app.push_screen(dialog, take)

    def show_help(self, seen: SceneKeys) -> None:
        """Show all keys, those of the scene that is seen first."""
        self._app.push_screen(HelpScreen(self._keymap, self._keys_file, self._glyphs.name == "ascii", seen))

    def show_notices(self) -> None:
        """Show everything that was told."""
        self._mixer.info_line.dismiss(all_of_it=True)
        self._app.push_screen(NoticesScreen(self._mixer.shared.notices, self._keymap))

    def show_palette(self, perform: Callable[[str], None]) -> None:
        """Show all actions by name; the one that is chosen is performed."""

        def take(action_id: str | None) -> None:
            if action_id is not None:
                perform(action_id)

        self._app.push_screen(ActionPalette(self._keymap, self._glyphs), take)

    def _showing(self, take: Callable[[str], None]) -> Callable[[str | None], None]:
        """Do something with an answer if there is one, and show what came of it."""

        def taken(answer: str | None) -> None:
            if answer is not None:
                take(answer)
                self._app.scene.show_session()

        return taken

    def _relink(self, strip_id: str, path: Path) -> None:
        try:
            if path.is_dir():
                found = self._controller.relink_from(path)
                if not found:
                    self._app.notify_line("warning", f'no missing stem was found in "{path}"')
            else:
                self._controller.edit(RelinkStem(strip_id, str(path)))
        except SessionError as error:
            self._app.notify_line("error", str(error))
        self._app.scene.show_session()


def _stem_fault(path: Path) -> str | None:
    from sessions.doors import stem_fault  # the decoder is loaded when a file is looked at

    return stem_fault(path)
