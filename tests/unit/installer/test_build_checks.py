"""What cannot be built is refused before anything is fetched, in a sentence, with nothing written."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zuruf.installer.build import BuildFailed, Plan, build
from zuruf.installer.bundle import BuiltIn
from zuruf.installer.icon import NotAnIcon

BUILT_IN = BuiltIn("1.2.3", "https://help.example", "", "Muster GmbH", (), development=False)


def refused(tmp_path: Path, kind: type[Exception] = BuildFailed, icon: Path | None = None, **changes: Any) -> str:
    plan = Plan(replace(BUILT_IN, **changes), tmp_path / "dist" / "app.exe", tmp_path / "cache", icon=icon)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(kind) as caught:
        build(plan, lambda _: None)
    assert sorted(tmp_path.rglob("*")) == before
    return str(caught.value)


@pytest.mark.parametrize("server", ["http://help.example", "help.example", "", "ftp://help.example"])
def test_a_release_speaks_tls_only(tmp_path: Path, server: str) -> None:
    assert "https://" in refused(tmp_path, server=server)


@pytest.mark.parametrize("version", ["", "1", "1.2-rc1", "1.2.3.4.5", '1.2"'])
def test_a_version_is_dotted_numbers(tmp_path: Path, version: str) -> None:
    assert "dotted numbers" in refused(tmp_path, version=version)


@pytest.mark.parametrize("brand", ["", 'A"B', "A\nB", "$WINDIR", "x" * 61])
def test_a_brand_cannot_carry_the_scripts_signs(tmp_path: Path, brand: str) -> None:
    assert "brand" in refused(tmp_path, brand=brand)


@pytest.mark.parametrize(
    "rule", [("X", "process", "x"), ("X", "service", 'x" "y'), ("X", "file", "$TEMP"), ("", "file", "x")]
)
def test_a_rule_is_of_a_known_kind_and_plain(tmp_path: Path, rule: tuple[str, str, str]) -> None:
    assert "not a rule" in refused(tmp_path, installed_hosts=(rule,))


def test_an_operator_s_icon_is_looked_at_first(tmp_path: Path) -> None:
    icon = tmp_path / "brand.ico"
    icon.write_bytes(b"GIF89a")
    assert "brand.ico" in refused(tmp_path, NotAnIcon, icon=icon)
