"""Which certificates are believed."""

import ssl


def tls_context(ca_file: object) -> ssl.SSLContext:
    """Return a context that verifies certificates, against ``ca_file`` if one is set."""
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
