"""The settings of the privacy notice."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from gateway.domain.privacy import NOTICE, PrivacyNotice
from gateway.settings.fields import Text
from gateway.settings.rules import Strict


def checked_page(url: str) -> str:
    """Return where the house's own notice is.

    Raises:
        ValueError: it is no web address.
    """
    parts = urlsplit(url)
    if url and not (parts.scheme in ("http", "https") and parts.netloc and not parts.username):
        raise ValueError('an address such as "https://shop.example/privacy"')
    return url


class Privacy(Strict):
    """What customers are told before they write, and the version they must agree to, if any."""

    notice: Text = NOTICE
    page: Annotated[str, AfterValidator(checked_page)] = ""
    consent: Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9._-]*$")] = ""

    def as_rules(self) -> PrivacyNotice:
        """Return it as the pages read it."""
        return PrivacyNotice(notice=self.notice, page=self.page, consent=self.consent)
