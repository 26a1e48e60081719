"""Three sets of glyphs: eighth blocks, the half blocks of a Linux console, plain ASCII.

A console has at most 512 glyphs, no eighth blocks among them; ASCII is for terminals and logs without Unicode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tui.drawing.scale import ZoneName


@dataclass(frozen=True, slots=True)
class GlyphSet:
    """The characters a mixer is drawn with; every string of one cell unless said otherwise.

    `bar` has a glyph for 0..n lit steps of a cell. `texture` replaces a fully lit cell per zone where colour is
    missing. `hold` are marks in the lower, middle and upper third. `cap` is a fader cap in one cell's height: left,
    middle, right; `cap_upper` and `cap_lower` are its parts when it stands between two cells, None where it cannot.
    `pan` are marks in the left, middle and right third of a cell.
    """

    name: str
    bar: str
    texture: Mapping[ZoneName, str]
    hold: str
    cap: str
    cap_upper: str | None
    cap_lower: str | None
    track: str
    unity: str
    notch: str
    tick: str
    pan_line: str
    pan: str
    polarity: str
    hot: str
    cold: str
    over: str
    intended: str
    play: str
    stop: str
    loop: str
    pointer: str
    more_left: str
    more_right: str
    arrow: str
    line: str
    info: str
    warning: str
    error: str
    infinity: str
    unsaved: str
    ellipsis: str
    meter: str
    empty: str
    mark: str
    border: str


FULL: Final = GlyphSet(
    name="full",
    bar=" ▁▂▃▄▅▆▇█",
    texture={"low": "░", "target": "▒", "hot": "▓", "loud": "█", "over": "█"},
    hold="▁─▔",
    cap="━━━",
    cap_upper="▄",
    cap_lower="▀",
    track="│",
    unity="┼",
    notch="┤",
    tick="─",
    pan_line="─",
    pan="▌┃▐",
    polarity="Ø",
    hot="▴",
    cold="▾",
    over="!",
    intended="~",
    play="▶",
    stop="■",
    loop="⟳",
    pointer="▸",
    more_left="◀",
    more_right="▶",
    arrow="→",
    line="─",
    info="·",
    warning="▲",
    error="✖",
    infinity="-∞",
    unsaved="●",
    ellipsis="…",
    meter="█",
    empty="·",
    mark="*",
    border="║",
)
LINUX: Final = GlyphSet(
    name="linux",
    bar=" ▄█",
    texture={"low": "░", "target": "▒", "hot": "▓", "loud": "█", "over": "█"},
    hold="▄─▀",
    cap="━━━",
    cap_upper="▄",
    cap_lower="▀",
    track="│",
    unity="┼",
    notch="┤",
    tick="─",
    pan_line="─",
    pan="▌│▐",
    polarity="Ø",
    hot="^",
    cold="v",
    over="!",
    intended="~",
    play="►",
    stop="■",
    loop="o",
    pointer="►",
    more_left="◄",
    more_right="►",
    arrow="→",
    line="─",
    info="·",
    warning="▲",
    error="x",
    infinity="-∞",
    unsaved="*",
    ellipsis="~",
    meter="█",
    empty="·",
    mark="*",
    border="║",
)
ASCII: Final = GlyphSet(
    name="ascii",
    bar=" #",
    texture={"low": "=", "target": "#", "hot": "%", "loud": "&", "over": "@"},
    hold="_-~",
    cap="[=]",
    cap_upper=None,
    cap_lower=None,
    track="|",
    unity="+",
    notch="+",
    tick="-",
    pan_line="-",
    pan="|||",
    polarity="o",
    hot="^",
    cold="v",
    over="!",
    intended="~",
    play=">",
    stop="#",
    loop="o",
    pointer=">",
    more_left="<",
    more_right=">",
    arrow=">",
    line="-",
    info=".",
    warning="!",
    error="x",
    infinity="-inf",
    unsaved="*",
    ellipsis="~",
    meter="#",
    empty=".",
    mark="*",
    border=":",
)


def choose(environ: Mapping[str, str], encoding: str, ascii_only: bool = False) -> GlyphSet:
    """The glyph set for a terminal: by its TERM and the encoding of its output, or ASCII if that is asked for."""
    if ascii_only or encoding.lower().replace("-", "") not in ("utf8", "utf8sig"):
        return ASCII
    return LINUX if environ.get("TERM") == "linux" else FULL
