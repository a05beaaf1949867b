/** What stands in place of something fetched that is not there: that it is coming, or why it is not, and a way to ask again. */
import { t } from "../words";

interface Asked {
  value: { value: unknown };
  failed: { value: string };
}

/** Nothing once all has come; a failure shows beside what came before it. */
export function Fetched({ of, again }: { of: Asked[]; again: () => unknown }) {
  const failed = of.find((one) => one.failed.value)?.failed.value;
  if (failed) {
    return (
      <p class="knowledge-says" role="alert">
        {failed}
        <button type="button" class="button" onClick={() => void again()}>
          {t("list.again")}
        </button>
      </p>
    );
  }
  return of.some((one) => one.value.value === null) ? <p class="knowledge-says" role="status">{t("list.loading")}</p> : null;
}
