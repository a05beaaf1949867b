/** Writing: a reply to the customer or a note to colleagues, each with its own draft. */
import { useDesk } from "../desk";
import type { DraftKind } from "../drafts";
import type { Ticket } from "../types";
import { t, word } from "../words";
import { FileButton, FileChips } from "./files";
import { Icon } from "./icon";
import { DraftGuard } from "./later";
import { OthersButton, OthersFields } from "./others";
import "./composer.css";

export const COMPOSER_ID = "composer-text";

export function Composer({ ticket }: { ticket: Ticket }) {
  const { tab } = useDesk();
  const kind = tab.value;
  return (
    <section class={`composer composer-${kind}`} aria-label={t("compose.label")}>
      <Tabs />
      <div role="tabpanel" id="composer-panel" aria-labelledby={`tab-${kind}`}>
        {kind === "note" ? <Field ticket={ticket} kind="note" /> : <ReplyField ticket={ticket} />}
      </div>
    </section>
  );
}

function Tabs() {
  const { tab } = useDesk();
  const turn = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    tab.value = tab.value === "reply" ? "note" : "reply";
    document.getElementById(`tab-${tab.value}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t("compose.label")} onKeyDown={turn}>
      {(["reply", "note"] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          role="tab"
          id={`tab-${kind}`}
          aria-controls="composer-panel"
          aria-selected={tab.value === kind}
          tabIndex={tab.value === kind ? 0 : -1}
          onClick={() => (tab.value = kind)}
        >
          {kind === "note" && <Icon name="lock" />}
          {t(`compose.${kind}`)}
        </button>
      ))}
    </div>
  );
}

/** A reply needs a ticket of one's own, so that two people never answer over each other. */
function ReplyField({ ticket }: { ticket: Ticket }) {
  const { actions, session, dialog } = useDesk();
  if (ticket.spam !== null) {
    return (
      <Instead words={t("compose.spam")}>
        <button type="button" class="button" onClick={() => (dialog.value = "notSpam")}>
          {t("notSpam.submit")}
        </button>
      </Instead>
    );
  }
  if (ticket.status === "resolved" || ticket.status === "closed") {
    return (
      <Instead words={t("compose.done", { status: word("status", ticket.status) })}>
        <button type="button" class="button" onClick={() => (dialog.value = "reopen")}>
          {t("act.reopen")}
        </button>
      </Instead>
    );
  }
  if (!ticket.agent) {
    return (
      <Instead words={t("compose.claimFirst")}>
        <button type="button" class="button button-main" onClick={() => void actions.claim(ticket)}>
          {t("compose.claim")}
        </button>
      </Instead>
    );
  }
  if (ticket.agent.number !== session.me.value?.agent.number) {
    return (
      <Instead words={t("compose.others", { ...ticket.agent })}>
        <button type="button" class="button" onClick={() => (dialog.value = "takeOver")}>
          {t("compose.takeOver")}
        </button>
      </Instead>
    );
  }
  return <Field ticket={ticket} kind="reply" />;
}

function Instead({ words, children }: { words: string; children: preact.ComponentChildren }) {
  return (
    <div class="composer-instead">
      <p>{words}</p>
      {children}
    </div>
  );
}

function Field({ ticket, kind }: { ticket: Ticket; kind: DraftKind }) {
  const { channels, composer, writing } = useDesk();
  const { number } = ticket;
  const text = composer.textOf(number, kind);
  const isEmpty = text.value.trim() === "" && (kind === "note" || composer.filesOf(number).value.length === 0);
  const submit = () => {
    if (!isEmpty) void writing.submit(number, kind);
  };
  const isMail = kind === "reply" && channels.kindOf(ticket.channel) === "mail";
  return (
    <>
      {isMail && <OthersFields number={number} />}
      <textarea
        id={COMPOSER_ID}
        class="composer-text"
        rows={3}
        dir="auto"
        aria-label={t(kind === "reply" ? "compose.replyField" : "compose.noteField")}
        placeholder={kind === "reply" ? t("compose.replyPlaceholder", { name: ticket.contact.name || t("author.customer") }) : t("compose.notePlaceholder")}
        value={text.value}
        onInput={(event) => writing.typed(number, kind, event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
          if (event.key === "Escape") event.currentTarget.blur();
        }}
        onPaste={(event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          if (kind === "reply" && files.length) {
            event.preventDefault();
            void writing.attach(number, files);
          }
        }}
      />
      {kind === "reply" && <DraftGuard number={number} />}
      {kind === "reply" && <FileChips number={number} />}
      <div class="composer-foot">
        {kind === "reply" && <FileButton number={number} />}
        {isMail && <OthersButton number={number} />}
        <span class="composer-hint">
          {text.value.trim() !== "" && `${t("compose.draftKept")} · `}
          {t("compose.keys")}
        </span>
        <button type="button" class="button button-main" disabled={isEmpty || (kind === "reply" && composer.isBlocked(number))} onClick={submit} data-testid="send">
          <Icon name={kind === "reply" ? "send" : "lock"} />
          {t(kind === "reply" ? "compose.send" : "compose.saveNote")}
        </button>
      </div>
    </>
  );
}
