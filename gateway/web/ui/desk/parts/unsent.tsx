/** A reply the gateway has not taken: on its way, or failed, red, with a retry. */
import { useDesk } from "../desk";
import type { Unsent } from "../state/sending";
import { t } from "../words";
import { AttachmentList } from "./attachments";
import { Icon } from "./icon";
import { Text } from "./text";
import "./message.css";
import "./delivery.css";

export function UnsentLine({ reply }: { reply: Unsent }) {
  const { sending, composer } = useDesk();
  const takeBack = () => {
    composer.takeBack(reply.number, reply.text, reply.attachments, reply.cc, reply.bcc, reply.promises);
    sending.drop(reply.id);
  };
  return (
    <article class="message message-out message-agent" data-testid="unsent" data-state={reply.state}>
      <div class="bubble">
        <Text text={reply.text} isMarked />
        <AttachmentList attachments={reply.attachments} />
      </div>
      {reply.state === "sending" ? (
        <span class="message-foot delivery">
          <Icon name="clock" />
          {t("delivery.sending")}
        </span>
      ) : (
        <span class="message-foot delivery delivery-refused" role="alert">
          <Icon name="warn" />
          {t("delivery.unsent")}
          <span class="delivery-error">{reply.why}</span>
          <button type="button" class="link" onClick={() => void sending.again(reply)}>
            {t("delivery.retry")}
          </button>
          <button type="button" class="link" onClick={takeBack}>
            {t("delivery.discard")}
          </button>
        </span>
      )}
    </article>
  );
}
