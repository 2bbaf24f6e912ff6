"""Draw the wordmark and the icon: outlines of the font, so that they look the same without it. Needs fonttools."""

from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont


STATIC = Path(__file__).parents[2] / "static"
TEAL, LEAF = "#0b5a63", "#7fd6b0"

# A leaf that is also a pulse: one stroke through a rounded square.
PULSE = "M14 54H32L42 30 56 74 66 46 72 54H86"


def word(text: str, size: float, x: float, baseline: float) -> tuple[str, float]:
    font = TTFont(STATIC / "fonts" / "BeVietnamPro-SemiBold.ttf")
    glyphs, letters = font.getGlyphSet(), font.getBestCmap()
    scale = size / font["head"].unitsPerEm
    paths = []
    for letter in text:
        glyph = glyphs[letters[ord(letter)]]
        pen = SVGPathPen(glyphs, ntos=lambda n: f"{n:.1f}".rstrip("0").rstrip("."))
        glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, baseline)))
        paths.append(pen.getCommands())
        x += glyph.width * scale
    return " ".join(paths), x


def badge(square: str, stroke: str) -> str:
    return (
        f'<rect width="100" height="100" rx="22" fill="{square}"/>'
        f'<path d="{PULSE}" fill="none" stroke="{stroke}" stroke-width="9" stroke-linecap="round" '
        'stroke-linejoin="round"/>'
    )


def svg(body: str, width: float, height: float) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">{body}</svg>\n'


def main() -> None:
    letters, end = word("yteso", 88, 122, 72)
    for name, square, stroke, ink in (("logo", "#ffffff", TEAL, "#ffffff"), ("logo-dark", TEAL, LEAF, TEAL)):
        (STATIC / f"{name}.svg").write_text(
            svg(badge(square, stroke) + f'<path d="{letters}" fill="{ink}"/>', end, 100)
        )
    (STATIC / "favicon.svg").write_text(svg(badge(TEAL, LEAF), 100, 100))


if __name__ == "__main__":
    main()
