"""Colours by what they mean, in four palettes, for terminals of 16 million, 256, 16 and no colours.

Each colour is given twice: as RGB (which a 256-colour terminal gets as its nearest) and as one of the 8 colours every
terminal has, chosen by hand, because the nearest of 16 is often the wrong one and bright ones are missing on consoles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Role = Literal[
    # grounds
    "desk", "strip", "strip_selected", "trough", "bar", "chip", "panel",
    # what is written on them
    "text", "bright", "dim", "faint", "accent", "on_accent", "ok", "warning", "error", "on_light",
    # meters
    "low", "target", "hot", "over",
    # controls
    "track", "cap", "cap_muted", "mute", "solo", "polarity",
]  # fmt: skip

BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE = range(8)


@dataclass(frozen=True, slots=True)
class Ink:
    """One colour: RGB as `#rrggbb`, and its stand-in among the 8 basic colours."""

    rgb: str
    basic: int


@dataclass(frozen=True, slots=True)
class Palette:
    """A name and a colour for every role. `textured` draws the zones of a meter with different fillings as well."""

    name: str
    inks: Mapping[Role, Ink]
    textured: bool = False


_CHROME: Final[dict[Role, Ink]] = {
    "desk": Ink("#090b0e", BLACK),
    "strip": Ink("#171c23", BLACK),
    "strip_selected": Ink("#243244", BLUE),
    "trough": Ink("#090b0e", BLACK),
    "bar": Ink("#1c232c", BLACK),
    "chip": Ink("#2a333f", BLACK),
    "panel": Ink("#11161c", BLACK),
    "text": Ink("#c6d0da", WHITE),
    "bright": Ink("#ffffff", WHITE),
    "dim": Ink("#8795a4", WHITE),
    "faint": Ink("#4d5a68", BLUE),
    "accent": Ink("#4cc2ff", CYAN),
    "on_accent": Ink("#04121c", BLACK),
    "ok": Ink("#4ac26b", GREEN),
    "warning": Ink("#e8b339", YELLOW),
    "error": Ink("#ff6b61", RED),
    "on_light": Ink("#0b0e12", BLACK),
    "track": Ink("#46525f", WHITE),
    "cap": Ink("#c9d3dc", WHITE),
    "cap_muted": Ink("#6d7985", WHITE),
    "mute": Ink("#f0524a", RED),
    "solo": Ink("#f2c744", YELLOW),
    "polarity": Ink("#c58cff", MAGENTA),
    "low": Ink("#2b7a4b", CYAN),
    "target": Ink("#3fcf63", GREEN),
    "hot": Ink("#f0a92c", YELLOW),
    "over": Ink("#ff4d42", RED),
}

CLASSIC: Final = Palette("classic", _CHROME)
CVD: Final = Palette(
    "cvd",
    _CHROME
    | {  # Okabe and Ito's set; luminance rises from zone to zone
        "low": Ink("#0072b2", BLUE),
        "target": Ink("#56b4e9", CYAN),
        "hot": Ink("#e69f00", YELLOW),
        "over": Ink("#f0e442", WHITE),
        "accent": Ink("#f0e442", YELLOW),
        "ok": Ink("#56b4e9", CYAN),
        "warning": Ink("#e69f00", YELLOW),
        "error": Ink("#f0e442", WHITE),
        "mute": Ink("#d55e00", RED),
        "solo": Ink("#f0e442", YELLOW),
        "polarity": Ink("#cc79a7", MAGENTA),
    },
)
CONTRAST: Final = Palette(
    "contrast",
    _CHROME
    | {
        "desk": Ink("#000000", BLACK),
        "strip": Ink("#000000", BLACK),
        "strip_selected": Ink("#303030", BLUE),
        "trough": Ink("#000000", BLACK),
        "bar": Ink("#000000", BLACK),
        "chip": Ink("#3a3a3a", BLACK),
        "panel": Ink("#000000", BLACK),
        "text": Ink("#ffffff", WHITE),
        "dim": Ink("#d0d0d0", WHITE),
        "faint": Ink("#8a8a8a", WHITE),
        "accent": Ink("#00ffff", CYAN),
        "on_accent": Ink("#000000", BLACK),
        "on_light": Ink("#000000", BLACK),
        "low": Ink("#00875f", GREEN),
        "target": Ink("#00ff87", CYAN),
        "hot": Ink("#ffff00", YELLOW),
        "over": Ink("#ff5f5f", RED),
        "track": Ink("#9e9e9e", WHITE),
        "cap": Ink("#ffffff", WHITE),
        "cap_muted": Ink("#9e9e9e", WHITE),
    },
)
MONO: Final = Palette(
    "mono",
    _CHROME
    | {
        "desk": Ink("#080808", BLACK),
        "strip": Ink("#1a1a1a", BLACK),
        "strip_selected": Ink("#3a3a3a", BLACK),
        "trough": Ink("#080808", BLACK),
        "bar": Ink("#222222", BLACK),
        "chip": Ink("#303030", BLACK),
        "panel": Ink("#121212", BLACK),
        "text": Ink("#d0d0d0", WHITE),
        "dim": Ink("#9a9a9a", WHITE),
        "faint": Ink("#5f5f5f", WHITE),
        "accent": Ink("#ffffff", WHITE),
        "on_accent": Ink("#080808", BLACK),
        "on_light": Ink("#080808", BLACK),
        "ok": Ink("#d0d0d0", WHITE),
        "warning": Ink("#ffffff", WHITE),
        "error": Ink("#ffffff", WHITE),
        "low": Ink("#8a8a8a", WHITE),
        "target": Ink("#b2b2b2", WHITE),
        "hot": Ink("#e4e4e4", WHITE),
        "over": Ink("#ffffff", WHITE),
        "track": Ink("#5f5f5f", WHITE),
        "cap": Ink("#d0d0d0", WHITE),
        "cap_muted": Ink("#767676", WHITE),
        "mute": Ink("#ffffff", WHITE),
        "solo": Ink("#ffffff", WHITE),
        "polarity": Ink("#ffffff", WHITE),
    },
    textured=True,
)

PALETTES: Final = {palette.name: palette for palette in (CLASSIC, CVD, CONTRAST, MONO)}
"""All palettes in the order in which they are cycled."""
