/** What stands in place of a list of the mail room that is not there: why. */
import { useDesk } from "../desk";
import { t } from "../words";

/** `isEmpty` is undefined as long as nobody knows. */
export function Says({ failed, isEmpty, empty }: { failed: string; isEmpty: boolean | undefined; empty: string }) {
  const { mailroom } = useDesk();
  if (failed) {
    return (
      <p class="knowledge-says" role="alert">
        {failed}
        <button type="button" class="button" onClick={() => void mailroom.load()}>
          {t("list.again")}
        </button>
      </p>
    );
  }
  if (isEmpty === false) return null;
  return <p class="knowledge-says" role="status">{isEmpty ? empty : t("list.loading")}</p>;
}
