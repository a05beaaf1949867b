/** What was done and what went wrong, spoken politely or at once. It takes room of its own, so that it covers nothing. */
import { useDesk } from "../desk";
import { t } from "../words";
import { Icon } from "./icon";
import "./notices.css";

export function Notices() {
  const { notices } = useDesk();
  const of = (kind: "done" | "wrong") => notices.notices.value.filter((one) => one.kind === kind);
  return (
    <div class="notices">
      <div role="status" aria-live="polite">
        {of("done").map((one) => (
          <p key={one.id} class="notice notice-done" data-testid="notice-done">
            <Icon name="check" />
            {one.text}
          </p>
        ))}
      </div>
      <div role="alert">
        {of("wrong").map((one) => (
          <p key={one.id} class="notice notice-wrong" data-testid="notice-wrong">
            <Icon name="warn" />
            <span>{one.text}</span>
            <button type="button" class="icon-button" aria-label={t("notice.close")} onClick={() => notices.dismiss(one.id)}>
              <Icon name="close" />
            </button>
          </p>
        ))}
      </div>
    </div>
  );
}
