"""Several strips at once: marks that move together for now, mute groups and linked groups that stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sessions.edits import Edit
from sessions.group_edits import AddLinkGroup, AddMuteGroup, RemoveStripGroup, SwitchMuteGroup
from sessions.model import MASTER_ID, LinkGroup, MuteGroup, SessionError
from sessions.values import listed
from tui.console.section import Section
from tui.shell import Choice, told


class Groups(Section):
    """What is done to several strips."""

    @property
    def actions(self) -> Mapping[str, Callable[[], None]]:
        """What it does."""
        return {
            "mark": self._mark,
            "mark_none": self._mark_none,
            "mute_group_add": lambda: self._ask_name("Mute group", AddMuteGroup),
            "link_group_add": lambda: self._ask_name("Linked group", AddLinkGroup),
            "mute_group_switch": self._ask_switch,
            "group_remove": self._ask_remove,
        }

    def _mark(self) -> None:
        marked = self._view.mark()
        count = len(self._view.marked)
        title = self._titled(self._view.selected)
        together = f": {count} move together" if count > 1 else ""
        self.shell.notify_line("info", f"{title} is {'marked' if marked else 'no longer marked'}{together}")

    def _mark_none(self) -> None:
        self._view.marked = ()
        self.shell.notify_line("info", "no strip is marked")

    def _ask_name(self, what: str, adding: Callable[[str, tuple[str, ...]], Edit]) -> None:
        members = tuple(strip.id for strip in self._session.strips if strip.id in self._view.marked)
        if not members:
            raise SessionError("no strips are marked: mark those that are to be in the group first")

        @told
        def take(section: Groups, name: str) -> None:
            section._edit(adding(name, members))

        names = [self._session.strip(member).name for member in members]
        self.shell.dialogs.ask_text(f"{what} of {listed(names)}", "Its name.", str.strip, lambda name: take(self, name))

    def _ask_switch(self) -> None:
        @told
        def take(section: Groups, group_id: str) -> None:
            group = section._session.group(group_id)
            section._edit(SwitchMuteGroup(group_id, not (isinstance(group, MuteGroup) and group.on)))

        groups = self._session.mute_groups
        if len(groups) == 1:
            take(self, groups[0].id)
        else:
            self._choose("Mute, or no longer", groups, lambda group_id: take(self, group_id))

    def _ask_remove(self) -> None:
        @told
        def take(section: Groups, group_id: str) -> None:
            section._edit(RemoveStripGroup(group_id))

        self._choose("Dissolve a group; its strips stay as they are", self._session.groups, lambda one: take(self, one))

    def _choose(self, title: str, groups: Sequence[MuteGroup | LinkGroup], take: Callable[[str], None]) -> None:
        if not groups:
            raise SessionError("there is no such group: mark strips and make one first")
        self.shell.dialogs.choose(
            title, [Choice(group.id, self._named(group), self._members(group)) for group in groups], take
        )

    def _named(self, group: MuteGroup | LinkGroup) -> str:
        on = " (muted)" if isinstance(group, MuteGroup) and group.on else ""
        return f"{group.what} {group.name}{on}"

    def _members(self, group: MuteGroup | LinkGroup) -> str:
        return ", ".join(self._session.channel(member).name for member in group.members if member != MASTER_ID)
