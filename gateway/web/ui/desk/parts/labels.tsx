/** What an agent must see of a message at a glance: not verified, encrypted, signed, automatic, spam. */
import { word } from "../words";
import { Icon, type IconName } from "./icon";
import "./labels.css";

const ALARMING = ["forged", "spam", "blocked", "complaint", "bounce"];
const DOUBTFUL = ["unverified", "unsafe", "pending", "encrypted", "automatic"];
const ICONS: Record<string, IconName> = { encrypted: "lock", signed: "check", calendar: "clock", automatic: "robot", "auto-reply": "robot", forwarded: "forward" };

export function Labels({ labels }: { labels: string[] }) {
  if (labels.length === 0) return null;
  // Which kind of automatic mail says more than that it is one.
  const kinds = labels.filter((one) => inWords("automatic", one) !== null);
  const shown = kinds.length ? labels.filter((one) => one !== "automatic") : labels;
  return (
    <ul class="labels" data-testid="labels">
      {shown.map((one) => (
        <li key={one} class={`label ${ALARMING.includes(one) ? "label-late" : DOUBTFUL.includes(one) ? "label-warn" : ""}`} data-label={one} title={inWords("labelHint", one) ?? undefined}>
          <Icon name={ICONS[one] ?? (ALARMING.includes(one) || DOUBTFUL.includes(one) ? "warn" : "info")} />
          {inWords("label", one) ?? word("automatic", one)}
        </li>
      ))}
    </ul>
  );
}

function inWords(family: string, label: string): string | null {
  const said = word(family, label);
  return said === label ? null : said;
}
