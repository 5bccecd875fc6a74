"""A short film of our own making: lace in changing colours, for somebody to read captions on.

It is H.264 in MP4, which every browser plays. Nothing is compressed: a picture stands in it as it
is (I_PCM, ITU-T H.264 7.3.5), and between two of them the same picture is said to stay.
"""

import re
import struct

WIDE, HIGH = 20, 12
"""In squares of 16 pixels."""
LASTS = 10
"""Seconds that each picture stays."""
COLOURS = ((70, 118, 104), (96, 112, 120), (82, 132, 112), (112, 120, 134))
"""Luma and both chromas of the ground."""
LIGHTER, THICK = 90, 2
"""How much lighter a thread is than its ground, and how many pixels it is wide."""
BASELINE, LEVEL = 66, 20
INTRA, PREDICTED, AS_IT_IS = 7, 5, 25
UNMOVED = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def film() -> bytes:
    """The whole film."""
    pictures = [
        frame
        for number, colour in enumerate(COLOURS)
        for frame in [_picture(colour, number % 2), *(_stays(one) for one in range(1, LASTS))]
    ]
    head = _box("ftyp", b"isom", _long(512), b"isomavc1mp41")
    # Where the pictures begin is known once it is known how long the table is that says so.
    begins = len(head) + len(_table(pictures, 0)) + 8
    return head + _table(pictures, begins) + _box("mdat", *pictures)


def _ue(number: int) -> str:
    """A number in Exp-Golomb bits (9.1)."""
    bits = f"{number + 1:b}"
    return "0" * (len(bits) - 1) + bits


def _ues(*numbers: int) -> str:
    return "".join(map(_ue, numbers))


def _unit(kind: int, bits: str, *, after: bytes = b"") -> bytes:
    """One unit (7.3.1): bits up to a whole byte, or up to what follows them as it is."""
    bits += "" if after else "1"
    bits += "0" * (-len(bits) % 8)
    body = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)) + after
    # Three bytes that would look like the beginning of a unit are told apart (7.4.1).
    body = re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", body)
    return bytes([kind]) + body


def _sized(unit: bytes) -> bytes:
    return _long(len(unit)) + unit


def _picture(colour: tuple[int, int, int], number: int) -> bytes:
    luma, *chromas = colour
    lace = bytes(
        luma + LIGHTER * (min((x + y) % 16, (x - y) % 16) < THICK)
        for y in range(16)
        for x in range(16)
    )
    square = lace + b"".join(bytes([one]) * 64 for one in chromas)
    first = _ues(0, INTRA, 0) + "0000" + _ue(number) + "00" + _ues(0, 1) + _ue(AS_IT_IS)
    rest = int(_ue(AS_IT_IS).ljust(16, "0"), 2).to_bytes(2) + square
    return _sized(_unit(0x65, first, after=square + rest * (WIDE * HIGH - 1) + b"\x80"))


def _stays(number: int) -> bytes:
    bits = _ues(0, PREDICTED, 0) + f"{number % 16:04b}" + "000" + _ues(0, 1, WIDE * HIGH)
    return _sized(_unit(0x41, bits))


def _kind() -> bytes:
    """What a player must know of all pictures (7.3.2)."""
    sequence = f"{BASELINE:08b}{0xC0:08b}{LEVEL:08b}" + _ues(0, 0, 2, 1)
    sequence += "0" + _ues(WIDE - 1, HIGH - 1) + "1100"
    pictures = _ues(0, 0) + "00" + _ues(0, 0, 0) + "000" + _ues(0, 0, 0) + "100"
    known = [_unit(0x67, sequence), _unit(0x68, pictures)]
    told = [bytes([count, *struct.pack(">H", len(one))]) + one
            for count, one in zip((0xE1, 1), known, strict=True)]  # fmt: skip
    return bytes([1, BASELINE, 0xC0, LEVEL, 0xFF]) + b"".join(told)


def _table(pictures: list[bytes], begins: int) -> bytes:
    """Where each picture is and how long it stays (ISO/IEC 14496-12)."""
    count, matrix = len(pictures), _long(*UNMOVED)
    size = struct.pack(">HH", WIDE * 16, HIGH * 16)
    seen = _box("avc1", bytes(6), _short(1), bytes(16), size, _long(0x480000, 0x480000, 0),
                _short(1), bytes(32), _short(24), b"\xff\xff", _box("avcC", _kind()))  # fmt: skip
    whole = range(1, count + 1, LASTS)
    samples = _box(
        "stbl",
        _full("stsd", _long(1), seen),
        _full("stts", _long(1, count, 1)),
        _full("stss", _long(len(whole), *whole)),
        _full("stsc", _long(1, 1, count, 1)),
        _full("stsz", _long(0, count, *map(len, pictures))),
        _full("stco", _long(1, begins)),
    )
    here = _box("dinf", _full("dref", _long(1), _full("url ", flags=1)))
    told = _full("hdlr", bytes(4), b"vide", bytes(12), b"lace\0")
    media = _box("mdia", _full("mdhd", _long(0, 0, 1, count), _short(0x15C7, 0)), told,
                 _box("minf", _full("vmhd", bytes(8), flags=1), here, samples))  # fmt: skip
    shown = _full("tkhd", _long(0, 0, 1, 0, count, 0, 0, 0, 0), matrix,
                  _long(WIDE << 20, HIGH << 20), flags=3)  # fmt: skip
    film_ = _full("mvhd", _long(0, 0, 1, count, 0x10000), _short(0x100, 0), bytes(8), matrix,
                  bytes(24), _long(2))  # fmt: skip
    return _box("moov", film_, _box("trak", shown, media))


def _box(name: str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return _long(len(body) + 8) + name.encode() + body


def _full(name: str, *parts: bytes, flags: int = 0) -> bytes:
    return _box(name, _long(flags), *parts)


def _long(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)


def _short(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}H", *numbers)
