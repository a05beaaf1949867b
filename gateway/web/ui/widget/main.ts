/** Defines <intake-chat>: the only thing the script does by itself. */
import { elementOf } from "./element";

const script = document.currentScript;
const home = script instanceof HTMLScriptElement && script.src ? new URL(script.src).origin : location.origin;
if (!customElements.get("intake-chat")) customElements.define("intake-chat", elementOf(home));
