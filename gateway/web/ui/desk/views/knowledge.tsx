/** What the house knows: its entries, why a question gets its answer, and what is missing. */
import { useDesk } from "../desk";
import { Notices } from "../parts/notices";
import { type KnowledgePlace, writeKnowledge } from "../route";
import { t } from "../words";
import { KnowledgeEntries } from "./knowledge-entries";
import { KnowledgeGaps } from "./knowledge-gaps";
import { KnowledgeTry } from "./knowledge-try";
import "./knowledge.css";

export function KnowledgeView({ place }: { place: KnowledgePlace }) {
  const { knowledge } = useDesk();
  const pages = (["entries", "try", "gaps"] as const).filter(
    (page) => page === "entries" || knowledge.may(page === "try" ? "knowledge.try" : "knowledge.gaps"),
  );
  return (
    <section class="knowledge" id="knowledge" tabIndex={-1} aria-labelledby="knowledge-title" data-detail={place.item ? "open" : "shut"}>
      <header class="knowledge-head">
        <h2 id="knowledge-title">{t("knowledge.title")}</h2>
        <nav class="knowledge-nav" aria-label={t("knowledge.nav")}>
          {pages.map((page) => (
            <a
              key={page}
              href={writeKnowledge({ page, item: null })}
              aria-current={place.page === page ? "page" : undefined}
              data-testid={`knowledge-${page}`}
            >
              {t(`knowledge.nav.${page}`)}
            </a>
          ))}
        </nav>
      </header>
      <Notices />
      {place.page === "entries" && <KnowledgeEntries id={place.item} />}
      {place.page === "try" && <KnowledgeTry question={place.item ?? ""} />}
      {place.page === "gaps" && <KnowledgeGaps />}
    </section>
  );
}
