"""The channel mask that a FLAC file has among its tags where its channels are not the usual ones (RFC 9639, 8.6.2)."""

from __future__ import annotations

import struct

from engine.sources.regular_file import RegularFile

_COMMENTS = 4
_MOST_BLOCKS = 1000
_MOST_BYTES = 1 << 20
"""Tags with pictures in them are larger; the mask comes before those."""
_KEY = b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK="


def read_channel_mask(file: RegularFile) -> int:
    """The mask; 0 where there is none, or none that can be read. Raises StemError where the disk fails."""
    if file.read_at(0, 4) != b"fLaC":
        return 0
    offset = 4
    for _ in range(_MOST_BLOCKS):
        head = file.read_at(offset, 4)
        if len(head) < 4:
            break
        size = int.from_bytes(head[1:], "big")
        if head[0] & 0x7F == _COMMENTS:
            return _mask_in(file.read_at(offset + 4, min(size, _MOST_BYTES)))
        if head[0] & 0x80:
            break
        offset += 4 + size
    return 0


def _mask_in(comments: bytes) -> int:
    """Looks through length-prefixed texts: the encoder's name, their number, and that many tags."""
    try:
        offset = 4 + struct.unpack_from("<I", comments)[0]
        (count,) = struct.unpack_from("<I", comments, offset)
        offset += 4
        for _ in range(min(count, len(comments))):
            (size,) = struct.unpack_from("<I", comments, offset)
            tag = comments[offset + 4 : offset + 4 + size]
            if tag.upper().startswith(_KEY):
                return int(tag[len(_KEY) :], 0)
            offset += 4 + size
    except (struct.error, ValueError):
        pass
    return 0
