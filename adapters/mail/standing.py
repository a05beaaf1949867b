"""How a sending domain stands in the DNS, in sentences: whether its mail will be believed."""

from adapters.mail.line import Line
from adapters.mail.records import Lookup, NoDns, Records, records_of


async def domain_lines(domain: str, lookup: Lookup) -> list[Line]:
    """Return how SPF, DKIM and DMARC of a domain stand; skipped where no DNS answers."""
    try:
        found = await records_of(domain, lookup)
    except (NoDns, UnicodeError) as error:
        return [
            Line(
                check="domain",
                level="skipped",
                zh=f"未检查 {domain} 的 SPF、DKIM、DMARC：DNS 无应答（{error}）。",
                en=f"SPF, DKIM and DMARC of {domain} were not looked at: the DNS does not answer ({error}).",
            )
        ]
    return [_spf(domain, found), _dkim(domain, found), _dmarc(domain, found)]


def _spf(domain: str, found: Records) -> Line:
    if found.spf_count == 1 and found.spf is not None:
        return Line(check="domain.spf", zh=f"SPF：{found.spf[:200]}", en=f"SPF: {found.spf[:200]}")
    return Line(
        check="domain.spf",
        level="warning",
        zh=f"{domain} 有 {found.spf_count} 条 SPF 记录，应恰好一条。",
        en=f"{domain} has {found.spf_count} SPF records; it should have exactly one.",
        remedy_zh="请发布一条 TXT 记录，如 “v=spf1 include:<邮件服务商> -all”。",
        remedy_en="Publish one TXT record such as “v=spf1 include:<your provider> -all”.",
    )


def _dkim(domain: str, found: Records) -> Line:
    if found.dkim:
        names = ", ".join(found.dkim)
        return Line(check="domain.dkim", zh=f"找到 DKIM 公钥：{names}", en=f"DKIM keys found: {names}")
    return Line(
        check="domain.dkim",
        level="warning",
        zh=f"在常用的选择器下没有找到 {domain} 的 DKIM 公钥。",
        en=f"No DKIM key of {domain} under any of the usual selectors.",
        remedy_zh="若服务商用别的选择器可忽略；否则请在服务商处开启 DKIM。",
        remedy_en="Pass over this if the provider uses another selector; else switch DKIM on there.",
    )


def _dmarc(domain: str, found: Records) -> Line:
    if found.dmarc:
        return Line(check="domain.dmarc", zh=f"DMARC：{found.dmarc[:200]}", en=f"DMARC: {found.dmarc[:200]}")
    return Line(
        check="domain.dmarc",
        level="warning",
        zh=f"{domain} 没有 DMARC 记录。",
        en=f"{domain} has no DMARC record.",
        remedy_zh=f"请在 _dmarc.{domain} 发布 TXT 记录，如 “v=DMARC1; p=quarantine”。",
        remedy_en=f"Publish a TXT record at _dmarc.{domain}, such as “v=DMARC1; p=quarantine”.",
    )
