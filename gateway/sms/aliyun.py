"""Alibaba Cloud's short messages (Dysmsapi 2017-05-25, SendSms), signed by their third method (ACS3-HMAC-SHA256)."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

import orjson

from adapters.outgoing import Outgoing, OutgoingFailed, Silent, TooMuch
from gateway.clock import SystemClock
from gateway.settings.identity import Aliyun
from gateway.sms.contract import ShortMessage, SmsFailed, SmsRefused

MOST = 64 * 1024
_SOON = ("isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "Throttling", "ServiceUnavailable")
_NOTHING = sha256(b"").hexdigest()


class AliyunSms:
    """Sends by a template the provider has approved: mainland numbers take no free text."""

    def __init__(self, settings: Aliyun, outgoing: Outgoing, clock: SystemClock) -> None:
        self._settings, self._outgoing, self._clock = settings, outgoing, clock

    async def send(self, message: ShortMessage) -> None:
        """Hand one message over."""
        chosen = self._settings
        template = chosen.template if message.code else chosen.notice_template
        if not template:
            raise SmsRefused("sms.aliyun.notice_template is not set: nobody can be notified by short message")
        filled = {"code": message.code, "minutes": str(message.minutes)} if message.code else {}
        query = canonical_query(
            {
                "PhoneNumbers": message.to.removeprefix("+86"),
                "SignName": chosen.sign_name,
                "TemplateCode": template,
                "TemplateParam": orjson.dumps(filled).decode(),
            }
        )
        assert chosen.key_secret is not None
        headers = signed_headers(
            urlsplit(chosen.endpoint).netloc,
            "SendSms",
            "2017-05-25",
            query,
            key_id=chosen.key_id,
            secret=chosen.key_secret.get_secret_value(),
            now=self._clock.now(),
            nonce=self._clock.chance(16).hex(),
        )
        try:
            answer = await self._outgoing.post(f"{chosen.endpoint}/?{query}", b"", headers=headers, most=MOST)
        except (Silent, TooMuch) as error:
            raise SmsFailed(f"sms.aliyun: {error}", maybe_sent=True) from error
        except OutgoingFailed as error:
            raise SmsFailed(f"sms.aliyun: {error}") from error
        _judge(answer.status, answer.body)


def _judge(status: int, body: bytes) -> None:
    """The service says no with status 200 as well: only the code ``OK`` is a yes."""
    try:
        said = orjson.loads(body)
        code = str(said.get("Code", ""))[:64] if isinstance(said, dict) else ""
    except orjson.JSONDecodeError:
        code = ""
    if status == 200 and code == "OK":
        return
    if status >= 500 or code.startswith(_SOON) or not code:
        raise SmsFailed(f"sms.aliyun answered {status} {code}".rstrip())
    raise SmsRefused(f"sms.aliyun answered {status} {code}: check sms.aliyun and the number on file")


def canonical_query(values: Mapping[str, str]) -> str:
    """Return parameters in the order and form that are signed and sent."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in values.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def signed_headers(
    host: str, action: str, version: str, query: str, *, key_id: str, secret: str, now: datetime, nonce: str
) -> dict[str, str]:
    """Return the headers of a POST without a body to ``https://host/?query``."""
    signed = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": _NOTHING,
        "x-acs-date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
    request = f"POST\n/\n{query}\n{lines}\n{names}\n{_NOTHING}"
    to_sign = f"ACS3-HMAC-SHA256\n{sha256(request.encode()).hexdigest()}"
    signature = hmac.digest(secret.encode(), to_sign.encode(), "sha256").hex()
    line = f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
    return signed | {"Authorization": line}
