"""From stored samples to planar float32: the inner loops of reading stems.

Integers are scaled by a power of two, so 16 and 24 bits arrive exactly and 32 bits rounded to nearest, as libsndfile
gives them. Floats are copied bit for bit, denormals included; NaN and infinity become silence and are counted.
Each loop is kept simple enough to become vector instructions: about 0.1 ns per sample for stereo files.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.jit import kernel

_SCALE_16 = np.float32(2.0**-15)
_SCALE_24 = np.float32(2.0**-23)
_SCALE_32 = np.float32(2.0**-31)

_EXPONENT = np.int32(0x7F800000)
"""All ones in the exponent of a float32: infinity or NaN."""


@kernel
def _sample_24(low: Any, high: Any, k: int) -> Any:
    return np.float32(np.int32(np.int32(low[k]) | np.int32(low[k + 1]) << 8 | np.int32(high[k + 2]) << 16)) * _SCALE_24


@kernel
def decode_24_stereo(low: Any, high: Any, left: Any, right: Any) -> None:
    """Splits stereo 24-bit frames; `low` (uint8) and `high` (int8) are two views of the same bytes."""
    for i in range(left.shape[0]):
        left[i] = _sample_24(low, high, 6 * i)
        right[i] = _sample_24(low, high, 6 * i + 3)


@kernel
def decode_24_channel(low: Any, high: Any, channels: int, channel: int, out: Any) -> None:
    """Takes one channel of 24-bit frames; views as for `decode_24_stereo`."""
    if channels == 1:
        for i in range(out.shape[0]):
            out[i] = _sample_24(low, high, 3 * i)
    else:
        for i in range(out.shape[0]):
            out[i] = _sample_24(low, high, 3 * (i * channels + channel))


@kernel
def decode_integer_stereo(samples: Any, scale: Any, left: Any, right: Any) -> None:
    """Splits stereo frames of int16 or int32 samples."""
    for i in range(left.shape[0]):
        left[i] = np.float32(samples[2 * i]) * scale
        right[i] = np.float32(samples[2 * i + 1]) * scale


@kernel
def decode_integer_channel(samples: Any, scale: Any, channels: int, channel: int, out: Any) -> None:
    """Takes one channel of frames of int16 or int32 samples."""
    if channels == 1:
        for i in range(out.shape[0]):
            out[i] = np.float32(samples[i]) * scale
    else:
        for i in range(out.shape[0]):
            out[i] = np.float32(samples[i * channels + channel]) * scale


@kernel
def copy_float_stereo(words: Any, left: Any, right: Any) -> int:
    """Splits stereo float32 frames; all arrays are int32 views. Returns how many samples were not finite."""
    found = 0
    for i in range(left.shape[0]):
        a = words[2 * i]
        b = words[2 * i + 1]
        a_is_bad = (a & _EXPONENT) == _EXPONENT
        b_is_bad = (b & _EXPONENT) == _EXPONENT
        left[i] = 0 if a_is_bad else a
        right[i] = 0 if b_is_bad else b
        found += a_is_bad
        found += b_is_bad
    return found


@kernel
def copy_float_channel(words: Any, channels: int, channel: int, out: Any) -> int:
    """Takes one channel of float32 frames; all arrays are int32 views. Returns how many samples were not finite."""
    found = 0
    if channels == 1:
        for i in range(out.shape[0]):
            word = words[i]
            is_bad = (word & _EXPONENT) == _EXPONENT
            out[i] = 0 if is_bad else word
            found += is_bad
    else:
        for i in range(out.shape[0]):
            word = words[i * channels + channel]
            is_bad = (word & _EXPONENT) == _EXPONENT
            out[i] = 0 if is_bad else word
            found += is_bad
    return found


def decode_integers(raw: Any, bits: int, channels: int, sides: tuple[int, ...], outs: tuple[Any, ...]) -> None:
    """Decodes little-endian frames of 16, 24 or 32 bits.

    `raw` (uint8) holds the frames of all channels, `sides` the one or two channels wanted, `outs` a float32 array for
    each, as long as there are frames.
    """
    if bits == 24:
        low, high = raw, raw.view(np.int8)
        if channels == 2 and len(sides) == 2:
            decode_24_stereo(low, high, outs[0], outs[1])
        else:
            for channel, out in zip(sides, outs, strict=True):
                decode_24_channel(low, high, channels, channel, out)
        return
    samples, scale = (raw.view(np.int16), _SCALE_16) if bits == 16 else (raw.view(np.int32), _SCALE_32)
    if channels == 2 and len(sides) == 2:
        decode_integer_stereo(samples, scale, outs[0], outs[1])
    else:
        for channel, out in zip(sides, outs, strict=True):
            decode_integer_channel(samples, scale, channels, channel, out)


def decode_floats(words: Any, channels: int, sides: tuple[int, ...], outs: tuple[Any, ...]) -> int:
    """As `decode_integers`, for the int32 view of float32 frames. Returns the first frame that is not finite, or -1."""
    if channels == 2 and len(sides) == 2:
        found = copy_float_stereo(words, outs[0].view(np.int32), outs[1].view(np.int32))
    else:
        found = 0
        for channel, out in zip(sides, outs, strict=True):
            found += copy_float_channel(words, channels, channel, out.view(np.int32))
    if not found:
        return -1
    frames = words[: len(outs[0]) * channels].reshape(-1, channels)[:, list(sides)]
    return int(np.flatnonzero(((frames & _EXPONENT) == _EXPONENT).any(axis=1))[0])


def compile_kernels() -> None:
    """Compiles every loop, or loads it from the cache, so that no stem waits for the compiler."""
    raw = np.zeros(48, np.uint8)
    outs = (np.zeros(2, np.float32), np.zeros(2, np.float32))
    for sides in ((0, 1), (0,)):
        for bits in (16, 24, 32):
            decode_integers(raw, bits, 2, sides, outs[: len(sides)])
        decode_floats(raw.view(np.int32), 2, sides, outs[: len(sides)])
