"""Both providers of short messages, against servers that check what the real ones check."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from adapters.outgoing import Egress, Outgoing
from gateway.clock import FakeClock
from gateway.settings.identity import Aliyun, SmsChoice, Twilio
from gateway.sms import open_sms
from gateway.sms.aliyun import canonical_query, signed_headers
from gateway.sms.contract import ShortMessage, SmsFailed, SmsRefused
from tests.servers.sms import SECRET, SmsServer, sms_server

MESSAGE = ShortMessage(to="+8613800005678", text="Your code is 123456", code="123456", minutes=10)


def choices(server: SmsServer, secret: str = SECRET) -> list[SmsChoice]:
    aliyun = Aliyun(
        key_id="id", key_secret=SecretStr(secret), sign_name="示例", template="SMS_1", endpoint=server.url
    )
    twilio = Twilio(account="AC1", token=SecretStr(secret), sender="+15550001", endpoint=server.url)
    return [SmsChoice(provider="aliyun", aliyun=aliyun), SmsChoice(provider="twilio", twilio=twilio)]


def outgoing(server: SmsServer) -> Outgoing:
    return Outgoing(Egress(private_hosts=frozenset({f"127.0.0.1:{server.port}"})))


@pytest.mark.parametrize("at", [0, 1], ids=["aliyun", "twilio"])
async def test_a_code_is_handed_over_once(at: int) -> None:
    async with sms_server() as server:
        out = outgoing(server)
        sms = open_sms(choices(server)[at], out, FakeClock())
        assert sms is not None
        await sms.send(MESSAGE)
        await out.close()
    (sent,) = server.sent
    assert sent["to"] in ("13800005678", "+8613800005678")
    assert "123456" in sent.get("code", "") + sent.get("text", "")


@pytest.mark.parametrize("at", [0, 1], ids=["aliyun", "twilio"])
async def test_a_wrong_secret_is_the_operators_to_mend_and_a_limit_passes(at: int) -> None:
    async with sms_server() as server:
        out = outgoing(server)
        wrong, right = (
            open_sms(choices(server, secret)[at], out, FakeClock()) for secret in ("wrong", SECRET)
        )
        assert wrong is not None
        assert right is not None
        with pytest.raises(SmsRefused, match="sms"):
            await wrong.send(MESSAGE)
        server.answers = "busy"
        with pytest.raises(SmsFailed) as busy:
            await right.send(MESSAGE)
        await out.close()
    assert not isinstance(busy.value, SmsRefused)
    assert not busy.value.maybe_sent
    assert server.sent == []


async def test_a_private_address_is_not_asked_unless_the_house_says_so() -> None:
    async with sms_server() as server:
        out = Outgoing(Egress())
        sms = open_sms(choices(server)[1], out, FakeClock())
        assert sms is not None
        with pytest.raises(SmsFailed):
            await sms.send(MESSAGE)
        await out.close()
    assert server.sent == []


async def test_without_a_provider_nothing_is_opened() -> None:
    assert open_sms(SmsChoice(), Outgoing(), FakeClock()) is None


def test_a_provider_without_its_keys_is_refused_at_the_door() -> None:
    with pytest.raises(ValueError, match=r"twilio\.token"):
        SmsChoice(provider="twilio", twilio=Twilio(account="AC1", sender="+1555"))


def test_the_signature_is_that_of_the_providers_own_example() -> None:
    """The worked example of the provider's page on its third signature method, with its placeholder keys."""
    query = canonical_query(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = signed_headers(
        "ecs.cn-shanghai.aliyuncs.com",
        "RunInstances",
        "2014-05-26",
        query,
        key_id="YourAccessKeyId",
        secret="YourAccessKeySecret",
        now=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["Authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )
