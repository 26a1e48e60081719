"""What the terminal can show, and the colours of Textual's own widgets (dialogs, palette) to match the mixer's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.color import ColorSystem
from rich.console import Console
from textual.theme import Theme

from tui.drawing.palette import Palette, Role
from tui.styles import Depth

_SYSTEMS: Final = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}
_DEPTHS: Final[dict[str, Depth]] = {"truecolor": "rgb", "256": "indexed"}
_BASIC_NAMES: Final = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


def depth_of(environ: Mapping[str, str]) -> Depth:
    """How many colours to use, by the environment: NO_COLOR, TEXTUAL_COLOR_SYSTEM, COLORTERM and TERM."""
    if "NO_COLOR" in environ:
        return "none"
    found = environ.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if found not in _SYSTEMS:
        found = Console(force_terminal=True, _environ=dict(environ)).color_system or "standard"
    return _DEPTHS.get(found, "basic")


def color_system(console: Console) -> ColorSystem:
    """The colour system Textual renders with."""
    return _SYSTEMS.get(console.color_system or "truecolor", ColorSystem.TRUECOLOR)


def theme_of(palette: Palette, depth: Depth) -> Theme:
    """A theme for Textual's own widgets."""
    many = depth in ("rgb", "indexed")

    def colour(role: Role) -> str:
        ink = palette.inks[role]
        if not many:
            return f"ansi_{_BASIC_NAMES[ink.basic]}"
        return ink.rgb if depth == "rgb" else ink.indexed_rgb

    ground = colour("bar") if many else "ansi_black"
    return Theme(
        name=f"gainstage-{palette.name}-{depth}",
        ansi=not many,
        primary=colour("accent"),
        secondary=colour("dim"),
        accent=colour("accent"),
        warning=colour("warning"),
        error=colour("error"),
        success=colour("ok"),
        foreground=colour("text"),
        background=colour("desk"),
        surface=ground,
        panel=colour("chip") if many else "ansi_black",
        boost=ground,
        dark=True,
        variables={
            "text-muted": colour("dim"),
            "ansi-background": colour("desk"),
            "ansi-foreground": colour("text"),
            "block-cursor-foreground": colour("on_accent"),
            "block-cursor-background": colour("accent"),
            "block-cursor-text-style": "bold underline" if depth == "none" else "bold",
            "input-cursor-foreground": colour("on_accent"),
            "input-cursor-background": colour("accent"),
            "input-cursor-text-style": "reverse" if depth == "none" else "none",
            "input-selection-foreground": colour("on_accent"),
            "input-selection-background": colour("dim"),
            "border-blurred": colour("faint"),
            "scrollbar": colour("faint"),
            "scrollbar-hover": colour("dim"),
            "scrollbar-active": colour("accent"),
            "scrollbar-background": ground,
            "scrollbar-background-hover": ground,
            "scrollbar-background-active": ground,
            "scrollbar-corner-color": ground,
        },
    )
