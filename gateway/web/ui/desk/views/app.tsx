/** What is on screen: the setup page, the sign-in form, or the desk. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useDesk } from "../desk";
import { lazily } from "../lazily";
import type { LinkPurpose } from "../types-access";
import { addWords, language, t } from "../words";
import { DeskView } from "./desk";
import { Setup } from "./setup";
import { SignIn } from "./sign-in";

const SecondStep = lazily<object>(() => Promise.all([import("./second-step"), addWords("access")]).then(([page]) => page.SecondStep));
const Redeem = lazily<{ purpose: LinkPurpose; token: string; onDone: () => void }>(() =>
  Promise.all([import("./redeem"), addWords("access")]).then(([page]) => page.Redeem),
);

export function App() {
  const { session, tickets } = useDesk();
  /** A one-time link: the address says what it is for, its token stands after the `#`. */
  const link = useSignal(linkOf(location.pathname, location.hash));
  const waiting = tickets.counts.value.queue;
  useEffect(() => {
    document.documentElement.lang = language.value;
    document.title = session.phase.value === "in" && waiting > 0 ? t("app.title", { n: waiting }) : t("app.name");
  }, [language.value, session.phase.value, waiting]);
  if (link.value !== null) {
    const { purpose, token } = link.value;
    const leave = () => {
      history.replaceState(null, "", "/desk");
      link.value = null;
    };
    return purpose === "setup" ? <Setup token={token} onDone={leave} /> : <Redeem purpose={purpose} token={token} onDone={leave} />;
  }
  if (session.phase.value === "asking") return <main aria-busy="true" />;
  if (session.phase.value === "step") return <SecondStep />;
  return session.phase.value === "in" ? <DeskView /> : <SignIn />;
}

function linkOf(path: string, hash: string): { purpose: LinkPurpose | "setup"; token: string } | null {
  const purpose = (["setup", "invite", "reset"] as const).find((one) => path === `/desk/${one}`);
  return purpose ? { purpose, token: hash.slice(1) } : null;
}
