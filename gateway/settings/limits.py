"""The settings of how fast anybody may ask, in requests a minute."""

from typing import Annotated

from pydantic import Field

from gateway.settings.rules import Strict

PerMinute = Annotated[int, Field(ge=1)]


class LimitRules(Strict):
    """Of one person or program on one route, and of one address that nobody knows."""

    reads_per_minute: PerMinute = 1200
    writes_per_minute: PerMinute = 300
    strangers_per_minute: PerMinute = 60
    visitors_per_minute: PerMinute = 120
