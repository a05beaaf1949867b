/** The desk itself: bar on top, then queues, list, conversation and facts side by side. */
import { useEffect } from "preact/hooks";
import { useDesk } from "../desk";
import { Keys } from "../keys";
import { lazily } from "../lazily";
import { ChannelBanner } from "../parts/channels-dialog";
import { Icon } from "../parts/icon";
import type { AccessPlace, BoardPlace, KnowledgePlace, MailPlace } from "../route";
import { shortcuts } from "../shortcuts";
import { addWords, t } from "../words";
import { Bar } from "./bar";
import { Dialogs } from "./dialogs";
import { Facts } from "./facts";
import { TicketList } from "./list";
import { Queues } from "./queues";
import { Thread } from "./thread";
import "./desk.css";

const KnowledgeView = lazily<{ place: KnowledgePlace }>(() => import("./knowledge").then((page) => page.KnowledgeView));
const MailroomView = lazily<{ place: MailPlace }>(() => import("./mailroom").then((page) => page.MailroomView));
const BoardView = lazily<{ place: BoardPlace }>(() =>
  Promise.all([import("./board"), addWords("board"), addWords("ticket")]).then(([page]) => page.BoardView),
);

const AccessView = lazily<{ place: AccessPlace }>(() =>
  Promise.all([import("./access"), addWords("access"), addWords("board")]).then(([page]) => page.AccessView),
);

export function DeskView() {
  const desk = useDesk();
  const { conversation, knowledge, mailroom, board, access, isFactsOpen, singleKeys, ports } = desk;
  useEffect(() => {
    const keys = new Keys(shortcuts(desk), () => singleKeys.isOn.value, ports.now);
    const press = (event: KeyboardEvent) => {
      if (keys.press(event)) event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  const number = conversation.number.value;
  return (
    <div class="desk" data-pane={knowledge.place.value || board.place.value || mailroom.place.value || access.value ? "knowledge" : number ? "thread" : "list"} data-facts={isFactsOpen.value && number ? "open" : "shut"}>
      <a class="skip" href="#thread" onClick={(event) => { event.preventDefault(); (document.getElementById("thread") ?? document.getElementById("knowledge") ?? document.getElementById("mailroom") ?? document.getElementById("board") ?? document.getElementById("access"))?.focus(); }}>
        {t("app.skip")}
      </a>
      <Bar />
      <div class="banners">
        <LinkBanner />
        <ChannelBanner />
        <PasswordBanner />
      </div>
      <Queues />
      <main class="work">
        {knowledge.place.value ? (
          <KnowledgeView place={knowledge.place.value} />
        ) : mailroom.place.value ? (
          <MailroomView place={mailroom.place.value} />
        ) : access.value ? (
          <AccessView place={access.value} />
        ) : board.place.value ? (
          <BoardView place={board.place.value} />
        ) : (
          <>
            <TicketList />
            <Thread />
          </>
        )}
      </main>
      {number && <Facts />}
      <Dialogs />
    </div>
  );
}

function PasswordBanner() {
  const { session, access } = useDesk();
  if (!session.me.value?.password_is_due || access.value) return null;
  return (
    <p class="banner banner-amber" role="status" data-testid="password-banner">
      <Icon name="clock" />
      <span>{t("account.old")}</span>
    </p>
  );
}

function LinkBanner() {
  const { link } = useDesk();
  if (link.value !== "broken") return null;
  return (
    <p class="banner banner-amber" role="status" data-testid="link-banner">
      <Icon name="warn" />
      <span>{t("link.brokenHint")}</span>
    </p>
  );
}
