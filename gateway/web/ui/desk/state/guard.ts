/** What a draft promises and how it is worded, asked for when the typing pauses. */
import { signal } from "@preact/signals";
import type { TicketApi } from "../api-ticket";
import type { Ports } from "../ports";
import type { CheckedDraft, DraftProblem, FoundPromise } from "../types-ticket";
import type { createComposer } from "./composer";

const PAUSE_MS = 400;

export class Guard {
  /** What was found in the present draft; null before it was looked at. */
  readonly found = signal<CheckedDraft | null>(null);
  private cancel = () => {};
  private asked = 0;

  constructor(
    private readonly number: string,
    private readonly api: Pick<TicketApi, "check">,
    private readonly ports: Pick<Ports, "later">,
    private readonly composer: ReturnType<typeof createComposer>,
  ) {}

  /** The draft changed: look at it when nothing has been typed for a while. */
  typed(text: string): void {
    this.cancel();
    const mine = ++this.asked;
    this.forgetUnsaid(text);
    if (!text.trim()) {
      this.take(null);
      return;
    }
    this.cancel = this.ports.later(() => {
      // Best effort: without an answer nothing is shown, and the gateway looks again when the reply is sent.
      this.api.check(this.number, text).then(
        (found) => mine === this.asked && this.take(found),
        () => undefined,
      );
    }, PAUSE_MS);
  }

  stop(): void {
    this.asked++;
    this.cancel();
  }

  isConfirmed(promise: FoundPromise): boolean {
    return this.composer.promisesOf(this.number).value.some((one) => isSame(one, promise));
  }

  /** Confirm a promise, or take that back. */
  toggle(promise: FoundPromise): void {
    const given = this.composer.promisesOf(this.number);
    const others = given.peek().filter((one) => !isSame(one, promise));
    given.value = others.length < given.peek().length ? others : [...others, { text: promise.text, due_at: promise.due_at }];
  }

  /** The draft with the better words in place of these; a piece of advice replaces nothing. */
  mended(problem: DraftProblem): string | null {
    if (!isReplaceable(problem)) return null;
    const text = this.composer.textOf(this.number, "reply").peek();
    return text.includes(problem.text) ? text.replace(problem.text, () => problem.better) : null;
  }

  private take(found: CheckedDraft | null): void {
    this.found.value = found;
    const banned = found?.blocks ? found.problems.find((one) => one.kind === "banned") : undefined;
    this.composer.blockOf(this.number).value = banned?.text ?? "";
  }

  private forgetUnsaid(text: string): void {
    const given = this.composer.promisesOf(this.number);
    if (given.peek().some((one) => !text.includes(one.text))) given.value = given.peek().filter((one) => text.includes(one.text));
  }
}

/** Of what cannot be kept, `better` is advice and no wording. */
export function isReplaceable(problem: DraftProblem): boolean {
  return problem.kind !== "unkeepable" && problem.better !== "";
}

function isSame(a: { text: string; due_at: string }, b: { text: string; due_at: string }): boolean {
  return a.text === b.text && a.due_at === b.due_at;
}
