"""The icons are what the script draws, hold the sizes Windows asks for, and tell states apart without colour."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from scripts.make_icons import APP_SIZES, SOURCE, TRAY_SIZES, generated, icon_file, letter

from zuruf.installer.icon import ICON_MAX, NotAnIcon, check, sizes

APP = SOURCE / "installer" / "data" / "zuruf.ico"
TRAY = [SOURCE / "host" / "ui" / "icons" / f"{name}.ico" for name in ("active", "connected", "offline")]


def image(file: Path, size: int) -> Image.Image:
    """Return one size of an icon as somebody else's reader sees it."""
    with Image.open(file) as opened:
        opened.size = (size, size)
        return opened.convert("RGBA")


def test_drawing_again_gives_the_same_bytes() -> None:
    drawn = generated()
    assert sorted(drawn) == sorted([APP, *TRAY])
    for path, data in drawn.items():
        assert path.read_bytes() == data, path


def test_the_app_s_icon_holds_every_size_and_passes_the_check() -> None:
    assert sizes(APP.read_bytes()) == APP_SIZES == (16, 20, 24, 32, 48, 64, 256)
    check(APP)


@pytest.mark.parametrize("file", TRAY, ids=lambda file: file.stem)
def test_an_icon_beside_the_clock_holds_every_size(file: Path) -> None:
    assert sizes(file.read_bytes()) == TRAY_SIZES == (16, 20, 24, 32, 48)


@pytest.mark.parametrize("size", APP_SIZES)
def test_another_reader_sees_the_same_picture(size: int) -> None:
    assert ImageChops.difference(image(APP, size), letter(size)).getbbox(alpha_only=False) is None


@pytest.mark.parametrize("size", TRAY_SIZES)
@pytest.mark.parametrize("ground", ["white", "#202020"])
@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (1, 2)])
def test_two_states_differ_in_grey_too(size: int, ground: str, pair: tuple[int, int]) -> None:
    def grey(file: Path) -> Image.Image:
        icon = Image.new("RGBA", (size, size), ground)
        icon.alpha_composite(image(file, size))
        return icon.convert("L")

    apart = ImageChops.difference(grey(TRAY[pair[0]]), grey(TRAY[pair[1]]))
    far_apart = apart.point(lambda value: 255 if value > 80 else 0)
    assert ImageStat.Stat(far_apart).mean[0] > 255 * 0.1


class TestChecking:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "brand.ico"

    def test_missing_sizes_are_named(self, file: Path) -> None:
        file.write_bytes(icon_file([letter(16), letter(48)]))
        with pytest.raises(NotAnIcon, match=r"^brand\.ico lacks the sizes 32, 256$"):
            check(file)

    @pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP"])
    def test_another_kind_of_picture_is_refused(self, file: Path, kind: str) -> None:
        written = io.BytesIO()
        letter(32).convert("RGB").save(written, kind)
        file.write_bytes(written.getvalue())
        with pytest.raises(NotAnIcon, match="does not begin like one"):
            check(file)

    def test_every_cut_is_refused(self) -> None:
        whole = icon_file([letter(16), letter(256)])
        for length in [*range(64), *range(64, len(whole), 97), len(whole) - 1]:
            with pytest.raises(NotAnIcon):
                sizes(whole[:length])

    def test_a_directory_that_lies_about_a_size_is_refused(self) -> None:
        lying = bytearray(icon_file([letter(16)]))
        lying[6:8] = bytes((32, 32))
        with pytest.raises(NotAnIcon, match="another size"):
            sizes(bytes(lying))

    def test_an_image_of_no_known_kind_is_refused(self) -> None:
        odd = bytearray(icon_file([letter(16)]))
        struct.pack_into("<I", odd, 6 + 16, 12)
        with pytest.raises(NotAnIcon, match="neither PNG nor bitmap"):
            sizes(bytes(odd))

    def test_a_huge_file_is_not_read(self, file: Path) -> None:
        file.write_bytes(bytes(ICON_MAX + 1))
        with pytest.raises(NotAnIcon, match="larger than"):
            check(file)
