"""For every test: under CI a skipped test is a failed run, since nobody would notice what was not tried."""

import os

import pytest

_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note each skipped test; one that is expected to fail is not skipped."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Note each file that was skipped whole."""
    if report.skipped:
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a green run with skips into a red one where ``CI=true``."""
    if _is_ci() and _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why, before pytest's closing line."""
    if _is_ci() and _skipped:
        terminalreporter.write_line(
            f"CI=true allows no skipped test, but {len(_skipped)} were skipped:", red=True
        )
        for name in sorted(set(_skipped)):
            terminalreporter.write_line(f"  {name}")


def _is_ci() -> bool:
    return os.environ.get("CI") == "true"
