"""Why something was not done, and what an operator would do about it, in both languages."""

from gateway.errors import GatewayError, Said


class NotDone(GatewayError):
    """A command stopped before it changed anything; ``public`` is for the operator, remedy included."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en, public=Said(zh, en))
