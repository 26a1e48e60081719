"""Colours by what they mean, in four palettes, for terminals of 16 million, 256, 16 and no colours.

Each colour is given three times, chosen by hand: as RGB, as one of the 256 of most terminals over SSH (the nearest of
them makes dark blue grounds green), and as one of the 8 that every terminal has (the nearest of 16 is often the wrong
one, and bright ones are missing on consoles).
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
    "low", "target", "hot", "loud", "over",
    # controls
    "track", "cap", "cap_muted", "mute", "solo", "polarity",
]  # fmt: skip

_CUBE_FROM: Final = 16
_GREYS_FROM: Final = 232
_CUBE_LEVELS: Final = (0, 95, 135, 175, 215, 255)
BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE = range(8)


@dataclass(frozen=True, slots=True)
class Ink:
    """One colour: RGB as `#rrggbb`, its number among 256 colours (16 to 255), and among the 8 basic ones."""

    rgb: str
    index: int
    basic: int

    @property
    def indexed_rgb(self) -> str:
        """An RGB that Rich takes for the number among 256 when it writes for a terminal of 256 colours."""
        if self.index >= _GREYS_FROM:
            return "#" + f"{round((self.index - _GREYS_FROM + 1) * 255 / 25):02x}" * 3
        red, rest = divmod(self.index - _CUBE_FROM, 36)
        return "#" + "".join(f"{_CUBE_LEVELS[level]:02x}" for level in (red, *divmod(rest, 6)))


@dataclass(frozen=True, slots=True)
class Palette:
    """A name and a colour for every role. `textured` draws the zones of a meter with different fillings as well."""

    name: str
    inks: Mapping[Role, Ink]
    textured: bool = False


_CHROME: Final[dict[Role, Ink]] = {
    "desk": Ink("#090b0e", 232, BLACK),
    "strip": Ink("#171c23", 234, BLACK),
    "strip_selected": Ink("#243244", 238, BLUE),
    "trough": Ink("#090b0e", 232, BLACK),
    "bar": Ink("#1c232c", 236, BLACK),
    "chip": Ink("#2a333f", 239, BLACK),
    "panel": Ink("#11161c", 233, BLACK),
    "text": Ink("#c6d0da", 252, WHITE),
    "bright": Ink("#ffffff", 231, WHITE),
    "dim": Ink("#8795a4", 246, WHITE),
    "faint": Ink("#4d5a68", 241, BLUE),
    "accent": Ink("#4cc2ff", 75, CYAN),
    "on_accent": Ink("#04121c", 16, BLACK),
    "ok": Ink("#4ac26b", 77, GREEN),
    "warning": Ink("#e8b339", 179, YELLOW),
    "error": Ink("#ff6b61", 203, RED),
    "on_light": Ink("#0b0e12", 16, BLACK),
    "track": Ink("#46525f", 242, WHITE),
    "cap": Ink("#c9d3dc", 252, WHITE),
    "cap_muted": Ink("#6d7985", 244, WHITE),
    "mute": Ink("#f0524a", 203, RED),
    "solo": Ink("#f2c744", 220, YELLOW),
    "polarity": Ink("#c58cff", 141, MAGENTA),
    "low": Ink("#2b7a4b", 29, CYAN),
    "target": Ink("#3fcf63", 77, GREEN),
    "hot": Ink("#f0a92c", 214, YELLOW),
    "loud": Ink("#ff4d42", 203, RED),
    "over": Ink("#ff4d42", 203, RED),
}

CLASSIC: Final = Palette("classic", _CHROME)
CVD: Final = Palette(
    "cvd",
    _CHROME
    | {  # Okabe and Ito's set; luminance rises from zone to zone
        "low": Ink("#0072b2", 25, BLUE),
        "target": Ink("#56b4e9", 74, CYAN),
        "hot": Ink("#e69f00", 214, YELLOW),
        "loud": Ink("#f0e442", 227, WHITE),
        "over": Ink("#f0e442", 227, WHITE),
        "accent": Ink("#f0e442", 227, YELLOW),
        "ok": Ink("#56b4e9", 74, CYAN),
        "warning": Ink("#e69f00", 214, YELLOW),
        "error": Ink("#f0e442", 227, WHITE),
        "mute": Ink("#d55e00", 166, RED),
        "solo": Ink("#f0e442", 227, YELLOW),
        "polarity": Ink("#cc79a7", 175, MAGENTA),
    },
)
CONTRAST: Final = Palette(
    "contrast",
    _CHROME
    | {
        "desk": Ink("#000000", 16, BLACK),
        "strip": Ink("#000000", 16, BLACK),
        "strip_selected": Ink("#303030", 237, BLUE),
        "trough": Ink("#000000", 16, BLACK),
        "bar": Ink("#000000", 16, BLACK),
        "chip": Ink("#3a3a3a", 238, BLACK),
        "panel": Ink("#000000", 16, BLACK),
        "text": Ink("#ffffff", 231, WHITE),
        "dim": Ink("#d0d0d0", 252, WHITE),
        "faint": Ink("#8a8a8a", 245, WHITE),
        "accent": Ink("#00ffff", 51, CYAN),
        "on_accent": Ink("#000000", 16, BLACK),
        "on_light": Ink("#000000", 16, BLACK),
        "low": Ink("#00875f", 29, GREEN),
        "target": Ink("#00ff87", 48, CYAN),
        "hot": Ink("#ffff00", 226, YELLOW),
        "loud": Ink("#ff5f5f", 203, RED),
        "over": Ink("#ff5f5f", 203, RED),
        "track": Ink("#9e9e9e", 247, WHITE),
        "cap": Ink("#ffffff", 231, WHITE),
        "cap_muted": Ink("#9e9e9e", 247, WHITE),
    },
)
MONO: Final = Palette(
    "mono",
    _CHROME
    | {
        "desk": Ink("#080808", 232, BLACK),
        "strip": Ink("#1a1a1a", 234, BLACK),
        "strip_selected": Ink("#3a3a3a", 238, BLACK),
        "trough": Ink("#080808", 232, BLACK),
        "bar": Ink("#222222", 236, BLACK),
        "chip": Ink("#303030", 237, BLACK),
        "panel": Ink("#121212", 233, BLACK),
        "text": Ink("#d0d0d0", 252, WHITE),
        "dim": Ink("#9a9a9a", 247, WHITE),
        "faint": Ink("#5f5f5f", 241, WHITE),
        "accent": Ink("#ffffff", 231, WHITE),
        "on_accent": Ink("#080808", 232, BLACK),
        "on_light": Ink("#080808", 232, BLACK),
        "ok": Ink("#d0d0d0", 252, WHITE),
        "warning": Ink("#ffffff", 231, WHITE),
        "error": Ink("#ffffff", 231, WHITE),
        "low": Ink("#8a8a8a", 245, WHITE),
        "target": Ink("#b2b2b2", 249, WHITE),
        "hot": Ink("#e4e4e4", 254, WHITE),
        "loud": Ink("#ffffff", 231, WHITE),
        "over": Ink("#ffffff", 231, WHITE),
        "track": Ink("#5f5f5f", 241, WHITE),
        "cap": Ink("#d0d0d0", 252, WHITE),
        "cap_muted": Ink("#767676", 243, WHITE),
        "mute": Ink("#ffffff", 231, WHITE),
        "solo": Ink("#ffffff", 231, WHITE),
        "polarity": Ink("#ffffff", 231, WHITE),
    },
    textured=True,
)

PALETTES: Final = {palette.name: palette for palette in (CLASSIC, CVD, CONTRAST, MONO)}
"""All palettes in the order in which they are cycled."""
