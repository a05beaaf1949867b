/** Messages and notes in order, day by day, keeping its place while it grows. */
import { useSignal } from "@preact/signals";
import { Fragment, type VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import { lastSeq } from "../merge";
import { Icon } from "../parts/icon";
import { MessageLine } from "../parts/message";
import { NoteLine } from "../parts/note";
import { UnsentLine } from "../parts/unsent";
import { ScrollKeeper } from "../scroll";
import type { Line } from "../state/conversation";
import { dayName, t } from "../words";
import "./log.css";

/** `isGuarded`: the stale guard shows what is new, so no sign points to it. */
export function Log({ number, isGuarded }: { number: string; isGuarded: boolean }) {
  const { conversation, sending } = useDesk();
  const box = useRef<HTMLDivElement>(null);
  const keeper = useRef<ScrollKeeper | null>(null);
  const below = useSignal(0);
  const lines = conversation.lines.value;
  const unsent = sending.unsent.value.filter((one) => one.number === number && one.state !== "stale");
  const last = lastSeq(conversation.page.value?.messages ?? []);
  const lastAtEnd = useRef(last);
  const newest = unsent.at(-1)?.id;

  /** Tell what is before the agent's eyes now. */
  const look = () => {
    const isSeen = keeper.current?.isAtEnd === true && document.visibilityState === "visible";
    if (isSeen) conversation.seen.show(last);
    else conversation.seen.hide();
    if (keeper.current?.isAtEnd) lastAtEnd.current = last;
    below.value = (conversation.page.value?.messages ?? []).filter((one) => one.seq > lastAtEnd.current).length;
  };

  useLayoutEffect(() => {
    if (box.current) keeper.current ??= new ScrollKeeper(box.current);
    keeper.current?.grown();
    look();
  });
  // Whoever sends wants to see it go, wherever they were reading.
  useLayoutEffect(() => {
    if (newest) keeper.current?.toEnd();
    look();
  }, [newest]);
  useEffect(() => {
    const resized = new ResizeObserver(() => keeper.current?.grown());
    if (box.current) for (const part of [box.current, ...box.current.children]) resized.observe(part);
    return () => resized.disconnect();
  }, []);
  useEffect(() => {
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [last]);

  return (
    <>
      <div
        class="log"
        ref={box}
        role="log"
        aria-label={t("thread.log")}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={() => {
          keeper.current?.scrolled();
          look();
        }}
      >
        <div class="log-lines">
          {lines.map((line, i) => (
            <Fragment key={(line.message ?? line.note).id}>
              {isNewDay(lines[i - 1]?.at, line.at) && <h3 class="log-day">{dayName(line.at)}</h3>}
              {line.message && i > 0 && line.talk !== talkBefore(lines, i) && <h3 class="log-day">{t("thread.talk", { number: line.talk ?? number })}</h3>}
              {drawn(line, number)}
            </Fragment>
          ))}
          {unsent.map((one) => (
            <UnsentLine key={one.id} reply={one} />
          ))}
        </div>
      </div>
      {below.value > 0 && !isGuarded && (
        <div class="log-below">
          <button type="button" class="button" onClick={() => { keeper.current?.toEnd(); look(); }}>
            <Icon name="down" />
            {t("thread.newBelow", { n: below.value })}
          </button>
        </div>
      )}
    </>
  );
}

// The same node for the same line: Preact then leaves it alone, and a new message costs one message's work.
const nodes = new WeakMap<object, VNode>();

function drawn({ message, note, talk }: Line, number: string): VNode {
  const line = message ?? note;
  const node =
    nodes.get(line) ??
    (message ? <MessageLine key={message.id} message={message} number={talk ?? number} /> : <NoteLine key={note.id} note={note} number={number} />);
  nodes.set(line, node);
  return node;
}

/** On which merged ticket's thread the message before was said. */
function talkBefore(lines: Line[], i: number): string | undefined {
  return lines.slice(0, i).findLast((one) => one.message)?.talk;
}

function isNewDay(before: string | undefined, at: string): boolean {
  return before === undefined || new Date(before).toDateString() !== new Date(at).toDateString();
}
