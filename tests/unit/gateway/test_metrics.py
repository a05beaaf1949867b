"""The metrics page: what a scrape sees."""

from prometheus_client.parser import text_string_to_metric_families

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
