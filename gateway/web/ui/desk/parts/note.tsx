/** A line only colleagues see: another colour, a lock, and the words that say so. */
import type { Note } from "../types";
import { fullTime, t, timeOfDay } from "../words";
import { DeliveryState } from "./delivery";
import { Icon } from "./icon";
import { Reveal } from "./later";
import { Text } from "./text";
import "./note.css";

export function NoteLine({ note, number }: { note: Note; number: string }) {
  return (
    <article class="note" data-testid="note">
      <header class="note-head">
        <Icon name="lock" />
        <strong>{t("message.note")}</strong>
        <span>{t("message.noteHint")}</span>
        <span class="note-who">{t("author.numbered", { ...note.agent })}</span>
        <time dateTime={note.at} title={fullTime(note.at)}>
          {timeOfDay(note.at)}
        </time>
      </header>
      {note.forward && (
        <p class="note-forward" data-testid="forwarded">
          <Icon name="forward" />
          {t("forward.done", { to: note.forward.to.join(t("reason.list")) })}
        </p>
      )}
      {note.text && <Text text={note.text} isMarked />}
      {note.covered && <Reveal number={number} place={["notes", note.id]} />}
      {note.forward && <DeliveryState delivery={note.forward.delivery} id={null} number={number} />}
    </article>
  );
}
