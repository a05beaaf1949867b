"""Measurements, never tests: what is measured here is quoted with date, commit and machine."""
