"""The Intake Gateway: the front door of a company's customer service."""

__version__ = "0.1.0"
