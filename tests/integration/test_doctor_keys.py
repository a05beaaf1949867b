"""What doctor says of the keys: whole, open to others, or not those that the database needs."""

from pathlib import Path

from gateway.clock import SystemClock
from gateway.safety.doctor import doctor
from gateway.safety.finding import Finding
from gateway.sealing.roots import new_root
from gateway.store.root_file import RootFile
from tests.keyring import same_root
from tests.servers.filled import filled, settings_in


async def told(folder: Path) -> dict[str, Finding]:
    found = await doctor(folder / "config.toml", SystemClock())
    return {one.check: one for one in found if one.check in ("root_key", "data_keys")}


async def test_sound_keys_are_said_to_be_sound_and_to_be_copied(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    same_root(settings.data.dir)
    async with filled(settings) as gateway:
        await gateway.say("怎么退货")
    RootFile(settings.data.dir).add(new_root())
    found = await told(tmp_path)
    assert {one.level for one in found.values()} == {"ok"}
    assert "1 old root keys" in found["root_key"].found.en
    assert "Keep a copy apart" in found["root_key"].found.en


async def test_a_key_others_may_read_and_one_that_is_not_the_databases_are_named(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    same_root(settings.data.dir)
    async with filled(settings) as gateway:
        await gateway.say("怎么退货")
    path = settings.data.dir / "keys" / "root.key"
    path.chmod(0o644)
    assert (await told(tmp_path))["root_key"].level == "bad"
    path.unlink()
    RootFile(settings.data.dir).make()
    found = await told(tmp_path)
    assert found["root_key"].level == "ok"
    assert found["data_keys"].level == "bad"
    assert found["data_keys"].remedy is not None
