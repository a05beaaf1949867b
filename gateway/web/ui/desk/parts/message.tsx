/** One message: who said it, when, why (the bot), and whether it arrived. */
import { useDesk } from "../desk";
import { questionBefore } from "../merge";
import { writeKnowledge } from "../route";
import { reason, worthSaying } from "../state/reasons";
import type { Message } from "../types";
import { fullTime, t, timeOfDay, word } from "../words";
import { AttachmentList } from "./attachments";
import { DeliveryState } from "./delivery";
import { Icon } from "./icon";
import { Labels } from "./labels";
import { Reveal } from "./later";
import { Text } from "./text";
import { Whole } from "./whole";
import "./message.css";

export function MessageLine({ message, number }: { message: Message; number: string }) {
  const side = message.author === "customer" ? "in" : message.author === "system" ? "middle" : "out";
  return (
    <article
      class={`message message-${side} message-${message.author}`}
      data-testid="message"
      data-author={message.author}
      data-seq={message.seq}
    >
      <header class="message-head">
        {message.author === "bot" && <Icon name="robot" />}
        <Author message={message} />
        <time dateTime={message.at} title={fullTime(message.at)}>
          {timeOfDay(message.at)}
        </time>
        {message.edited && <span>{t("message.edited")}</span>}
      </header>
      <Labels labels={message.labels} />
      <div class="bubble">
        {message.raw && (
          <p class="message-raw">
            <Icon name="warn" />
            {t("message.raw")}
          </p>
        )}
        {isErased(message) ? (
          <em data-testid="erased">{t("message.erased")}</em>
        ) : (
          <Text text={message.text} isMarked={message.author !== "customer"} />
        )}
        {message.covered && <Reveal number={number} place={["messages", String(message.seq)]} />}
        <Whole message={message} number={number} />
        <Choices message={message} />
        <AttachmentList attachments={message.attachments} />
        <Problems problems={worthSaying(message.problems, message.labels)} />
      </div>
      <footer class="message-foot">
        {message.author === "bot" && message.because && <Because message={message} because={message.because} />}
        {message.author !== "customer" && <DeliveryState delivery={message.delivery} id={message.id} number={number} />}
        <ForwardButton message={message} />
      </footer>
    </article>
  );
}

/** Its words were erased with the person or over their time, and its id with them. */
const isErased = (message: Message) => !message.text && message.id.startsWith("erased:");

function Author({ message }: { message: Message }) {
  const { session, conversation } = useDesk();
  const { agent, author } = message;
  const contact = conversation.ticket.value?.contact.name;
  if (author === "customer") return <strong>{contact || t("author.customer")}</strong>;
  if (!agent) return <strong>{word("author", author)}</strong>;
  const isMe = agent.number === session.me.value?.agent.number;
  return <strong>{t("author.numbered", { name: isMe ? t("author.you") : agent.name, number: agent.number })}</strong>;
}

/** Only mail is passed on, and only by whoever may answer. */
function ForwardButton({ message }: { message: Message }) {
  const { channels, conversation, dialog, forwarding, mailroom, session } = useDesk();
  const ticket = conversation.ticket.value;
  const isTheirs = ticket?.agent && ticket.agent.number !== session.me.value?.agent.number;
  if (!ticket || message.author === "system" || isTheirs || channels.kindOf(ticket.channel) !== "mail" || !mailroom.may("ticket.forward")) return null;
  const open = () => {
    forwarding.value = message;
    dialog.value = "forward";
  };
  return (
    <button type="button" class="link message-forward" data-testid="forward" onClick={open}>
      <Icon name="forward" />
      {t("forward.button")}
    </button>
  );
}

function Choices({ message }: { message: Message }) {
  if (message.choices.length === 0) return null;
  return (
    <ul class="choices" aria-label={t("message.choices")}>
      {message.choices.map((choice) => (
        <li key={choice.id}>{choice.label}</li>
      ))}
    </ul>
  );
}

function Problems({ problems }: { problems: string[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="message-problems" aria-label={t("message.problems")} data-testid="problems">
      {problems.map((one) => (
        <li key={one}>
          <Icon name="warn" />
          <span>{reason(one)}</span>
        </li>
      ))}
    </ul>
  );
}

function Because({ message, because }: { message: Message; because: string }) {
  const { conversation, knowledge } = useDesk();
  const asked = questionBefore(conversation.page.value?.messages ?? [], message.seq);
  return (
    <details class="because">
      <summary>{t("message.because")}</summary>
      <p>
        {reason(because)}
        {asked && knowledge.may("knowledge.try") && (
          <a class="because-try" href={writeKnowledge({ page: "try", item: asked })} data-testid="why">
            {t("message.tryAgain")}
          </a>
        )}
      </p>
    </details>
  );
}
