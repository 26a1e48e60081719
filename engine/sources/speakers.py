"""Which speaker each channel of a file belongs to, where its format says so.

The names are those of ITU-R BS.1770-5: L R C, LFE, Ls Rs (to the side), Lb Rb Cb (behind), and others that only serve
to be told apart.
"""

from __future__ import annotations

_MASK_NAMES = (
    "L", "R", "C", "LFE", "BL", "BR", "Lc", "Rc", "Cb", "SL", "SR",
    "T", "TL", "TC", "TR", "TLb", "TCb", "TRb",
)  # fmt: skip
"""Of the bits of a WAVEFORMATEXTENSIBLE's channel mask, from the lowest."""

_SIDE = {"SL": "Ls", "SR": "Rs", "BL": "Lb", "BR": "Rb"}
_ONLY_BACK = {"BL": "Ls", "BR": "Rs"}
"""In 5.1 the surrounds are called back by some and side by others: they are what there is of either."""

VORBIS_ORDERS = {
    3: ("L", "C", "R"),
    4: ("L", "R", "Ls", "Rs"),
    5: ("L", "C", "R", "Ls", "Rs"),
    6: ("L", "C", "R", "Ls", "Rs", "LFE"),
    7: ("L", "C", "R", "Ls", "Rs", "Cb", "LFE"),
    8: ("L", "C", "R", "Ls", "Rs", "Lb", "Rb", "LFE"),
}
"""Vorbis I specification 4.3.9, and RFC 7845 5.1.1.2 for Opus; libsndfile gives channels in the order of the stream."""


def speakers_of_mask(mask: int, channels: int) -> tuple[str, ...] | None:
    """The speakers that a channel mask names, in the order of the channels; None unless it names as many."""
    names = [name for bit, name in enumerate(_MASK_NAMES) if mask >> bit & 1]
    if len(names) != channels:
        return None
    others = _SIDE if "SL" in names or "SR" in names else _ONLY_BACK
    return tuple(others.get(name, name) for name in names)
