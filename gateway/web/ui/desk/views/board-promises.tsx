/** What I owe, what is due first on top: kept, or given a later time. */
import { useSignal } from "@preact/signals";
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { OwedRow } from "../parts/owed-row";
import { RenegotiateDialog } from "../parts/promise-dialogs";
import { boardPages } from "../state/board-pages";
import type { OwedInList } from "../types-board";
import { t } from "../words";
import { BY_HAND } from "./promise-strip";

export function MyPromises() {
  const { mine, api, act, may, load } = boardPages(useDesk());
  const moving = useSignal<OwedInList | null>(null);
  const owed = mine.value.value ?? [];
  const isByHand = (one: OwedInList) => BY_HAND.includes(one.kind) && (one.kind !== "verify" || may("ticket.urgency"));
  return (
    <>
      <p class="knowledge-lead">{t("mine.lead")}</p>
      <Fetched of={[mine]} again={load} />
      {mine.value.value && owed.length === 0 && <p class="knowledge-says" role="status">{t("mine.none")}</p>}
      <ul class="board-cards" data-testid="mine">
        {owed.map((one) => (
          <OwedRow key={one.id} owed={one} causes={[]}>
            {isByHand(one) && (
              <button type="button" class="button" data-testid="keep" onClick={() => void act(api.keep(one.ticket, one.id), "strip.kept")}>
                {t("strip.keep")}
                <span class="unseen"> {one.ticket}</span>
              </button>
            )}
            <button type="button" class="button" data-testid="renegotiate" onClick={() => (moving.value = one)}>
              {t("strip.renegotiate")}
              <span class="unseen"> {one.ticket}</span>
            </button>
          </OwedRow>
        ))}
      </ul>
      {moving.value && (
        <RenegotiateDialog
          number={moving.value.ticket}
          promise={moving.value}
          onClose={() => {
            moving.value = null;
            void load();
          }}
        />
      )}
    </>
  );
}
