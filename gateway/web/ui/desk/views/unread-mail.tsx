/** Messages that could not be read: open one as text, download it, have it read again. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { Says } from "../parts/says";
import { writeMail, writeRoute } from "../route";
import { minute } from "../state/now";
import { reason } from "../state/reasons";
import type { Kept } from "../types-mail";
import { clockTime, fullTime, t } from "../words";

export function UnreadMail({ item }: { item: number | null }) {
  const { mailroom } = useDesk();
  const { value, failed } = mailroom.unread;
  const found = value.value;
  return (
    <>
      <p class="knowledge-lead">{t("mail.unread.lead")}</p>
      <Says failed={failed.value} isEmpty={found ? found.length === 0 : undefined} empty={t("mail.unread.none")} />
      {found && found.length > 0 && (
        <ul class="mail-cards" data-testid="quarantine">
          {found.map((one) => (
            <UnreadCard key={one.id} kept={one} isOpen={one.id === item} />
          ))}
        </ul>
      )}
    </>
  );
}

function UnreadCard({ kept, isOpen }: { kept: Kept; isOpen: boolean }) {
  const { mailroom } = useDesk();
  const isBusy = useSignal(false);
  const title = `kept-${kept.id}`;
  const release = async () => {
    isBusy.value = true;
    await mailroom.release(kept.id);
    isBusy.value = false;
  };
  return (
    <li class="card" aria-labelledby={title} data-testid="kept">
      <h3 id={title}>{t("mail.unread.one", { id: kept.id, channel: kept.channel })}</h3>
      <p class="mail-why">
        <Icon name="warn" />
        <span>{reason(kept.error) || t("mail.unread.unknown")}</span>
      </p>
      <p class="mail-facts">
        <time dateTime={kept.received_at} title={fullTime(kept.received_at)}>
          {clockTime(kept.received_at, minute.value)}
        </time>
        {kept.ticket && <a href={writeRoute({ view: "all", number: kept.ticket })}>{kept.ticket}</a>}
      </p>
      {isOpen && <Opened />}
      <div class="mail-do">
        <a
          class="button"
          href={writeMail({ page: "unread", item: isOpen ? null : kept.id })}
          aria-expanded={isOpen}
          role="button"
          data-testid="kept-open"
        >
          {t(isOpen ? "mail.unread.shut" : "mail.unread.open")}
        </a>
        <a class="button" href={`/api/v1/quarantine/${kept.id}/raw`} download>
          <Icon name="file" />
          {t("mail.unread.download")}
        </a>
        {mailroom.may("quarantine.release") && (
          <button type="button" class="button" disabled={isBusy.value} onClick={() => void release()} data-testid="kept-release">
            <Icon name="again" />
            {t("mail.unread.release")}
          </button>
        )}
      </div>
    </li>
  );
}

function Opened() {
  const { mailroom } = useDesk();
  const { value, failed } = mailroom.text;
  if (failed.value) return <p role="alert">{failed.value}</p>;
  if (!value.value) return <p role="status">{t("list.loading")}</p>;
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard */}
      <pre class="mail-raw" tabIndex={0} role="region" aria-label={t("mail.unread.text")} data-testid="kept-text">
        {value.value.text}
      </pre>
      {!value.value.is_whole && <p class="mail-facts">{t("mail.unread.cut")}</p>}
    </>
  );
}
