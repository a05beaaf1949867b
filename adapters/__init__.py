"""Channels the gateway speaks: one file (or folder) a kind, each against ``adapters.contract``."""
