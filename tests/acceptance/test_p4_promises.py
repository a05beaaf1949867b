"""P4: the promises are published from the very settings the clocks run on, with version, date and what was kept."""

from datetime import timedelta
from pathlib import Path

from gateway.safety.doctor_promises import promises_findings
from gateway.store import tables as t
from gateway.store.kept import kept_since
from gateway.web.promises import version_of
from tests.acceptance.shop import Shop, open_shop

ALWAYS = "\n".join(
    f'{day} = ["00:00-24:00"]'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)


async def page(shop: Shop, path: str = "/promises?lang=en") -> str:
    async with shop.http.get(path) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_p4_a_changed_setting_is_a_changed_page_with_a_version_and_a_date_of_its_own(
    tmp_path: Path,
) -> None:
    async with open_shop(tmp_path) as shop:
        before = await page(shop)
        assert "in force since 2026-11-23" in before
    async with open_shop(tmp_path, at=shop.clock.now() + timedelta(days=10)) as shop:
        assert await page(shop) == before  # the date is kept
    changed = '[promises]\nfirst_response = { mail = "1h" }\n'
    async with open_shop(tmp_path, changed, at=shop.clock.now() + timedelta(days=20)) as shop:
        after = await page(shop)
    assert "in force since 2026-12-23" in after
    assert before != after


async def test_p4_promises_a_year_old_are_to_be_looked_at(shop: Shop) -> None:
    await page(shop)
    version, now = version_of(shop.house.policy), shop.clock.now()
    for days, level in ((1, "ok"), (366, "note")):
        at = now + timedelta(days=days)
        found = await shop.house.database.read(lambda tx, at=at: list(promises_findings(tx, version, at)))  # type: ignore[misc] # bound now
        assert [one.level for one in found] == [level]


async def test_p4_what_was_kept_is_what_happened(tmp_path: Path) -> None:
    async with open_shop(tmp_path, f'[hours]\nholidays = ""\n{ALWAYS}\n') as shop:
        agent = await shop.agent()
        for n in range(20):
            number = await shop.ticket("转人工")
            await agent.claim(number)
            if n:
                await agent.reply(number, "您好，已为您查询。", id=f"reply-{n:04}")
            else:
                await shop.later(timedelta(minutes=2))  # too late: a minute is promised
                await agent.reply(number, "您好，让您久等了。", id="reply-late")
        now = shop.clock.now()
        kept = await shop.house.database.read(lambda tx: kept_since(tx, now - timedelta(days=30), now))
        assert (kept["first_response"].kept, kept["first_response"].total) == (19, 20)
        text = await page(shop)
        assert "95 % of 20" in text
        assert "too few to say (0)" in text  # of the promises our people made
        assert len(await shop.rows("promise", t.promise.c.kind == "first_response")) == 20
