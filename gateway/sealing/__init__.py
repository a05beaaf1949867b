"""Sealing personal data: cells, files, blind indexes, root keys. No database, no disk, no settings.

A nonce must never be used twice under one key, not even in a test: this is the one place beside ``clock.py`` that
takes chance from the machine itself.
"""
