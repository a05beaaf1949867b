"""How the world reaches us: the public address, proxies, TLS files."""

import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from gateway.errors import Said
from gateway.safety.finding import Finding
from gateway.settings import Settings

_SOON = 14 * 24 * 3600


def public_address(settings: Settings) -> Iterator[Finding]:
    """The public address: there for channels that are called from outside, and secure."""
    server = settings.server
    called = [
        one.name for one in settings.channels.values() if getattr(one.settings, "mode", "") == "webhook"
    ]
    url = server.public_url
    if not url and called:
        yield Finding(
            check="public_url",
            found=Said(
                f"通道 {', '.join(called)} 需要外界访问，但没有设置 server.public_url。",
                f"{', '.join(called)} must be called from outside, but server.public_url is not set.",
            ),
            remedy=Said(
                '设置 server.public_url = "https://…"，或把通道改为 mode = "polling"。',
                'Set server.public_url = "https://…", or the channel\'s mode = "polling".',
            ),
        )
    elif not url:
        level: str = "本机" if is_loopback(server.host) else server.host
        yield Finding(
            check="public_url",
            level="ok" if is_loopback(server.host) else "note",
            found=Said(
                f"没有设置 server.public_url；监听 {level}。",
                f"server.public_url is not set; the gateway listens on {server.host}.",
            ),
            remedy=None
            if is_loopback(server.host)
            else Said(
                '设置 server.public_url = "https://…"：邮件中的链接与登录依赖它。',
                'Set server.public_url = "https://…": links in mails and signing in depend on it.',
            ),
        )
    elif url.startswith("http://") and not is_loopback(urlsplit(url).hostname or ""):
        yield Finding(
            check="public_url",
            found=Said(
                f"{url} 未加密：密码与聊天内容可被窃听，登录会被拒绝。",
                f"{url} is not encrypted: signing in is refused, chats can be read on the way.",
            ),
            remedy=Said(
                "使用 https：配置反向代理或 tls_certificate。",
                "Use https: by a proxy, or by tls_certificate.",
            ),
        )
    else:
        yield Finding(
            check="public_url", level="ok", found=Said(f"公开地址 {url}。", f"The world reaches us at {url}.")
        )


def proxies(settings: Settings) -> Iterator[Finding]:
    """Trusted proxies: named where there must be one, and never the whole world."""
    server = settings.server
    if any(network.prefixlen == 0 for network in server.trusted_proxies):
        yield Finding(
            check="trusted_proxies",
            found=Said(
                "server.trusted_proxies 信任所有地址：任何人都能伪造来源，绕过限流。",
                "server.trusted_proxies believes everybody: anyone may claim any address and escape the limits.",
            ),
            remedy=Said(
                '只写代理自己的地址，例如 ["127.0.0.1/32"]。',
                'Name the proxy\'s own address, such as ["127.0.0.1/32"].',
            ),
        )
    elif (
        server.public_url.startswith("https://") and not server.tls_certificate and not server.trusted_proxies
    ):
        yield Finding(
            check="trusted_proxies",
            found=Said(
                "公开地址是 https 而这里没有证书，说明前面有代理，但没有设置 server.trusted_proxies：所有客户会被当作同一地址限流。",
                "The public address is https and no certificate is set here, so a proxy stands in front, but "
                "server.trusted_proxies is empty: all customers look like one address to the limits.",
            ),
            remedy=Said(
                '设置 server.trusted_proxies = ["127.0.0.1/32"]（代理的地址）。',
                'Set server.trusted_proxies = ["127.0.0.1/32"] (the proxy\'s address).',
            ),
        )
    else:
        named = ", ".join(str(network) for network in server.trusted_proxies) or "-"
        yield Finding(
            check="trusted_proxies",
            level="ok",
            found=Said(f"信任的代理：{named}。", f"Trusted proxies: {named}."),
        )


def tls(settings: Settings) -> Iterator[Finding]:
    """The certificate: readable, fitting its key, in date, for the name we are reached by."""
    certificate, key = settings.server.tls_certificate, settings.server.tls_key
    if certificate is None or key is None:
        return
    host = urlsplit(settings.server.public_url).hostname or None
    try:
        ends = shaken_hands(certificate, key, host)
    except ssl.SSLCertVerificationError as error:
        yield _tls(
            f"证书无效：{error.verify_message}", f"The certificate will not do: {error.verify_message}"
        )
    except (ssl.SSLError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        yield _tls(f"证书或私钥无法使用：{reason}", f"Certificate or key cannot be used: {reason}")
    else:
        yield Finding(
            check="tls",
            level="ok",
            found=Said(f"证书有效期至 {ends}。", f"The certificate holds until {ends}."),
        )


def shaken_hands(certificate: Path, key: Path, host: str | None) -> str:
    """Let a client in memory meet a server with this certificate; return until when it holds.

    Raises:
        ssl.SSLError: any client would be turned away, and why.
    """
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(certificate, key)
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asking.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # its own issuer: whom browsers trust is not asked
    asking.load_verify_locations(certificate)
    asking.check_hostname = host is not None
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = asking.wrap_bio(down, up, server_hostname=host)
    server = serving.wrap_bio(up, down, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return str((client.getpeercert() or {}).get("notAfter", "?"))


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches the host."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _tls(zh: str, en: str) -> Finding:
    return Finding(
        check="tls",
        found=Said(zh, en),
        remedy=Said(
            "请续期证书，并检查 server.tls_certificate、server.tls_key 与 server.public_url 的主机名。",
            "Renew the certificate; check server.tls_certificate, server.tls_key and the host of server.public_url.",
        ),
    )


CHECKS = (public_address, proxies, tls)
