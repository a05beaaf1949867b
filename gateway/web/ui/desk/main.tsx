/** The agents' desk: mounts into #desk. */
import "./base.css"; // first: parts build on it
import { render } from "preact";
import { createDesk, DeskContext } from "./desk";
import { browserPorts } from "./ports";
import { startClock } from "./state/now";
import { App } from "./views/app";
import { chooseLanguage } from "./words";

const ports = browserPorts();
await chooseLanguage(ports.shelf, navigator.language);
const desk = createDesk(ports);
startClock(() => ports.now() + desk.api.skew, () => desk.live.tick());
desk.follow(location.hash);
desk.run();
addEventListener("hashchange", () => desk.follow(location.hash));
addEventListener("pagehide", () => desk.drafts.flush());
void desk.session.ask();

const root = document.getElementById("desk");
if (root) {
  render(
    <DeskContext.Provider value={desk}>
      <App />
    </DeskContext.Provider>,
    root,
  );
}
