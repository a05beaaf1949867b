"""Editing what the house knows: files out of tables and back, what a change changes, and what is missing."""
