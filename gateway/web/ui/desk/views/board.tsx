/** Watching over the work: what is late and will be, alarms, emergencies, people, one's own shift, calls, reports. */
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../desk";
import { lazily } from "../lazily";
import { Notices } from "../parts/notices";
import { type BoardPlace, writeBoard } from "../route";
import { boardPages } from "../state/board-pages";
import { addWords, t } from "../words";
import "./knowledge.css"; // the same frame
import "./board.css";
import { Alarms } from "./board-alarms";
import { Emergencies } from "./board-emergencies";
import { OneEmergency } from "./board-emergency";
import { LateBoard } from "./board-late";
import { LogForm } from "./board-log";
import { PeopleBoard } from "./board-people";
import { MyPromises } from "./board-promises";
import { Reports } from "./board-reports";
import { Shift } from "./board-shift";

const words = () => Promise.all([addWords("privacy"), addWords("access")]);
const Approvals = lazily<object>(() => Promise.all([import("./board-approvals"), words()]).then(([page]) => page.Approvals));
const Audit = lazily<object>(() => Promise.all([import("./board-audit"), words()]).then(([page]) => page.Audit));

export function BoardView({ place }: { place: BoardPlace }) {
  const { pages, pageOf } = boardPages(useDesk());
  const nav = useRef<HTMLElement>(null);
  const page = pageOf(place);
  // On a telephone the pages' names scroll sideways: the open one must be seen, and nothing else must move.
  useEffect(() => {
    const open = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (nav.current && open) nav.current.scrollLeft = open.offsetLeft - (nav.current.clientWidth - open.offsetWidth) / 2;
  }, [page]);
  return (
    <section class="knowledge board" id="board" tabIndex={-1} aria-labelledby="board-title" data-page={page}>
      <header class="knowledge-head">
        <h2 id="board-title">{t("board.title")}</h2>
        <nav ref={nav} class="knowledge-nav board-nav" aria-label={t("board.nav")}>
          {pages.value.map((one) => (
            <a key={one} href={writeBoard(one)} aria-current={page === one ? "page" : undefined} data-testid={`board-${one}`}>
              {t(`board.nav.${one}`)}
            </a>
          ))}
        </nav>
      </header>
      <Notices />
      <div class="knowledge-scroll" tabIndex={0}>
        <div class="knowledge-column board-column">{page && <Page page={page} item={place.item} />}</div>
      </div>
    </section>
  );
}

function Page({ page, item }: BoardPlace) {
  switch (page) {
    case "late":
      return <LateBoard />;
    case "alarms":
      return <Alarms />;
    case "emergencies":
      return item ? <OneEmergency id={Number(item)} /> : <Emergencies />;
    case "people":
      return <PeopleBoard />;
    case "shift":
      return <Shift />;
    case "promises":
      return <MyPromises />;
    case "log":
      return <LogForm />;
    case "reports":
      return <Reports />;
    case "approvals":
      return <Approvals />;
    case "audit":
      return <Audit />;
  }
}
