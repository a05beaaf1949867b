/** What an agent must see of a message at a glance: not verified, encrypted, signed, automatic, spam. */
import { word } from "../words";
import { Icon, type IconName } from "./icon";
import "./labels.css";

const ALARMING = ["forged", "spam", "blocked"];
const DOUBTFUL = ["unverified", "encrypted", "automatic"];
const ICONS: Record<string, IconName> = { encrypted: "lock", signed: "check", calendar: "clock", automatic: "robot" };

export function Labels({ labels }: { labels: string[] }) {
  if (labels.length === 0) return null;
  return (
    <ul class="labels" data-testid="labels">
      {labels.map((one) => (
        <li key={one} class={`label ${ALARMING.includes(one) ? "label-late" : DOUBTFUL.includes(one) ? "label-warn" : ""}`} data-label={one} title={word("labelHint", one)}>
          <Icon name={ICONS[one] ?? (ALARMING.includes(one) || DOUBTFUL.includes(one) ? "warn" : "info")} />
          {word("label", one)}
        </li>
      ))}
    </ul>
  );
}
