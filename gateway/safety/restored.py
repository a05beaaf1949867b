"""What a restored database needs before it serves: the keys that open it, its audit witnessed, the erased erased again."""

from gateway.clock import SystemClock
from gateway.privacy import eraser_of
from gateway.safety.keyring_file import KeyringFile
from gateway.safety.manifest import Manifest
from gateway.safety.trouble import NotDone
from gateway.settings import Settings
from gateway.store import audit, checkpoints
from gateway.store.audit_key import newest_key
from gateway.store.checkpoints import Checkpoint
from gateway.store.database import open_database
from gateway.store.migrate import migrate
from gateway.store.root_file import ring_of


def must_have_root(settings: Settings, ring: KeyringFile, clock: SystemClock) -> None:
    """Return if the root keys that wrap a keyring's keys are in their place: without them nothing could be read.

    Raises:
        NotDone: one is not.
    """
    known = {root.kid for root in ring_of(settings, clock.now).roots}
    missing = {row["root"] for row in ring.keys if row["wrapped"] is not None} - known
    if missing:
        names = ", ".join(sorted(missing))
        raise NotDone(
            f"缺少根密钥 {names}：请先把另行保存的 root.key 放回 {settings.data.dir / 'keys'}（权限 0400），再恢复。",
            f"The root key {names} is not here: put the root.key you keep apart back into "
            f"{settings.data.dir / 'keys'} (mode 0400) first, then restore.",
        )


async def after_restore(settings: Settings, manifest: Manifest, clock: SystemClock) -> int:
    """Witness that the audit begins anew where the backup ended, and erase again whom it brought back; return how many."""
    database = open_database(settings.database_url, ring_of(settings, clock.now))
    try:
        migrate(database)
        end, (kid, key) = await database.read(lambda tx: (audit.head(tx), newest_key(tx)))
        one = Checkpoint(kind="restored", seq=end.seq, hash=end.hash, at=clock.now(), kid=kid)
        checkpoints.append(settings.checkpoints, one.sealed(key).as_line())
        erased = await eraser_of(settings, database, clock).repeat()
        await database.write(
            lambda tx: audit.write(
                tx,
                actor="console",
                act="backup.restore",
                now=clock.now(),
                version=manifest.version,
                made_at=manifest.made_at,
                erased=erased,
            )
        )
    finally:
        await database.close()
    return erased
