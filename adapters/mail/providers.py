"""What is known of mail providers: hosts, ports and habits, so that an operator need not look them up.

As commonly known; nothing of it was tried against the providers' own servers.
Every setting that is written down wins over what stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Provider = Literal[
    "custom",
    "qq",
    "exmail",
    "163",
    "126",
    "yeah",
    "qiye163",
    "aliyun",
    "gmail",
    "outlook",
    "microsoft365",
    "exchange",
]
NAMES: tuple[str, ...] = get_args(Provider)

_GOOGLE = "https://oauth2.googleapis.com/token"
_MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0/token"
_MICROSOFT_SCOPE = (
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One provider's defaults; an empty host must be set by the operator."""

    imap_host: str = ""
    smtp_host: str = ""
    smtp_security: str = "tls"
    idle: bool = True
    plus_addressing: bool = False
    daily_limit: int | None = None
    """Mails a day that the provider lets an account send; None where none is published or known."""
    per_minute: int | None = None
    token_url: str = ""
    scope: str = ""


def _netease(domain: str) -> Preset:
    return Preset(imap_host=f"imap.{domain}", smtp_host=f"smtp.{domain}", idle=False, daily_limit=200)


PRESETS: Mapping[str, Preset] = {
    "qq": Preset(imap_host="imap.qq.com", smtp_host="smtp.qq.com", daily_limit=500),
    "exmail": Preset(imap_host="imap.exmail.qq.com", smtp_host="smtp.exmail.qq.com", daily_limit=1000),
    "163": _netease("163.com"),
    "126": _netease("126.com"),
    "yeah": _netease("yeah.net"),
    "qiye163": Preset(imap_host="imap.qiye.163.com", smtp_host="smtp.qiye.163.com", idle=False),
    "aliyun": Preset(imap_host="imap.qiye.aliyun.com", smtp_host="smtp.qiye.aliyun.com"),
    "gmail": Preset(
        imap_host="imap.gmail.com",
        smtp_host="smtp.gmail.com",
        plus_addressing=True,
        daily_limit=500,
        token_url=_GOOGLE,
        scope="https://mail.google.com/",
    ),
    "outlook": Preset(
        imap_host="outlook.office365.com",
        smtp_host="smtp-mail.outlook.com",
        smtp_security="starttls",
        plus_addressing=True,
        daily_limit=300,
        token_url=_MICROSOFT,
        scope=_MICROSOFT_SCOPE,
    ),
    "microsoft365": Preset(
        imap_host="outlook.office365.com",
        smtp_host="smtp.office365.com",
        smtp_security="starttls",
        plus_addressing=True,
        daily_limit=10_000,
        per_minute=30,
        token_url=_MICROSOFT,
        scope=_MICROSOFT_SCOPE,
    ),
    "exchange": Preset(smtp_security="starttls"),
}


def filled(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables of a mail channel with everything put in that the provider and the channel share out.

    ``login``, ``password`` and ``oauth2`` of the channel are meant for IMAP and SMTP alike.
    """
    told = dict(data)
    preset = PRESETS.get(str(told.get("provider", "custom")))
    if preset is not None:
        told.setdefault("plus_addressing", preset.plus_addressing)
        if told.get("oauth2") is not None:
            told["oauth2"] = _endpoint(told["oauth2"], preset)
    is_sending = "smtp" in told or (preset is not None and bool(preset.smtp_host))
    shared = {name: told.pop(name) for name in ("login", "password", "oauth2") if told.get(name) is not None}
    if (shared or preset is not None) and isinstance(told.get("imap", {}), Mapping):
        told["imap"] = _imap(dict(told.get("imap", {})), preset, shared, str(told.get("address", "")))
    if told.pop("receive_only", False) is True:
        told.pop("smtp", None)
        told["receive_only"] = True
    elif is_sending and (shared or preset is not None) and isinstance(told.get("smtp", {}), Mapping):
        told["smtp"] = _smtp(dict(told.get("smtp", {})), preset, shared, str(told.get("address", "")))
    return told


def _imap(
    table: dict[str, Any], preset: Preset | None, shared: Mapping[str, Any], address: str
) -> dict[str, Any]:
    _log_in(table, shared, address)
    if preset is not None:
        table.setdefault("login", shared.get("login") or address)
        if preset.imap_host:
            table.setdefault("host", preset.imap_host)
        table.setdefault("idle", preset.idle)
        if table.get("oauth2") is not None:
            table["oauth2"] = _endpoint(table["oauth2"], preset)
    return table


def _smtp(
    table: dict[str, Any], preset: Preset | None, shared: Mapping[str, Any], address: str
) -> dict[str, Any]:
    if preset is None:
        if "login" in table or "login" in shared:  # a relay that wants no login is left in peace
            _log_in(table, shared, address)
        return table
    _log_in(table, shared, address)
    if preset.smtp_host:
        table.setdefault("host", preset.smtp_host)
    table.setdefault("security", preset.smtp_security)
    for name in ("daily_limit", "per_minute"):
        table.setdefault(name, getattr(preset, name))
    if table.get("oauth2") is not None:
        table["oauth2"] = _endpoint(table["oauth2"], preset)
    return table


def _log_in(table: dict[str, Any], shared: Mapping[str, Any], address: str) -> None:
    """Put in the shared login; a table that has a password or tokens of its own keeps to them."""
    if "password" not in table and "oauth2" not in table:
        for name in ("password", "oauth2"):
            if name in shared:
                table[name] = shared[name]
    if "password" in table or "oauth2" in table:
        table.setdefault("login", shared.get("login") or address)


def _endpoint(table: Any, preset: Preset) -> Any:
    if not isinstance(table, Mapping):
        return table
    usual = {
        name: getattr(preset, name)
        for name in ("token_url", "scope")
        if name not in table and preset.token_url
    }
    return {**table, **usual}
