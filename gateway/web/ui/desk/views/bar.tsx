/** The bar on top: is all well, and who am I. */
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { LanguageButton } from "../parts/language";
import { PresenceSwitch } from "../parts/presence";
import { writeAccess, writeBoard } from "../route";
import { t } from "../words";
import "./bar.css";

export function Bar() {
  const { session, dialog, link, knowledge, access, seesTickets } = useDesk();
  const agent = session.me.value?.agent;
  return (
    <header class="bar">
      <h1 class="bar-name">{t("app.name")}</h1>
      {seesTickets() && (<span class={`link-state link-${link.value}`} role="status" data-testid="link-state" data-state={link.value}>
        <span class="dot" aria-hidden="true" />
        {t(`link.${link.value}`)}
      </span>)}
      <ChannelsButton />
      <span class="bar-gap" />
      <Bell />
      <button type="button" class="button button-quiet bar-keys" aria-keyshortcuts="?" onClick={() => (dialog.value = "keys")}>
        <Icon name="keyboard" />
        <span class="bar-word">{t("keys.button")}</span>
      </button>
      <LanguageButton />
      {knowledge.may("state.change") && <PresenceSwitch />}
      {agent && (
        <a class="button button-quiet bar-who" href={writeAccess("me")} data-testid="my-account" aria-current={access.value?.page === "me" ? "page" : undefined}>
          <Icon name="person" />
          <span class="bar-word">
            <span class="unseen">{t("account.mine")}</span>
            {t("account.who", { name: agent.name, number: agent.number })}
          </span>
        </a>
      )}
      <button type="button" class="button button-quiet" data-testid="sign-out" onClick={() => void session.signOut()}>
        <Icon name="leave" />
        <span class="bar-word">{t("account.signOut")}</span>
      </button>
    </header>
  );
}

/** Alarms that nobody has taken note of. */
function Bell() {
  const { unseen, may } = useDesk().board;
  if (!may("alarms.see")) return null;
  const n = unseen.value;
  return (
    <a class={n ? "button button-quiet bell bar-red" : "button button-quiet bell"} href={writeBoard("alarms")} data-testid="bell" data-unseen={n}>
      <Icon name="bell" />
      <span aria-hidden="true">{n || ""}</span>
      <span class="unseen" role="status">{t("board.bell", { n })}</span>
    </a>
  );
}

function ChannelsButton() {
  const { channels, dialog } = useDesk();
  const troubled = channels.troubled.value.length;
  return (
    <button
      type="button"
      class={troubled ? "button button-quiet bar-red" : "button button-quiet"}
      data-testid="channels"
      onClick={() => (dialog.value = "channels")}
    >
      <Icon name={troubled ? "warn" : "plug"} />
      <span class="bar-word">{troubled ? t("channels.down", { n: troubled }) : t("channels.allUp")}</span>
    </button>
  );
}
