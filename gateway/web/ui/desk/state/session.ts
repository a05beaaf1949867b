/** Who sits here, and whether they are online. */
import { signal } from "@preact/signals";
import { type Api, Problem } from "../api";
import type { Me, Presence } from "../types";
import { t } from "../words";
import { inWords } from "./notices";

/** `step`: the password was right, something is still owed. */
export type Phase = "asking" | "out" | "step" | "in";

export function createSession(api: Api) {
  const me = signal<Me | null>(null);
  const phase = signal<Phase>("asking");
  /** Why the sign-in form is shown or was refused. */
  const said = signal<string>("");

  const enter = (found: Me) => {
    me.value = found;
    said.value = "";
    phase.value = (found.stage ?? "in") === "in" ? "in" : "step";
  };
  const leave = (why: string) => {
    me.value = null;
    said.value = why;
    phase.value = "out";
  };

  return {
    me,
    phase,
    said,
    /** A step of the sign-in was taken elsewhere: go on with what came of it. */
    enter,
    /** A request was refused because nobody is signed in any more. */
    expired: () => {
      if (phase.value === "in" || phase.value === "step") leave(t("signin.expired"));
    },
    ask: async () => {
      try {
        enter(await api.me());
      } catch (error) {
        leave(error instanceof Problem && error.status === 401 ? "" : inWords(error));
      }
    },
    signIn: async (login: string, password: string) => {
      try {
        enter(await api.signIn(login, password));
      } catch (error) {
        leave(refusal(error));
      }
    },
    signOut: async () => {
      await api.signOut().catch(() => undefined);
      leave("");
    },
    setPresence: async (state: Presence) => {
      await api.setPresence(state);
      if (me.value) me.value = { ...me.value, agent: { ...me.value.agent, state } };
    },
    /** The gateway says that the agent's state changed, perhaps in another window. */
    heardPresence: (number: string, state: Presence) => {
      if (me.value?.agent.number === number) me.value = { ...me.value, agent: { ...me.value.agent, state } };
    },
  };
}

export type Session = ReturnType<typeof createSession>;

function refusal(error: unknown): string {
  if (error instanceof Problem && error.status === 401) return t("signin.bad");
  if (error instanceof Problem && error.status === 429) return error.detail || t("signin.tooMany");
  return inWords(error);
}
