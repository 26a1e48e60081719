"""How much each channel counts in loudness: ITU-R BS.1770-5, Tables 3 and 4, by the speaker it belongs to.

A pair 60 to 120 degrees to the side counts 1.41 (literally so in the standard), the effects channel not at all, all
others 1: those behind 120 degrees and those above 30 degrees too. One channel alone counts once; that it may be played
by two speakers (3.01 LU more) is the player's affair.
"""

from __future__ import annotations

from collections.abc import Sequence

SURROUND_WEIGHT = 1.41
_WEIGHTS = {"Ls": SURROUND_WEIGHT, "Rs": SURROUND_WEIGHT, "LFE": 0.0}

LAYOUTS = {
    1: ("C",),
    2: ("L", "R"),
    3: ("L", "R", "C"),
    4: ("L", "R", "Ls", "Rs"),
    5: ("L", "R", "C", "Ls", "Rs"),
    6: ("L", "R", "C", "LFE", "Ls", "Rs"),
    7: ("L", "R", "C", "LFE", "Cb", "Ls", "Rs"),
    8: ("L", "R", "C", "LFE", "Lb", "Rb", "Ls", "Rs"),
}
"""Which speakers so many channels belong to where a file does not say: the order of WAV and of BS.1770."""


def channel_weights(channels: int, speakers: Sequence[str] | None = None) -> tuple[float, ...] | None:
    """The weight of each channel; None where nothing says which speakers so many channels belong to."""
    known = LAYOUTS.get(channels) if speakers is None else speakers
    return None if known is None else tuple(_WEIGHTS.get(speaker, 1.0) for speaker in known)
