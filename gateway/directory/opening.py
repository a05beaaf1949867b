"""From settings to the directory they name."""

from adapters.outgoing import Outgoing
from gateway.clock import SystemClock
from gateway.directory.contract import Directory, Nowhere, Source
from gateway.directory.csv_source import CsvSource
from gateway.directory.records import Records
from gateway.metrics import Metrics
from gateway.settings.directory import DirectoryChoice


def open_directory(
    chosen: DirectoryChoice, clock: SystemClock, metrics: Metrics, outgoing: Outgoing
) -> Directory:
    """Return the configured directory; nothing is read or connected to yet.

    Raises:
        Trouble: the address of a database or a certificate cannot be used.
    """
    source = source_of(chosen, clock, metrics, outgoing)
    if source is None:
        return Nowhere()
    return Records(
        source,
        form=chosen.form(),
        clock=clock,
        metrics=metrics,
        region=chosen.region,
        cache=chosen.cache,
    )


def source_of(
    chosen: DirectoryChoice, clock: SystemClock, metrics: Metrics, outgoing: Outgoing
) -> Source | None:
    """Return the records themselves; None where there are none."""
    fields = {"order": chosen.fields["order"], **chosen.fields} if chosen.kind != "none" else {}
    if chosen.kind == "csv":
        return CsvSource(chosen.csv, fields, chosen.form(), clock, metrics)
    if chosen.kind == "sql":
        from gateway.directory.sql_source import SqlSource  # only who asks a database pays for the drivers

        assert chosen.sql.url is not None
        return SqlSource(chosen.sql.url.get_secret_value(), chosen.sql.query, fields, chosen.form(), clock)
    if chosen.kind == "http":
        from gateway.directory.http_source import HttpSource, tls_of

        asked = chosen.http
        assert asked.secret is not None
        return HttpSource(
            asked.url,
            asked.secret.get_secret_value(),
            fields,
            chosen.form(),
            clock,
            outgoing,
            compares=asked.compares,
            tls=tls_of(asked.ca, asked.certificate, asked.key),
        )
    return None
