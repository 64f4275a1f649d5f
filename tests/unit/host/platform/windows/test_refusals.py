from dataclasses import dataclass, field

import pytest

from zuruf.host import build_info
from zuruf.host.platform.base import Refusal
from zuruf.host.platform.windows.refusals import refusal
from zuruf.protocol.codes import Code


@dataclass
class Computer:
    """A computer in values."""

    major: int = 10
    is_administrator: bool = True
    services: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def major_version(self) -> int:
        return self.major

    def administrator(self) -> bool:
        return self.is_administrator

    def service(self, name: str) -> bool:
        return name in self.services

    def registry_key(self, path: str) -> bool:
        return path in self.keys

    def file(self, path: str) -> bool:
        return path in self.files


HOSTS = (("Other", "service", "OtherSvc"), ("Other", "registry", r"SOFTWARE\Other"), ("More", "file", r"C:\more.exe"))


def test_an_ordinary_computer_is_taken() -> None:
    assert refusal(Computer(), HOSTS) is None


def test_windows_before_10_is_too_old_whoever_asks() -> None:
    assert refusal(Computer(major=6, is_administrator=False), HOSTS) == Refusal(Code.SYSTEM_TOO_OLD)


def test_without_an_administrators_rights_it_does_not_go() -> None:
    assert refusal(Computer(is_administrator=False), HOSTS) == Refusal(Code.NOT_ADMINISTRATOR)


@pytest.mark.parametrize(
    ("computer", "found"),
    [
        (Computer(services={"OtherSvc"}), "Other"),
        (Computer(keys={r"SOFTWARE\Other"}), "Other"),
        (Computer(files={r"C:\more.exe"}), "More"),
    ],
)
def test_host_software_is_found_by_every_kind_of_sign_and_named(computer: Computer, found: str) -> None:
    assert refusal(computer, HOSTS) == Refusal(Code.HOST_ALREADY_INSTALLED, found)


def test_a_name_is_short_and_printable() -> None:
    rules = (("Ot\nher" + "x" * 100, "service", "OtherSvc"),)
    found = refusal(Computer(services={"OtherSvc"}), rules)
    assert found is not None
    assert found.detail == "Other" + "x" * 75


def test_a_rule_of_an_unknown_kind_is_an_error_and_not_a_rule_that_never_fires() -> None:
    with pytest.raises(ValueError, match="unknown kind of sign for Other: process"):
        refusal(Computer(), (("Other", "process", "other.exe"),))


@pytest.mark.parametrize(
    "computer",
    [Computer(services={"LogMeIn"}), Computer(services={"LMIGuardianSvc"}), Computer(keys={"SOFTWARE\\LogMeIn"})],
)
def test_logmein_is_on_the_list_unless_the_operator_builds_in_another(computer: Computer) -> None:
    assert refusal(computer, build_info.INSTALLED_HOSTS) == Refusal(Code.HOST_ALREADY_INSTALLED, "LogMeIn")
