"""The metrics page: what a scrape sees."""

from datetime import date
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from gateway.clock import FakeClock
from gateway.knowledge_gauges import RELOAD, knowledge_state, knowledge_verbs, show_knowledge
from gateway.library import Library
from gateway.metrics import Metrics


def test_what_is_counted_is_on_the_page() -> None:
    metrics = Metrics()
    metrics.messages_in.labels("web").inc(2)
    metrics.commit_writes.observe(7)
    page, content_type = metrics.page()
    samples = {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }
    assert samples["gateway_messages_in_total", ("web",)] == 2
    assert samples["gateway_commit_writes_sum", ()] == 7
    assert content_type.startswith("text/plain")


def test_every_metric_says_what_it_is_and_is_ours() -> None:
    families = list(text_string_to_metric_families(Metrics().page()[0].decode()))
    assert families
    assert all(
        family.name.startswith("gateway_") and family.documentation.endswith(".") for family in families
    )


def test_openmetrics_is_given_to_who_asks_for_it() -> None:
    page, content_type = Metrics().page("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert page.endswith(b"# EOF\n")


def test_two_gateways_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.desks.set(3)
    assert b"gateway_desks 0.0" in other.page()[0]


async def test_the_metrics_follow_the_knowledge(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nquestion: a\n---\nb", "utf-8")
    (tmp_path / "b.md").write_text("---\nquestion: b\n---\nb", "utf-8")
    library, metrics = Library(tmp_path, lambda: date(2026, 11, 20)), Metrics()
    clock = FakeClock()
    began = clock.now().timestamp()
    show_knowledge(metrics, library, clock)
    (tmp_path / "a.md").write_text("nonsense", "utf-8")
    assert (await library.reload()).outcome == "refused"
    page = metrics.page()[0].decode()
    assert "gateway_knowledge_entries 2.0" in page
    assert "gateway_knowledge_problems 1.0" in page
    assert 'gateway_knowledge_reloads_total{outcome="refused"} 1.0' in page
    assert "gateway_knowledge_reload_seconds_count 1.0" in page
    assert metrics.registry.get_sample_value("gateway_knowledge_reloaded_timestamp_seconds") == began


async def test_a_gateway_that_knows_nothing_says_so(tmp_path: Path) -> None:
    library = Library(tmp_path, lambda: date(2026, 11, 20))
    assert knowledge_state(library) == {
        "state": "no entries: every question goes to a person",
        "entries": 0,
        "mistakes": 0,
    }
    (tmp_path / "a.md").write_text("---\nquestion: a\n---\nb", "utf-8")
    done = await knowledge_verbs(library)[RELOAD]({})
    assert done == {"outcome": "swapped", "entries": 1, "problems": []}
    assert knowledge_state(library)["state"] == "ok"
