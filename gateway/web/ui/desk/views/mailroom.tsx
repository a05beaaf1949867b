/** The mail room: mail that could not be read, and blocked senders. */
import { Notices } from "../parts/notices";
import { type MailPlace, writeMail } from "../route";
import { t } from "../words";
import { BlockedSenders } from "./blocked-senders";
import "./knowledge.css"; // the same frame
import "./mailroom.css";
import { UnreadMail } from "./unread-mail";

export function MailroomView({ place }: { place: MailPlace }) {
  return (
    <section class="knowledge" id="mailroom" tabIndex={-1} aria-labelledby="mailroom-title">
      <header class="knowledge-head">
        <h2 id="mailroom-title">{t("mail.title")}</h2>
        <nav class="knowledge-nav" aria-label={t("mail.title")}>
          {(["unread", "blocked"] as const).map((page) => (
            <a
              key={page}
              href={writeMail({ page, item: null })}
              aria-current={place.page === page ? "page" : undefined}
              data-testid={`mail-${page}`}
            >
              {t(`mail.nav.${page}`)}
            </a>
          ))}
        </nav>
      </header>
      <Notices />
      <div class="knowledge-scroll">
        <div class="knowledge-column">{place.page === "blocked" ? <BlockedSenders /> : <UnreadMail item={place.item} />}</div>
      </div>
    </section>
  );
}
