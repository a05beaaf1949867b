/** One's own account, and for administrators everybody's, and programs' tokens. */
import { useEffect } from "preact/hooks";
import { useDesk } from "../desk";
import { Notices } from "../parts/notices";
import { ProofDialog } from "../parts/proof-dialog";
import { type AccessPlace, writeAccess } from "../route";
import { accessOf } from "../state/access";
import { t } from "../words";
import "./knowledge.css"; // the same frame
import "./board.css";
import "./access.css";
import { AccountPage } from "./account";
import { AccountsPage } from "./accounts";
import { TokensPage } from "./tokens";

const RIGHTS = { me: "self.see", people: "accounts.see", tokens: "tokens.manage" } as const;

export function AccessView({ place }: { place: AccessPlace }) {
  const access = accessOf(useDesk());
  const pages = (Object.keys(RIGHTS) as AccessPlace["page"][]).filter((page) => access.may(RIGHTS[page]));
  const page = pages.includes(place.page) ? place.page : "me";
  useEffect(() => {
    void (page === "me" ? access.load() : page === "people" ? access.loadAccounts() : access.loadTokens());
  }, [page]);
  return (
    <section class="knowledge board access" id="access" tabIndex={-1} aria-labelledby="access-title" data-page={page}>
      <header class="knowledge-head">
        <h2 id="access-title">{t("access.title")}</h2>
        {pages.length > 1 && (
          <nav class="knowledge-nav board-nav" aria-label={t("access.nav")}>
            {pages.map((one) => (
              <a key={one} href={writeAccess(one)} aria-current={page === one ? "page" : undefined} data-testid={`access-${one}`}>
                {t(`access.nav.${one}`)}
              </a>
            ))}
          </nav>
        )}
      </header>
      <Notices />
      <div class="knowledge-scroll" tabIndex={0}>
        <div class="knowledge-column board-column">{page === "me" ? <AccountPage /> : page === "people" ? <AccountsPage /> : <TokensPage />}</div>
      </div>
      <ProofDialog />
    </section>
  );
}
