"""What is said when a covered value is shown."""

from datetime import datetime

from gateway.web.api.models_base import Model


class Revealed(Model):
    """Original values by name, and until when a desk may show them."""

    values: dict[str, str]
    until: datetime
