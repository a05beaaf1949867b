"""Twilio's programmable messaging: one POST with a form, the account's token as password."""

from base64 import b64encode
from urllib.parse import quote, urlencode

from adapters.outgoing import Outgoing, OutgoingFailed, Silent, TooMuch
from gateway.settings.identity import Twilio
from gateway.sms.contract import ShortMessage, SmsFailed, SmsRefused

MOST = 64 * 1024
_LATER = (408, 425, 429)


class TwilioSms:
    """Sends from one number, or from a messaging service (``MG…``)."""

    def __init__(self, settings: Twilio, outgoing: Outgoing) -> None:
        self._settings, self._outgoing = settings, outgoing

    async def send(self, message: ShortMessage) -> None:
        """Hand one message over."""
        chosen = self._settings
        assert chosen.token is not None
        sender = "MessagingServiceSid" if chosen.sender.startswith("MG") else "From"
        body = urlencode({"To": message.to, sender: chosen.sender, "Body": message.text}).encode()
        login = b64encode(f"{chosen.account}:{chosen.token.get_secret_value()}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/x-www-form-urlencoded"}
        url = f"{chosen.endpoint}/2010-04-01/Accounts/{quote(chosen.account, safe='')}/Messages.json"
        try:
            answer = await self._outgoing.post(url, body, headers=headers, most=MOST)
        except (Silent, TooMuch) as error:
            raise SmsFailed(f"sms.twilio: {error}", maybe_sent=True) from error
        except OutgoingFailed as error:
            raise SmsFailed(f"sms.twilio: {error}") from error
        if 400 <= answer.status < 500 and answer.status not in _LATER:
            raise SmsRefused(f"sms.twilio answered {answer.status}: check sms.twilio and the number on file")
        if not 200 <= answer.status < 300:
            raise SmsFailed(f"sms.twilio answered {answer.status}")
