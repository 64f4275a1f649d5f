"""The removal receipt as a text that the customer can read and keep. Not for its signature: the server has that one."""

from collections.abc import Iterable, Mapping

from zuruf.host.ui.port import Caller
from zuruf.host.ui.texts import Texts, grouped

FILE_NAME = {"de": "Entfernungsnachweis-{number}.txt", "en": "Removal-receipt-{number}.txt"}


def receipt_text(texts: Texts, caller: Caller, receipt: Mapping[str, object]) -> str:
    """Return what was installed and removed, when, why and by whom; ``receipt`` as made by ``removal.plan.receipt``."""
    t = texts
    lines = [
        t("receipt.title"),
        "",
        t("session_number", number=grouped(caller.number)),
        t("receipt.caller", technician=caller.technician, company=caller.company),
        t("receipt.at", at=str(receipt["at"]).replace("T", " ").replace("Z", " UTC")),
        t(f"receipt.by.{receipt['by']}"),
        t(f"ended.{receipt['reason']}"),
    ]
    removed, finishing = _labels(receipt.get("removed")), _labels(receipt.get("finishing"))
    installed = _labels(receipt.get("installed"))
    left = [label for label in installed if label not in removed and label not in finishing]
    for heading, labels in (
        ("receipt.installed", installed),
        ("receipt.removed", removed),
        ("receipt.finishing", finishing),
        ("receipt.left", left),
    ):
        if labels:
            lines += ["", t(heading), *(f"  - {t.item(label)}" for label in labels)]
    return "\n".join(lines) + "\n"


def _labels(value: object) -> list[str]:
    return [str(label) for label in value] if isinstance(value, Iterable) and not isinstance(value, str) else []
