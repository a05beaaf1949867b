"""Why somebody does not come in, or no further."""

from typing import ClassVar

from gateway.errors import Refusal, Said


class NotSignedIn(Refusal):
    """Nobody we know, or no longer: 401."""

    code: ClassVar[str] = "not_signed_in"
    status: ClassVar[int] = 401
    said = Said("请先登录。", "Please sign in.")


class BadProof(Refusal):
    """What was shown does not prove who they are; the session itself holds: 400."""

    code: ClassVar[str] = "bad_proof"
    status: ClassVar[int] = 400
    said = Said("验证未通过，请再试一次。", "This does not match. Please try again.")


class ProofWanted(Refusal):
    """The act asks for a proof not older than a few minutes: 403."""

    code: ClassVar[str] = "proof_wanted"
    status: ClassVar[int] = 403
    said = Said("请先再次确认您的身份。", "Please prove once more that it is you.")


class FactorWanted(Refusal):
    """The sign-in is not whole yet: 403."""

    code: ClassVar[str] = "factor_wanted"
    status: ClassVar[int] = 403
    said = Said("请先完成登录的第二步。", "Please finish signing in first.")


class BadLink(Refusal):
    """A one-time link that does not hold, whatever the reason: 400, always the same."""

    code: ClassVar[str] = "bad_link"
    status: ClassVar[int] = 400
    said = Said(
        "该链接无效、已使用或已过期，请重新获取。",
        "This link is used, too old, or not ours. Please get a new one.",
    )


class NoPostWay(Refusal):
    """There is no mailbox, or no address, to send a letter to: 409."""

    code: ClassVar[str] = "no_mail"
    status: ClassVar[int] = 409
    said = Said(
        "没有可用的邮箱渠道或此人没有邮箱地址。请在服务器上运行 gateway agent invite 或 gateway agent reset 获取链接。",
        "There is no mail channel, or no address of theirs. Run gateway agent invite or gateway agent reset on the "
        "machine: it prints the link.",
    )


class NoPasskeys(Refusal):
    """Browsers make passkeys for names only, and over https or for this machine: 409."""

    code: ClassVar[str] = "no_passkeys"
    status: ClassVar[int] = 409
    said = Said(
        "此地址不能使用通行密钥，请用域名通过 https 访问（本机可用 http://localhost）。",
        "There are no passkeys at this address: use its name over https (or http://localhost on this machine).",
    )
