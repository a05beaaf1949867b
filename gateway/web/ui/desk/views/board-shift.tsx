/** One's own working day: whether one is there, what is open at its end, what a colleague hands over. */
import { useDesk } from "../desk";
import { Fetched } from "../parts/fetched";
import { Given, OfferForm, Received } from "../parts/handover";
import { Icon } from "../parts/icon";
import { MyState } from "../parts/my-state";
import { boardPages } from "../state/board-pages";
import { minute } from "../state/now";
import { clockTime, t } from "../words";

export function Shift() {
  const { sheet, may, load } = boardPages(useDesk());
  const found = sheet.value.value;
  return (
    <>
      {may("state.change") && <MyState />}
      <Fetched of={[sheet]} again={load} />
      {found && (
        <>
          {found.is_due && (
            <p class="shift-due" role="status" data-testid="shift-due">
              <Icon name="clock" />
              {t("shift.due", { time: found.ends_at ? clockTime(found.ends_at, minute.value) : "", n: found.tickets.length })}
            </p>
          )}
          {!found.is_due && <p class="knowledge-lead">{found.ends_at ? t("shift.ends", { time: clockTime(found.ends_at, minute.value) }) : t("shift.over")}</p>}
          <Received offers={found.received} />
          <OfferForm sheet={found} />
          <Given offers={found.given} />
        </>
      )}
    </>
  );
}
