/** Behind "…": a message as it came, with what it quotes; its formatting in a frame where nothing can act. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { asked } from "../state/asked";
import type { Message } from "../types";
import type { Body } from "../types-mail";
import { t } from "../words";
import { Icon } from "./icon";
import { Text } from "./text";
import { useMemo } from "preact/hooks";
import "./whole.css";

export function Whole({ message, number }: { message: Message; number: string }) {
  const { api } = useDesk();
  const isOpen = useSignal(false);
  const body = useMemo(() => asked<Body>(), []);
  if (!message.more) return null;
  const toggle = () => {
    isOpen.value = !isOpen.value;
    if (isOpen.value && !body.value.value) void body.ask(() => api.body(number, message.seq));
  };
  return (
    <div class="whole">
      <button type="button" class="whole-open" aria-expanded={isOpen.value} aria-label={t("message.whole")} title={t("message.whole")} data-testid="whole-open" onClick={toggle}>
        <span aria-hidden="true">···</span>
      </button>
      {isOpen.value && body.failed.value && <p role="alert">{body.failed.value}</p>}
      {isOpen.value && body.isBusy.value && <p role="status">{t("list.loading")}</p>}
      {isOpen.value && body.value.value && <Shown body={body.value.value} number={number} seq={message.seq} />}
    </div>
  );
}

function Shown({ body, number, seq }: { body: Body; number: string; seq: number }) {
  const isFormatted = useSignal(body.html !== null);
  const isRemote = useSignal(false);
  const hasRemote = body.html !== null && body.html.includes('src="remote:');
  return (
    <div class="whole-shown" data-testid="whole">
      {body.html !== null && (
        <div class="whole-head">
          <button type="button" class="link" onClick={() => (isFormatted.value = !isFormatted.value)}>
            {t(isFormatted.value ? "message.asText" : "message.asHtml")}
          </button>
          {hasRemote && isFormatted.value && !isRemote.value && (
            <p class="whole-blocked">
              <Icon name="shield" />
              <span>
                {t("message.remoteBlocked")}{" "}
                <button type="button" class="link" data-testid="show-remote" onClick={() => (isRemote.value = true)}>
                  {t("message.remoteShow")}
                </button>
              </span>
            </p>
          )}
        </div>
      )}
      {isFormatted.value ? <Frame number={number} seq={seq} isRemote={isRemote.value} /> : <Text text={body.text} isMarked={false} />}
    </div>
  );
}

/** Without scripts and without forms; the policy that comes with the page says so a second time. */
function Frame({ number, seq, isRemote }: { number: string; seq: number; isRemote: boolean }) {
  return (
    <iframe
      class="whole-frame"
      title={t("message.frame")}
      data-testid="mail-frame"
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerpolicy="no-referrer"
      src={`/api/v1/tickets/${encodeURIComponent(number)}/messages/${seq}/page${isRemote ? "?remote=show" : ""}`}
      onLoad={(event) => {
        const frame = event.currentTarget;
        frame.style.height = "0"; // or it would be as high as it was, never less
        const height = frame.contentDocument?.documentElement.scrollHeight ?? 0;
        frame.style.height = `${Math.min(Math.max(height, 60), 2000) + 2}px`;
      }}
    />
  );
}
