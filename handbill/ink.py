"""Which inks print a colour: black alone wherever that is enough.

A screen's black, mixed from four inks, makes small text blurred, since no press lays four plates exactly upon
one another. So black and greys are printed with black ink only, whatever paper and press; the house's own
colours have fixed inks; any other colour goes by the profile of the printing condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Rgb = tuple[float, float, float]
"""Red, green and blue, 0 to 1, as sRGB."""
Cmyk = tuple[float, float, float, float]
"""Cyan, magenta, yellow and black ink, 0 to 1."""

HOUSE: Mapping[str, Cmyk] = {
    "1d4f5c": (0.85, 0.45, 0.40, 0.45),  # as FOGRA39L has it, to 5 percent; 215 percent of ink in all
    "f0f3f3": (
        0.03,
        0.0,
        0.01,
        0.05,
    ),  # a tint under text: black does most of it, so that it cannot turn pink
}
"""The colours of the templates' style sheets that are no greys, as they write them."""


def of_grey(grey: float) -> Cmyk:
    """Return the inks of a grey; 0 is black.

    >>> of_grey(0)
    (0.0, 0.0, 0.0, 1.0)
    """
    return 0.0, 0.0, 0.0, round(1.0 - grey, 4)


def of(rgb: Rgb, by_profile: Callable[[Rgb], Cmyk]) -> Cmyk:
    """Return the inks of a colour.

    >>> of((0.2, 0.2, 0.2), by_profile=NotImplemented)
    (0.0, 0.0, 0.0, 0.8)
    """
    if rgb[0] == rgb[1] == rgb[2]:
        return of_grey(rgb[0])
    written = "".join(f"{round(part * 255):02x}" for part in rgb)
    return HOUSE[written] if written in HOUSE else by_profile(rgb)
