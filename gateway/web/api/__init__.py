"""The desk's interface, one file a resource; every route names the right it needs."""
