"""Draws the app's icon and the three icons beside the clock; ``--check`` only says whether the files are current.

The same code gives the same bytes (Pillow is pinned). Every size is drawn for itself, so that small ones are sharp.
The icons beside the clock differ in shape as well as in colour: a Z (active), a pointer (somebody is connected), a
hollow bubble struck through (no connection).

usage: python -m scripts.make_icons [--check]
"""

import io
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

SOURCE = Path(__file__).parents[1] / "src" / "zuruf"
APP_SIZES = (16, 20, 24, 32, 48, 64, 256)
TRAY_SIZES = (16, 20, 24, 32, 48)

BLUE, ORANGE, GREY, WHITE = (0x1C, 0x6D, 0xD0), (0xC2, 0x41, 0x0C), (0x86, 0x8E, 0x99), (0xFF, 0xFF, 0xFF)
FINE = 16
"""Points drawn for each pixel's edge; an average of them makes the edges smooth."""

Point = tuple[float, float]
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Grid:
    """A square of 32 × 32 units, drawn ``FINE`` times as large as the icon."""

    size: int

    def mask(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        """Return an empty drawing."""
        image = Image.new("L", (self.size * FINE, self.size * FINE))
        return image, ImageDraw.Draw(image)

    def at(self, units: float) -> int:
        """Return the point of a coordinate."""
        return round(units * self.size * FINE / 32)

    def smooth(self, mask: Image.Image) -> Image.Image:
        """Return a drawing at the icon's size."""
        return mask.resize((self.size, self.size), Image.Resampling.BOX)

    def polygon(self, draw: ImageDraw.ImageDraw, points: list[Point]) -> None:
        """Fill a polygon."""
        draw.polygon([(self.at(x), self.at(y)) for x, y in points], fill=255)

    def stroke(self, draw: ImageDraw.ImageDraw, points: list[Point], width: float, ink: int = 255) -> None:
        """Draw a line with round ends and corners."""
        along = [(self.at(x), self.at(y)) for x, y in points]
        draw.line(along, fill=ink, width=self.at(width))
        radius = self.at(width / 2)
        for x, y in along:
            draw.ellipse((x - radius, y - radius, x + radius - 1, y + radius - 1), fill=ink)

    def box(self, draw: ImageDraw.ImageDraw, inset: float = 0, ink: int = 255) -> None:
        """Draw the bubble without its tail: edges fall on whole pixels at every size that is a multiple of four."""
        near, right, bottom = self.at(inset), self.at(32 - inset) - 1, self.at(24 - inset) - 1
        draw.rounded_rectangle((near, near, right, bottom), self.at(7 - inset), fill=ink)

    def bubble(self, draw: ImageDraw.ImageDraw) -> None:
        """Draw the speech bubble."""
        self.box(draw)
        self.polygon(draw, [(7, 23), (18, 23), (7, 32)])


LETTER: list[Point] = [(10, 6), (22, 6), (10, 18), (22, 18)]
POINTER: list[Point] = [(10, 2), (10, 19), (14, 15.4), (17, 22), (20.4, 20.4), (17.6, 14), (23, 13.4)]

STRIKE: list[Point] = [(3, 2), (29, 28)]


def letter(size: int) -> Image.Image:
    """The product's icon, and *active* beside the clock: a blue bubble with the letter Z."""
    grid = Grid(size)
    glyph, draw = grid.mask()
    grid.stroke(draw, LETTER, 4 if size < 32 else 3.2)
    return filled(grid, BLUE, glyph)


def pointer(size: int) -> Image.Image:
    """*Connected*: an orange bubble with a mouse pointer."""
    grid = Grid(size)
    glyph, draw = grid.mask()
    grid.polygon(draw, POINTER)
    return filled(grid, ORANGE, glyph)


def struck_through(size: int) -> Image.Image:
    """*Offline*: a hollow grey bubble, struck through."""
    grid = Grid(size)
    shape, draw = grid.mask()
    grid.bubble(draw)
    grid.box(draw, inset=4 if size < 32 else 3, ink=0)
    grid.stroke(draw, STRIKE, 9, ink=0)
    grid.stroke(draw, STRIKE, 4 if size < 32 else 3.2)
    icon = Image.new("RGBA", (size, size), (*GREY, 0))
    icon.putalpha(grid.smooth(shape))
    return icon


def filled(grid: Grid, colour: Colour, glyph: Image.Image) -> Image.Image:
    """Return a bubble of a colour with a white glyph in it."""
    shape, draw = grid.mask()
    grid.bubble(draw)
    size = (grid.size, grid.size)
    icon = Image.composite(Image.new("RGB", size, WHITE), Image.new("RGB", size, colour), grid.smooth(glyph))
    icon.putalpha(grid.smooth(shape))
    return icon


def bitmap(icon: Image.Image) -> bytes:
    """Return an icon as the bitmap that every Windows reads: rows from below, and an empty mask behind them."""
    size = icon.width
    header = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    mask_row = (size + 31) // 32 * 4
    return header + icon.tobytes("raw", "BGRA", 0, -1) + bytes(mask_row * size)


def png(icon: Image.Image) -> bytes:
    """Return an icon as PNG, which Windows wants for 256 pixels."""
    written = io.BytesIO()
    icon.save(written, "PNG", optimize=True)
    return written.getvalue()


def icon_file(icons: list[Image.Image]) -> bytes:
    """Return a Windows icon file with these images."""
    images = [png(icon) if icon.width == 256 else bitmap(icon) for icon in icons]
    offset = 6 + 16 * len(icons)
    directory = struct.pack("<HHH", 0, 1, len(icons))
    for icon, image in zip(icons, images, strict=True):
        edge = icon.width % 256
        directory += struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(image), offset)
        offset += len(image)
    return directory + b"".join(images)


def generated() -> dict[Path, bytes]:
    """Return every icon file as it should be."""
    tray = SOURCE / "host" / "ui" / "icons"
    return {
        SOURCE / "installer" / "data" / "zuruf.ico": icon_file([letter(size) for size in APP_SIZES]),
        tray / "active.ico": icon_file([letter(size) for size in TRAY_SIZES]),
        tray / "connected.ico": icon_file([pointer(size) for size in TRAY_SIZES]),
        tray / "offline.ico": icon_file([struck_through(size) for size in TRAY_SIZES]),
    }


def main() -> int:
    """Write or check; return the exit code."""
    wanted = generated()
    if "--check" not in sys.argv:
        for path, data in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return 0
    stale = [path for path, data in wanted.items() if not path.is_file() or path.read_bytes() != data]
    for path in stale:
        print(f"{path} is out of date: python -m scripts.make_icons", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
