"""The site's own accent colour, in the shades in which its text can be read (WCAG 2.2, 1.4.3)."""

import colorsys
from dataclasses import dataclass
from functools import lru_cache

# Of WCAG's level AA, for text of any size.
CONTRAST = 4.5
# As --sheet, and the surfaces that are hardest to read on, in static/css/tokens.css.
LIGHT_SHEET, LIGHT_SURFACES = "#fefdfa", ("#efebe1", "#f6f2ea")
DARK_SHEET, DARK_SURFACES = "#1a1e25", ("#22272e", "#21252d")
_WASH = 0.1
_HOVER = 0.12


@dataclass(frozen=True)
class Shades:
    """The colours of one scheme as #rrggbb: of buttons and marks, of these below the pointer, of text on them."""

    accent: str
    hover: str
    on_accent: str
    wash: str


@dataclass(frozen=True)
class Accent:
    colour: str
    light: Shades
    dark: Shades


@lru_cache(maxsize=16)
def accent_of(colour: str) -> Accent:
    """Return the shades of a colour (#rrggbb): darkened for light pages, lightened for dark ones, as far as needed."""
    red, green, blue = _channels(colour)
    hue, own, saturation = colorsys.rgb_to_hls(red, green, blue)

    def shade(percent: int) -> str:
        return _written(colorsys.hls_to_rgb(hue, percent / 100, saturation))

    light = (_light(shade(percent)) for percent in range(round(own * 100), -1, -1))
    dark = (_dark(shade(percent)) for percent in range(round(own * 100), 101))
    return Accent(
        colour,
        next(shades for shades in light if _is_readable(shades, LIGHT_SURFACES)),
        next(shades for shades in dark if _is_readable(shades, DARK_SURFACES)),
    )


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _light(accent: str) -> Shades:
    return Shades(accent, _mixed("#000000", accent, _HOVER), "#ffffff", _mixed(accent, LIGHT_SHEET, _WASH))


def _dark(accent: str) -> Shades:
    return Shades(accent, _mixed("#ffffff", accent, _HOVER), "#101216", _mixed(accent, DARK_SHEET, _WASH))


def _is_readable(shades: Shades, surfaces: tuple[str, ...]) -> bool:
    return all(
        contrast(shades.accent, other) >= CONTRAST for other in (*surfaces, shades.on_accent, shades.wash)
    )


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red / 255, green / 255, blue / 255


def _written(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return _written(tuple(first * share + second * (1 - share) for first, second in pairs))


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
