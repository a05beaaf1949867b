/** Online, away until a time, or offline: who is away gets nothing new. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { boardPages } from "../state/board-pages";
import { minute, now } from "../state/now";
import type { Presence } from "../types";
import { clockTime, t, word } from "../words";
import { local } from "./promise-dialogs";

const STATES: Presence[] = ["online", "away", "offline"];
const HALF_HOUR = 30 * 60_000;

export function MyState() {
  const desk = useDesk();
  const { api, act, people } = boardPages(desk);
  const me = desk.session.me.value?.agent;
  const state = useSignal<Presence>(me?.state ?? "offline");
  const back = useSignal(local(now.peek() + HALF_HOUR));
  const known = people.value.value?.people.find((one) => one.number === me?.number)?.back_at;
  const send = async (event: Event) => {
    event.preventDefault();
    const back_at = state.value === "away" && back.value ? new Date(back.value).toISOString() : null;
    const isDone = await act(api.state(state.value, back_at), () => (back_at ? t("state.awayUntil", { time: clockTime(back_at, minute.value) }) : t("state.is", { state: word("presence", state.value) })));
    if (isDone && me) desk.session.heardPresence(me.number, state.value);
  };
  return (
    <form class="card my-state" onSubmit={(event) => void send(event)} aria-labelledby="state-title" data-testid="my-state">
      <h3 id="state-title">{t("presence.label")}</h3>
      <p class="board-facts">
        {t("state.now", { state: word("presence", me?.state) })} {known && t("people.backAt", { time: clockTime(known, minute.value) })}
      </p>
      <fieldset class="ticks">
        <legend class="unseen">{t("presence.label")}</legend>
        {STATES.map((one) => (
          <label key={one}>
            <input type="radio" name="state" value={one} checked={state.value === one} onChange={() => (state.value = one)} />
            {word("presence", one)}
          </label>
        ))}
      </fieldset>
      {state.value === "away" && (
        <div class="field">
          <label for="back-at">{t("state.backAt")}</label>
          <input id="back-at" type="datetime-local" value={back.value} onInput={(event) => (back.value = event.currentTarget.value)} />
          <span class="field-hint">{t("state.awayHint")}</span>
        </div>
      )}
      <p class="board-do">
        <button type="submit" class="button button-main" data-testid="set-state">
          {t("state.set")}
        </button>
      </p>
    </form>
  );
}
