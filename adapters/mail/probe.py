"""Does this mailbox work? Looked at step by step, each told in a sentence, with what to do about it."""

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import aiosmtplib

from adapters.contract import AdapterError, Context
from adapters.mail.folders import Named
from adapters.mail.imap import wire_of
from adapters.mail.line import Line, failed
from adapters.mail.oauth import Tokens
from adapters.mail.records import Lookup, ask_dns
from adapters.mail.session import Session
from adapters.mail.settings import MailSettings, SmtpSettings
from adapters.mail.smtp import connect
from adapters.mail.standing import domain_lines
from adapters.mail.tls import tls_context

SOON = timedelta(days=14)
SKEW = timedelta(minutes=5)
WANTED = ("IDLE", "MOVE", "UIDPLUS", "SPECIAL-USE", "ID")
DEADLINE = 15.0


async def examine(settings: MailSettings, context: Context, lookup: Lookup = ask_dns) -> list[Line]:
    """Return a line for everything that must hold for the mailbox to work; nothing in it is changed."""
    imap, smtp = settings.imap, settings.smtp
    tokens = Tokens(imap.oauth2, context) if imap.oauth2 else None
    out_tokens = tokens
    if smtp is not None and smtp.oauth2 is not None and smtp.oauth2 != imap.oauth2:
        out_tokens = Tokens(smtp.oauth2, context)
    now = context.clock.now()
    lines = await _reach("imap", imap.host, imap.port, imap.ca_file, now, is_tls=imap.tls)
    if lines[-1].level != "failed":
        lines += await _imap(settings, tokens, now)
    if smtp is None:
        lines.append(
            Line(
                check="smtp",
                level="warning",
                zh="没有设置 SMTP：此邮箱只收不发。",
                en="SMTP is not set: nothing can be answered from this mailbox.",
                remedy_zh="如需回复，请设置 smtp。",
                remedy_en="Set smtp if it shall answer.",
            )
        )
    else:
        found = await _reach("smtp", smtp.host, smtp.port, smtp.ca_file, now, is_tls=smtp.security == "tls")
        lines += found
        if found[-1].level != "failed":
            lines += await _smtp(smtp, settings.max_size, out_tokens)
    return lines + await domain_lines(settings.address.rpartition("@")[2], lookup)


async def _reach(
    check: str, host: str, port: int, ca_file: object, now: datetime, *, is_tls: bool
) -> list[Line]:
    """Resolve, connect and look at the certificate."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(DEADLINE):
            found = await loop.getaddrinfo(host, port, type=1)
    except (OSError, TimeoutError, UnicodeError) as error:
        return [
            failed(
                f"{check}.resolve",
                f"找不到主机 {host}",
                f"The host {host} is not found",
                error,
                f"检查 {check}.host 与本机的 DNS。",
                f"Check {check}.host and this machine's DNS.",
            )
        ]
    count = len({one[4][0] for one in found})
    lines = [
        Line(check=f"{check}.resolve", zh=f"{host} 有 {count} 个地址。", en=f"{host} has {count} addresses.")
    ]
    try:
        async with asyncio.timeout(DEADLINE):
            context = tls_context(ca_file) if is_tls else None
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except ssl.SSLCertVerificationError as error:
        lines.append(
            failed(
                f"{check}.tls",
                f"{host}:{port} 的证书不可信",
                f"The certificate of {host}:{port} is not trusted",
                error,
                f"检查主机名；自有证书请设 {check}.ca_file。校验无法关闭。",
                f"Check the host's name; for a certificate of your own set {check}.ca_file. Checking cannot be switched off.",
            )
        )
    except (OSError, TimeoutError) as error:
        lines.append(
            failed(
                f"{check}.connect",
                f"连不上 {host}:{port}",
                f"{host}:{port} cannot be reached",
                error,
                "检查端口、加密方式与防火墙。",
                "Check port, security and firewall.",
            )
        )
    else:
        lines.append(_certificate(check, host, port, writer, now))
        writer.transport.abort()
    return lines


def _certificate(check: str, host: str, port: int, writer: asyncio.StreamWriter, now: datetime) -> Line:
    told = writer.get_extra_info("peercert") or {}
    if not told:
        return Line(
            check=f"{check}.connect", zh=f"{host}:{port} 可连接。", en=f"{host}:{port} can be reached."
        )
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)
    is_late = ends - now < SOON
    return Line(
        check=f"{check}.tls",
        level="warning" if is_late else "ok",
        zh=f"{host}:{port} 可连接，证书有效至 {ends:%Y-%m-%d}。",
        en=f"{host}:{port} can be reached; its certificate holds until {ends:%Y-%m-%d}.",
        remedy_zh="请尽快更新证书。" if is_late else "",
        remedy_en="Have it renewed soon." if is_late else "",
    )


async def _imap(settings: MailSettings, tokens: Tokens | None, now: datetime) -> list[Line]:
    imap = settings.imap
    try:
        session = await Session.open(imap, tokens)
    except AdapterError as error:
        return [
            failed(
                "imap.login",
                "无法登录",
                "It cannot be logged in",
                error,
                "检查 imap.login 与密码（QQ、163、Gmail 要授权码），并在邮箱设置中开启 IMAP。",
                "Check imap.login and the password (QQ, 163 and Gmail want an authorisation code); allow IMAP for the mailbox.",
            )
        ]
    lines = [Line(check="imap.login", zh=f"以 {imap.login} 登录成功。", en=f"Logged in as {imap.login}.")]
    try:
        lines.append(_capabilities(session, idle_wanted=imap.idle))
        there = await session.folders()
        lines.append(_listed(there))
        for wanted in imap.folders:
            lines += await _folder(session, wanted, there, imap.host, now)
    except AdapterError as error:
        lines.append(
            failed(
                "imap.folders",
                "邮箱文件夹打不开",
                "A folder does not open",
                error,
                "按上面列出的名称设置 imap.folders。",
                "Set imap.folders to names listed above.",
            )
        )
    finally:
        await session.close()
    return lines


def _capabilities(session: Session, *, idle_wanted: bool) -> Line:
    able = [one for one in WANTED if session.can(one)]
    lacking = [one for one in WANTED if not session.can(one)]
    has_idle = "IDLE" in able and idle_wanted
    return Line(
        check="imap.capabilities",
        level="ok" if has_idle else "warning",
        zh=f"服务器支持 {'、'.join(able) or '基本功能'}；没有 {'、'.join(lacking) or '缺项'}。",
        en=f"The server knows {', '.join(able) or 'the basics'}; it lacks {', '.join(lacking) or 'nothing'}.",
        remedy_zh="" if has_idle else "没有 IDLE：按 imap.poll 定时查收，无需处理。",
        remedy_en="" if has_idle else "Without IDLE mail is looked for every imap.poll; nothing to do.",
    )


def _listed(there: Sequence[Named]) -> Line:
    names = [f"{one.name} ({one.role})" if one.role else one.name for one in there if one.selectable]
    shown = ", ".join(names[:20]) + (" …" if len(names) > 20 else "")
    return Line(check="imap.folders", zh=f"文件夹：{shown}", en=f"Folders: {shown}")


async def _folder(
    session: Session, wanted: str, there: Sequence[Named], host: str, now: datetime
) -> list[Line]:
    folder = await session.enter(wire_of(wanted, there, host))
    lines = [
        Line(
            check="imap.folder",
            zh=f"{wanted} 中有 {folder.exists} 封邮件。",
            en=f"{wanted} holds {folder.exists} mails.",
        )
    ]
    newest = await session.uids_after(max(0, (folder.uidnext or 1) - 2))
    received = (
        [one.received_at for one in await session.list_mails(newest[-1:]) if one.received_at]
        if newest
        else []
    )
    if received and received[-1] - now > SKEW:
        lines.append(
            Line(
                check="clock",
                level="warning",
                zh=f"最新邮件的收到时间 {received[-1]:%Y-%m-%d %H:%M:%S %z} 晚于本机时间。",
                en=f"The newest mail was received at {received[-1]:%Y-%m-%d %H:%M:%S %z}, which is later than it is here.",
                remedy_zh="请校对本机与邮件服务器的时钟（NTP）。",
                remedy_en="Set the clocks of this machine and of the mail server (NTP).",
            )
        )
    return lines


async def _smtp(smtp: SmtpSettings, max_size: int, tokens: Tokens | None) -> list[Line]:
    try:
        client = await connect(smtp, tokens)
    except AdapterError as error:
        return [
            failed(
                "smtp.login",
                "SMTP 无法使用",
                "SMTP does not work",
                error,
                "检查 smtp.login、密码与 smtp.security，并在邮箱设置中开启 SMTP。",
                "Check smtp.login, the password and smtp.security; allow SMTP for the mailbox.",
            )
        ]
    lines = [Line(check="smtp.login", zh="SMTP 登录成功。", en="SMTP lets us in.")]
    lines.append(_size(client, max_size))
    client.close()
    limits = [str(one) if one else "–" for one in (smtp.daily_limit, smtp.per_minute)]
    lines.append(
        Line(
            check="smtp.limits",
            zh=f"发送上限：每天 {limits[0]}，每分钟 {limits[1]}（– 为未知）。",
            en=f"Sending limits: {limits[0]} a day, {limits[1]} a minute (– is not known).",
        )
    )
    return lines


def _size(client: aiosmtplib.SMTP, max_size: int) -> Line:
    told = client.esmtp_extensions.get("size", "")
    if not told.isdigit() or int(told) == 0:
        return Line(
            check="smtp.size", zh="服务器没有公布邮件大小上限。", en="The server names no limit of size."
        )
    is_small = int(told) < max_size
    return Line(
        check="smtp.size",
        level="warning" if is_small else "ok",
        zh=f"邮件最大 {int(told) // 1024} KiB。",
        en=f"Mails may have {int(told) // 1024} KiB.",
        remedy_zh="比接收上限小：大附件会被退回。" if is_small else "",
        remedy_en="That is less than what is taken in: large files will be refused." if is_small else "",
    )
