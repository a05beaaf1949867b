/** Something arrived that the agent had not read when sending: shown here, and sent only after reading. */
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import type { Unsent } from "../state/sending";
import { t } from "../words";
import { Icon } from "./icon";
import { MessageLine } from "./message";
import { Text } from "./text";
import "./stale-guard.css";

export function StaleGuard({ reply }: { reply: Unsent }) {
  const { sending, composer } = useDesk();
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), [reply.id, reply.missed.length]);
  const edit = () => {
    composer.takeBack(reply.number, reply.text, reply.attachments, reply.cc, reply.bcc, reply.promises);
    sending.dropAfterReading(reply);
  };
  return (
    <section class="guard" role="alertdialog" aria-labelledby="guard-title" tabIndex={-1} ref={box} data-testid="stale-guard">
      <h3 id="guard-title">
        <Icon name="warn" />
        {t("stale.title", { n: reply.missed.length })}
      </h3>
      <div class="guard-missed">
        {reply.missed.map((message) => (
          <MessageLine key={message.id} message={message} number={reply.number} />
        ))}
      </div>
      <p class="guard-hint">{t("stale.hint")}</p>
      <blockquote class="guard-reply">
        <Text text={reply.text} isMarked />
      </blockquote>
      <p class="guard-do">
        <button type="button" class="button" onClick={edit}>
          {t("stale.edit")}
        </button>
        <button type="button" class="button button-main" onClick={() => void sending.sendAfterReading(reply)}>
          {t("stale.send")}
        </button>
      </p>
    </section>
  );
}
