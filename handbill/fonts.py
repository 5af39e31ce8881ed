"""What the pinned fonts can show, and how fontconfig is told to see nothing else.

The coverage of each font stands in `fonts/fonts.toml`, written once by `fonts/make.py`: reading it from the
fonts takes 130 ms, from the text 8 ms. This module never touches the disk and never opens a font.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: one family in one weight and style."""

    file: str  # its name inside the fonts folder
    family: str  # as CSS and fontconfig name it
    weight: int  # as in CSS, 400 or 700
    style: Literal["normal", "italic"]
    sha256: str  # of the whole file, lower-case hexadecimal
    codepoints: frozenset[int]  # the characters that it has a glyph for


def read_fonts(text: str) -> tuple[Face, ...]:
    """The faces that `fonts.toml` declares, in its order, the order in which families are tried.

    A text that `fonts/make.py` could not have written raises `ValueError` or `KeyError`: a bug of ours.
    """
    return tuple(
        Face(
            file=entry["file"],
            family=entry["family"],
            weight=entry["weight"],
            style=entry["style"],
            sha256=entry["sha256"],
            codepoints=_points(entry["codepoints"]),
        )
        for entry in tomllib.loads(text)["face"]
    )


@dataclass(frozen=True, slots=True)
class FieldFont:
    """The font of what is typed into a PDF's fields; lengths are in thousandths of an em."""

    file: str  # its path inside the fonts folder
    name: str  # its PostScript name
    sha256: str
    ascent: int
    descent: int  # below the line, so negative
    cap_height: int
    box: tuple[int, ...]  # left, foot, right and head of all its letters together
    widths: tuple[int, ...]  # of the codes 32 to 255 of WinAnsiEncoding


def read_field_font(text: str) -> FieldFont:
    """The font for fields that the engine's `fonts.toml` declares; raises as `read_fonts` does."""
    entry = tomllib.loads(text)["fields"]
    return FieldFont(
        file=entry["file"],
        name=entry["name"],
        sha256=entry["sha256"],
        ascent=entry["ascent"],
        descent=entry["descent"],
        cap_height=entry["cap_height"],
        box=tuple(entry["box"]),
        widths=tuple(map(int, entry["widths"].split())),
    )


def verify(face: Face | FieldFont, font: bytes) -> bool:
    """Whether these bytes are the font that `fonts.toml` pins."""
    return hashlib.sha256(font).hexdigest() == face.sha256


def coverage(faces: Iterable[Face]) -> frozenset[int]:
    """The characters that can be set in regular, bold and italic alike.

    A character counts when some family has it in every one of its faces: one that only the regular face has
    would turn into an empty box, or into another design, in a bold heading.
    """
    by_family: dict[str, frozenset[int]] = {}
    for face in faces:
        by_family[face.family] = by_family.get(face.family, face.codepoints) & face.codepoints
    return frozenset().union(*by_family.values())


def uncovered(text: str, codepoints: frozenset[int]) -> tuple[str, ...]:
    """The distinct characters of a text that would print as an empty box, by code point.

    Characters that steer the text and leave no ink are not asked for: line feeds, joiners, direction marks.

    >>> uncovered("Tea 🙂 — 🙂", frozenset(map(ord, "Tea —")))
    ('🙂',)
    """
    return tuple(map(chr, sorted({ord(char) for char in set(text)} - codepoints - INKLESS)))


def fontconfig_file(folders: Sequence[str], cache_folder: str, families: Sequence[str]) -> str:
    """A `fonts.conf` under which only the fonts in these folders exist.

    Paths are absolute; `cache_folder` is made by fontconfig if need be, and is safe to delete. `families` are
    tried in this order for every generic family and for every character that the styled family lacks. Nothing
    else is included: no system folder, and no rule of the system's, so a slope or weight that no file has is
    not faked.

    FONTCONFIG_FILE must name the written file before a process first measures text: fontconfig reads it once.
    """
    return "\n".join(
        (
            '<?xml version="1.0"?>',
            '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
            "<fontconfig>",
            "<reset-dirs/>",
            *(f"<dir>{escape(folder)}</dir>" for folder in folders),
            f"<cachedir>{escape(cache_folder)}</cachedir>",
            '<match target="pattern">',
            '<edit name="family" mode="append_last" binding="weak">',
            *(f"<string>{escape(family)}</string>" for family in families),
            "</edit>",
            "</match>",
            "<config><rescan><int>0</int></rescan></config>",
            "</fontconfig>",
            "",
        )
    )


def _points(ranges: str) -> frozenset[int]:
    points: set[int] = set()
    for span in ranges.split():
        first, _, last = span.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)


# Controls, and Unicode's Default_Ignorable_Code_Point without its letters (Hangul fillers, Khmer vowels).
INKLESS = _points(
    "0-1F 7F-9F AD 34F 61C 180B-180F 200B-200F 2028-202E 2060-206F FE00-FE0F FEFF FFF0-FFF8 "
    "1D173-1D17A E0000-E0FFF"
)
