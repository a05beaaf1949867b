/** What is on screen: the setup page, the sign-in form, or the desk. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useDesk } from "../desk";
import { language, t } from "../words";
import { DeskView } from "./desk";
import { Setup } from "./setup";
import { SignIn } from "./sign-in";

export function App() {
  const { session, tickets } = useDesk();
  const setupToken = useSignal(location.pathname.startsWith("/desk/setup") ? location.hash.slice(1) : null);
  const waiting = tickets.counts.value.queue;
  useEffect(() => {
    document.documentElement.lang = language.value;
    document.title = session.phase.value === "in" && waiting > 0 ? t("app.title", { n: waiting }) : t("app.name");
  }, [language.value, session.phase.value, waiting]);
  if (setupToken.value !== null) {
    const leave = () => {
      history.replaceState(null, "", "/desk");
      setupToken.value = null;
    };
    return <Setup token={setupToken.value} onDone={leave} />;
  }
  if (session.phase.value === "asking") return <main aria-busy="true" />;
  return session.phase.value === "in" ? <DeskView /> : <SignIn />;
}
