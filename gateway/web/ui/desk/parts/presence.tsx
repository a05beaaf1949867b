/** Online or away, in words, with one click. */
import { useDesk } from "../desk";
import { t, word } from "../words";
import "./presence.css";

export function PresenceSwitch() {
  const { session, notices } = useDesk();
  const state = session.me.value?.agent.state ?? "offline";
  const isOnline = state === "online";
  const turn = () => session.setPresence(isOnline ? "away" : "online").catch(notices.wrong);
  return (
    <button
      type="button"
      class={`presence presence-${state}`}
      role="switch"
      aria-checked={isOnline}
      aria-label={`${t("presence.label")}: ${word("presence", state)}`}
      data-testid="presence"
      onClick={() => void turn()}
    >
      <span class="presence-track" aria-hidden="true" />
      <span>{word("presence", state)}</span>
    </button>
  );
}
