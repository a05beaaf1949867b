"""config.toml and the environment become frozen typed Settings, or every mistake at once with its remedy."""

from gateway.settings.channels import Channel
from gateway.settings.load import load
from gateway.settings.model import Settings

__all__ = ["Channel", "Settings", "load"]
