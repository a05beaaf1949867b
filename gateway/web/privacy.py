"""The public page about customers' data, made from the settings that are in force."""

from html import escape

from gateway.domain.policy import Policy
from gateway.web.promises import page
from gateway.web.wording import say

SECTIONS = ("kept", "seen", "shared", "rights", "ask")


def privacy_page(policy: Policy, lang: str) -> str:
    """Return the page in ``zh-CN`` or ``en``."""
    other, name = ("en", "English") if lang != "en" else ("zh-CN", "中文")
    body = [
        f"<h1>{_t(policy.house.in_(lang))} · {_t(say('privacy.title', lang))}</h1>",
        f"<p>{_t(policy.privacy.notice.in_(lang))}</p>",
    ]
    for section in SECTIONS:
        body.append(f"<h2>{_t(say(f'privacy.{section}', lang))}</h2>")
        body.append(f"<p>{_t(say(f'privacy.{section}.text', lang))}</p>")
    version = policy.privacy.consent
    told = f"{_t(say('privacy.version', lang, version=version))} · " if version else ""
    body.append(
        f'<p class=small>{told}<a href="?lang={other}" hreflang="{other}">{name}</a>'
        f' · <a href="/">{_t(say("page.home", lang))}</a></p>'
    )
    return page(say("privacy.title", lang), "\n".join(body), lang)


def _t(text: str) -> str:
    return escape(text)
