"""How long an MPEG audio stream (MP3, MP2) really is, and a corrected view of files that say otherwise.

A decoder learns the length from the Xing/Info/VBRI header in the first frame, or guesses it from the first frame's
bit rate: a variable-rate file without that header would be cut to a fraction, one that is cut short would be
announced too long. Where header and file disagree the frames are counted, and the decoder is shown the stream behind
a header that tells the truth. Frame layout: ISO/IEC 11172-3 and 13818-3; delay and padding: the LAME tag.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, replace

from engine.sources.regular_file import RegularFile

_BIT_RATES_KBPS = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By generation (MPEG-1; MPEG-2 and 2.5) and layer, for the header's index 1 to 14."""

_SAMPLE_RATES_HZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FRAMES_PER_PACKET = {(1, 1): 384, (1, 2): 1152, (1, 3): 1152, (2, 1): 384, (2, 2): 1152, (2, 3): 576}

_SEARCH_BYTES = 65536
"""How far behind the tags the first frame is looked for."""
_READ_BYTES = 1 << 20
_DECODER_DELAY_FRAMES = 529
"""Of every layer III decoder, taken off together with the encoder's."""

_XING_FRAMES, _XING_BYTES, _XING_TABLE, _XING_QUALITY = 1, 2, 4, 8
_XING_TOLERANCE = 0.01
_VBRI_OFFSET = 36


@dataclass(frozen=True, slots=True)
class PacketHeader:
    """One MPEG frame's header (a frame of MPEG is a packet here; frames are samples per channel)."""

    word: bytes
    generation: int
    layer: int
    sample_rate_hz: int
    channels: int
    size_bytes: int
    frames: int

    @property
    def kind(self) -> tuple[int, int, int, int]:
        """What stays the same throughout a stream."""
        return (self.generation, self.layer, self.sample_rate_hz, self.channels)

    @property
    def side_bytes(self) -> int:
        """Offset of the Xing header behind the four header bytes."""
        if self.generation == 1:
            return 17 if self.channels == 1 else 32
        return 9 if self.channels == 1 else 17


@dataclass(frozen=True, slots=True)
class MpegStream:
    """A stream: `frames` per channel after the encoder's delay and padding are taken off.

    `corrected` is the first packet to show the decoder instead of what lies before `start_bytes`, None where the
    file's own header is right. `cut_short_frames` is the length the header announces where more is missing.
    """

    sample_rate_hz: int
    channels: int
    layer: int
    frames: int
    start_bytes: int
    end_bytes: int
    corrected: bytes | None
    cut_short_frames: int | None


@dataclass(frozen=True, slots=True)
class _Xing:
    packets: int
    stream_bytes: int
    delay_frames: int
    padding_frames: int
    has_trim: bool
    fields_at: int
    tag_at: int


def parse_packet_header(word: bytes) -> PacketHeader | None:
    """The header in four bytes, None where they are none (free-format streams are not understood)."""
    if len(word) < 4 or word[0] != 0xFF or word[1] & 0xE0 != 0xE0:
        return None
    version, layer = (word[1] >> 3) & 3, 4 - ((word[1] >> 1) & 3)
    rate_index, bit_rate_index = (word[2] >> 2) & 3, word[2] >> 4
    if version == 1 or layer == 4 or rate_index == 3 or bit_rate_index in (0, 15):
        return None
    generation = 1 if version == 3 else 2
    rate_hz = _SAMPLE_RATES_HZ[version][rate_index]
    frames = _FRAMES_PER_PACKET[generation, layer]
    bit_rate = 1000 * _BIT_RATES_KBPS[generation, layer][bit_rate_index - 1]
    slot_bytes = 4 if layer == 1 else 1
    size = (frames // 8 // slot_bytes * bit_rate // rate_hz + ((word[2] >> 1) & 1)) * slot_bytes
    return PacketHeader(word[:4], generation, layer, rate_hz, 1 if word[3] >> 6 == 3 else 2, size, frames)


def tag_bytes(file: RegularFile) -> int:
    """Size of the ID3v2 tags a file begins with."""
    offset = 0
    for _ in range(16):
        head = file.read_at(offset, 10)
        if len(head) < 10 or head[:3] != b"ID3":
            break
        size = (head[6] & 127) << 21 | (head[7] & 127) << 14 | (head[8] & 127) << 7 | (head[9] & 127)
        offset += 10 + size + (10 if head[5] & 0x10 else 0)
    return offset


def read_stream(file: RegularFile) -> MpegStream | None:
    """What a file holds; None where there are no two packets in a row near its beginning. Raises StemError."""
    found = _first_packet(file, tag_bytes(file))
    if found is None:
        return None
    start, header = found
    first = file.read_at(start, header.size_bytes)
    xing = _parse_xing(first, header)
    if xing is None or not xing.packets:
        if xing is not None or first[_VBRI_OFFSET : _VBRI_OFFSET + 4] == b"VBRI":
            start += header.size_bytes
        packets, end = _count_packets(file, start, header)
        shown = _plain_xing(header, packets, end - start) if header.layer == 3 else None
        frames = packets * header.frames
        if shown is not None:
            frames -= _DECODER_DELAY_FRAMES
        return _stream(header, frames, start, end, shown, None)
    held = _end_of_sound(file) - start
    announced = _announced_frames(xing.packets, xing, header)
    if xing.stream_bytes and abs(held - xing.stream_bytes) <= _XING_TOLERANCE * xing.stream_bytes:
        return _stream(header, announced, start, start + held, None, None)
    packets, end = _count_packets(file, start + header.size_bytes, header)
    if xing.packets == packets:
        return _stream(header, announced, start, end, None, None)
    is_cut = xing.packets > packets
    shown = _patched_xing(first, xing, packets, end - start, keep_padding=not is_cut)
    frames = _announced_frames(packets, replace(xing, padding_frames=0) if is_cut else xing, header)
    return _stream(header, frames, start + header.size_bytes, end, shown, announced if is_cut else None)


def _stream(
    header: PacketHeader, frames: int, start: int, end: int, corrected: bytes | None, cut_short: int | None
) -> MpegStream:
    return MpegStream(
        header.sample_rate_hz, header.channels, header.layer, max(frames, 0), start, end, corrected, cut_short
    )


def _announced_frames(packets: int, xing: _Xing, header: PacketHeader) -> int:
    # The padding counts from the encoder's end; a decoder's own delay eats into it.
    padding = max(xing.padding_frames - _DECODER_DELAY_FRAMES, 0)
    return packets * header.frames - xing.delay_frames - _DECODER_DELAY_FRAMES - padding


def _first_packet(file: RegularFile, offset: int) -> tuple[int, PacketHeader] | None:
    """The first header that a second one of the same kind follows."""
    ahead = file.read_at(offset, _SEARCH_BYTES)
    at = ahead.find(b"\xff")
    while at >= 0:
        header = parse_packet_header(ahead[at : at + 4])
        if header is not None and header.size_bytes > 4:
            following = parse_packet_header(file.read_at(offset + at + header.size_bytes, 4))
            if following is not None and following.kind == header.kind:
                return offset + at, header
        at = ahead.find(b"\xff", at + 1)
    return None


def _end_of_sound(file: RegularFile) -> int:
    """The file's size without an ID3v1 tag."""
    is_tagged = file.size_bytes >= 128 and file.read_at(file.size_bytes - 128, 3) == b"TAG"
    return file.size_bytes - (128 if is_tagged else 0)


def _count_packets(file: RegularFile, offset: int, kind: PacketHeader) -> tuple[int, int]:
    """Whole packets in a row from an offset, and where they end."""
    packets, at = 0, offset
    buffer, buffer_at = b"", offset
    sizes: dict[bytes, int] = {}
    while True:
        if at + 4 > buffer_at + len(buffer):
            buffer, buffer_at = file.read_at(at, _READ_BYTES), at
        word = buffer[at - buffer_at : at - buffer_at + 4]
        size = sizes.get(word)
        if size is None:
            header = parse_packet_header(word)
            size = header.size_bytes if header is not None and header.kind[:3] == kind.kind[:3] else 0
            sizes[word] = size
        if size <= 4 or at + size > file.size_bytes:
            return packets, at
        packets += 1
        at += size


def _parse_xing(first: bytes, header: PacketHeader) -> _Xing | None:
    at = 4 + header.side_bytes
    if header.layer != 3 or first[at : at + 4] not in (b"Xing", b"Info") or len(first) < at + 8:
        return None
    flags = struct.unpack_from(">I", first, at + 4)[0]
    tag_at = fields_at = at + 8
    packets = stream_bytes = 0
    for flag, size in ((_XING_FRAMES, 4), (_XING_BYTES, 4), (_XING_TABLE, 100), (_XING_QUALITY, 4)):
        if not flags & flag:
            continue
        if len(first) < tag_at + size:
            return None
        if flag == _XING_FRAMES:
            packets = struct.unpack_from(">I", first, tag_at)[0]
        elif flag == _XING_BYTES:
            stream_bytes = struct.unpack_from(">I", first, tag_at)[0]
        tag_at += size
    has_trim = len(first) >= tag_at + 24
    delay = padding = 0
    if has_trim:
        a, b, c = first[tag_at + 21 : tag_at + 24]
        delay, padding = a << 4 | b >> 4, (b & 15) << 8 | c
    return _Xing(packets, stream_bytes, delay, padding, has_trim, fields_at, tag_at)


def _plain_xing(header: PacketHeader, packets: int, stream_bytes: int) -> bytes:
    """A silent packet with a Xing header for a stream that has none."""
    # Packet of a bit rate high enough to hold the header, otherwise as the stream's.
    word = header.word
    index = 9 if header.generation == 1 else 8
    shown = parse_packet_header(bytes([word[0], word[1] | 1, (index << 4) | (word[2] & 0x0C), word[3]]))
    assert shown is not None
    fields = struct.pack(">4sIII", b"Xing", _XING_FRAMES | _XING_BYTES, packets, stream_bytes + shown.size_bytes)
    return (shown.word + bytes(shown.side_bytes) + fields).ljust(shown.size_bytes, b"\0")


def _patched_xing(first: bytes, xing: _Xing, packets: int, stream_bytes: int, *, keep_padding: bool) -> bytes:
    """The stream's own Xing packet with the packets counted; where the end is missing nothing is cut off it."""
    packet = bytearray(first)
    flags_at = xing.fields_at - 4
    flags = struct.unpack_from(">I", packet, flags_at)[0]
    at = xing.fields_at
    if flags & _XING_FRAMES:
        struct.pack_into(">I", packet, at, packets)
        at += 4
    if flags & _XING_BYTES:
        struct.pack_into(">I", packet, at, stream_bytes)
    if xing.has_trim and not keep_padding:
        packet[xing.tag_at + 22] &= 0xF0
        packet[xing.tag_at + 23] = 0
    return bytes(packet)


class CorrectedStream(io.RawIOBase):
    """A file whose bytes up to `start_bytes` are replaced by a corrected first packet, as a seekable stream."""

    def __init__(self, file: RegularFile, stream: MpegStream) -> None:
        super().__init__()
        assert stream.corrected is not None
        self._file = file
        self._head = stream.corrected
        self._start = stream.start_bytes
        self._size = len(self._head) + stream.end_bytes - stream.start_bytes
        self._at = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The position, in bytes of the corrected stream."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves within the corrected stream."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def readinto(self, buffer: object) -> int:
        """Reads as many bytes as there are."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        count = max(min(len(view), self._size - self._at), 0)
        head = self._head[self._at : self._at + count]
        view[: len(head)] = head
        rest = count - len(head)
        if rest:
            tail = self._file.read_at(self._start + self._at + len(head) - len(self._head), rest)
            count = len(head) + len(tail)
            view[len(head) : count] = tail
        self._at += count
        return count
