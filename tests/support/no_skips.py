"""A test that was skipped or expected to fail is a failure: what does not run shows nothing."""

import pytest


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which is not allowed: {report.longrepr}"
