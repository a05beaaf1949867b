"""The two bodies of a mail: its words as text and as HTML, with marker, signature, template and what is passed on. Pure."""

from collections.abc import Mapping
from datetime import UTC

from adapters.contract import Forwarded, Outbound
from adapters.mail.layout import framed, signed
from adapters.mail.quoting import MARKER
from adapters.mail.settings import MailSettings
from adapters.text import escape, to_html, to_plain, with_choices

_AGENT = {"zh": "{name}（工号 {number}）", "en": "{name} (agent {number})"}
_FORWARD = {
    "zh": ("转发的邮件", "发件人：", "时间：", "主题：", "收件人："),
    "en": ("Forwarded message", "From: ", "Date: ", "Subject: ", "To: "),
}


def bodies(outbound: Outbound, settings: MailSettings) -> tuple[str, str]:
    """Return the plain and the HTML body; our marker line stands above both, unless nobody is asked to reply here."""
    source = with_choices(outbound.text, outbound.choices)
    values = _values(outbound, settings)
    plain, html = to_plain(source), f"<div>{to_html(source)}</div>"
    below = _signature(outbound, settings, values)
    if settings.template.written:
        plain, html = framed(
            settings.template,
            outbound.lang,
            values,
            {"body": plain, "signature": below[0]},
            {"body": html, "signature": below[1]},
        )
        below = ("", "") if _places_signature(outbound, settings) else below
    plain, html = "\n\n".join(one for one in (plain, below[0]) if one), html + below[1]
    if outbound.forwarded is not None:
        original = _original(outbound.forwarded, outbound.lang)
        plain, html = f"{plain}\n\n{original}", f"{html}<p>{escape(original)}</p>"
    else:
        plain = f"-- {MARKER} --\n\n{plain}"
        html = f'<p style="color:#888;font-size:small">-- {escape(MARKER)} --</p>{html}'
    return f"{plain}\n", f'<html lang="{escape(outbound.lang)}"><body>{html}</body></html>\n'


def _values(outbound: Outbound, settings: MailSettings) -> Mapping[str, str]:
    is_agent = outbound.author == "agent"
    return {
        "name": (outbound.agent_name or "") if is_agent else "",
        "number": (outbound.agent_number or "") if is_agent else "",
        "ticket": outbound.ticket or "",
        "address": settings.address,
        "house": settings.name,
    }


def _signature(outbound: Outbound, settings: MailSettings, values: Mapping[str, str]) -> tuple[str, str]:
    if settings.signature.written:
        plain, html = signed(settings.signature, outbound.lang, values)
        return plain, f"<div>{html}</div>" if html else ""
    name, number = values["name"], values["number"]
    if not name:
        return "", ""
    form = _AGENT[_family(outbound.lang)]
    plain = form.format(name=name, number=number) if number else name
    return plain, f"<p>{escape(plain)}</p>"


def _places_signature(outbound: Outbound, settings: MailSettings) -> bool:
    return "{signature}" in settings.template.in_(outbound.lang)[0]


def _original(it: Forwarded, lang: str) -> str:
    """The message passed on, with who wrote it when: all of its words, since whoever gets it has not seen them."""
    title, by, at, subject, to = _FORWARD[_family(lang)]
    writer = f"{it.name} <{it.address}>" if it.name and it.address else it.address or it.name or ""
    lines = [f"---------- {title} ----------"]
    lines += [f"{by}{writer}"] if writer else []
    lines += [f"{at}{it.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"] if it.at else []
    lines += [f"{subject}{it.subject}"] if it.subject else []
    lines += [f"{to}{it.to}"] if it.to else []
    return "\n".join(" ".join(line.split()) for line in lines) + "\n\n" + it.text


def _family(lang: str) -> str:
    return "zh" if lang.lower().startswith("zh") else "en"
