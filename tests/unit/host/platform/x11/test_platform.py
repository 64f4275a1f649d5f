import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.x11 import x_server
from zuruf.host.platform.base import AlreadyRunning, Refusal
from zuruf.host.platform.x11.platform import X11Platform
from zuruf.protocol.codes import Code


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[X11Platform]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return X11Platform(":nowhere")  # type: ignore[return-value]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_directory_is_the_owners_alone_also_where_it_existed(platform: X11Platform, tmp_path: Path) -> None:
    made = tmp_path / "a" / "b"
    platform.make_private_directory(made)
    open_one = tmp_path / "open"
    open_one.mkdir(mode=0o755)
    platform.make_private_directory(open_one)
    assert [mode(made.parent), mode(made), mode(open_one)] == [0o700] * 3


def test_a_private_file_is_the_owners_alone_and_empty(platform: X11Platform, tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text("old")
    path.chmod(0o644)
    os.close(platform.make_private_file(path))
    assert (mode(path), path.read_bytes()) == (0o600, b"")


def test_a_link_in_the_place_of_a_private_file_is_refused(platform: X11Platform, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("precious")
    (tmp_path / "state").symlink_to(target)
    with pytest.raises(OSError, match="state"):
        platform.make_private_file(tmp_path / "state")
    assert target.read_text() == "precious"


def test_a_lock_is_held_by_one(platform: X11Platform, tmp_path: Path) -> None:
    with platform.lock(tmp_path / "lock"), pytest.raises(AlreadyRunning), X11Platform().lock(tmp_path / "lock"):
        pass
    with platform.lock(tmp_path / "lock"):
        assert (tmp_path / "lock").exists()


def test_autostart_is_installed_read_and_removed_and_each_may_be_repeated(platform: X11Platform) -> None:
    assert platform.autostart_command() is None
    for command in (["a"], ["/opt/zuruf host", "--resume"]):
        platform.install_autostart(command, 60)
    assert platform.autostart_command() == ["/opt/zuruf host", "--resume"]
    platform.remove_autostart()
    platform.remove_autostart()
    assert platform.autostart_command() is None
    assert [list(folder.iterdir()) for folder in platform.autostart_directories()] == [[]]


def test_folders_are_below_the_users_base_directories(platform: X11Platform, tmp_path: Path) -> None:
    assert platform.default_data_dir() == tmp_path / "state" / "zuruf-support-session"
    assert platform.autostart_directories() == [tmp_path / "config" / "autostart"]


def test_a_relative_base_directory_is_ignored(platform: X11Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert platform.default_data_dir().is_relative_to(Path.home() / ".local/state")


def test_without_a_display_the_refusal_is_no_screen(platform: X11Platform) -> None:
    assert platform.refusal() == Refusal(Code.NO_SCREEN)


@pytest.mark.parametrize(("options", "refusal"), [((), None), (("-extension", "XTEST"), Refusal(Code.NO_SCREEN))])
def test_a_display_is_refused_only_when_it_lacks_something(options: tuple[str, ...], refusal: Refusal | None) -> None:
    with x_server(320, 200, *options) as server:
        assert X11Platform(server.display).refusal() == refusal


def test_time_since_the_boot_goes_on_and_the_boot_has_one_name(platform: X11Platform) -> None:
    assert 0 < platform.boottime() <= platform.boottime()
    assert platform.boot_id() == platform.boot_id() != ""
    assert platform.hostname()
    assert "kernel" in platform.system()
