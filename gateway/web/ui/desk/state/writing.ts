/** From the composer to the gateway: sending, saving notes, uploading, and telling the customer that we type. */
import { signal } from "@preact/signals";
import { addressesIn, noAddresses } from "../addresses";
import type { Api } from "../api";
import type { DraftKind } from "../drafts";
import type { Ports } from "../ports";
import { t } from "../words";
import type { Actions } from "./actions";
import type { createComposer } from "./composer";
import { type createNotices, inWords } from "./notices";
import type { Sending } from "./sending";

const TYPING_MS = 4000;

export function createWriting(
  api: Api,
  ports: Pick<Ports, "now">,
  composer: ReturnType<typeof createComposer>,
  sending: Sending,
  actions: Actions,
  notices: ReturnType<typeof createNotices>,
) {
  const uploading = signal<{ number: string; name: string }[]>([]);
  let toldTyping = 0;

  const attachOne = async (number: string, file: File) => {
    const mark = { number, name: file.name };
    uploading.value = [...uploading.value, mark];
    try {
      const stored = await api.attach(file);
      const files = composer.filesOf(number);
      files.value = [...files.value, stored];
    } catch (error) {
      notices.say(t("compose.attachFailed", { name: file.name, why: inWords(error) }));
    } finally {
      uploading.value = uploading.value.filter((one) => one !== mark);
    }
  };

  return {
    uploading,
    attach: (number: string, files: File[]) => Promise.all(files.map((file) => attachOne(number, file))),
    /** The field is emptied at once; a reply that fails stays in the conversation, red, with its words. */
    submit: async (number: string, kind: DraftKind) => {
      const text = composer.textOf(number, kind).peek().trim();
      const files = composer.filesOf(number);
      if (kind === "note") {
        const isSaved = await actions.note(number, text);
        if (isSaved && composer.textOf(number, "note").peek().trim() === text) composer.write(number, "note", "");
        return;
      }
      if (composer.isBlocked(number)) return;
      const others = composer.othersOf(number);
      const cc = addressesIn(others.peek()?.cc ?? "");
      const bcc = addressesIn(others.peek()?.bcc ?? "");
      const wrong = noAddresses([...cc, ...bcc]);
      if (wrong.length) {
        notices.say(t("compose.noAddress", { what: wrong.join(", ") }));
        return;
      }
      const attachments = files.peek();
      const given = composer.promisesOf(number);
      const promises = given.peek().filter((one) => text.includes(one.text));
      composer.write(number, "reply", "");
      files.value = [];
      others.value = null;
      given.value = [];
      await sending.send(number, text, attachments, { cc, bcc, promises });
    },
    typed: (number: string, kind: DraftKind, text: string) => {
      composer.write(number, kind, text);
      if (kind !== "reply" || !text.trim() || ports.now() - toldTyping < TYPING_MS) return;
      toldTyping = ports.now();
      // Best effort: nobody needs to hear that a courtesy failed.
      api.typing(number).catch(() => undefined);
    },
  };
}
