/** Files to go with a reply: chosen or pasted, uploaded at once, removable until sent. */
import { useDesk } from "../desk";
import { t } from "../words";
import { sizeWords } from "./attachments";
import { Icon } from "./icon";
import "./files.css";

export function FileButton({ number }: { number: string }) {
  const { writing } = useDesk();
  return (
    <label class="button button-quiet file-button">
      <Icon name="clip" />
      <span>{t("compose.attach")}</span>
      <input
        type="file"
        class="unseen"
        multiple
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          void writing.attach(number, files);
        }}
      />
    </label>
  );
}

export function FileChips({ number }: { number: string }) {
  const { composer, writing } = useDesk();
  const files = composer.filesOf(number);
  const uploading = writing.uploading.value.filter((one) => one.number === number);
  if (files.value.length + uploading.length === 0) return null;
  return (
    <ul class="files">
      {files.value.map((one) => (
        <li key={one.id}>
          <Icon name="file" />
          <span class="attachment-name">{one.name}</span>
          {one.size !== null && <span class="attachment-size">{sizeWords(one.size)}</span>}
          <button
            type="button"
            class="icon-button"
            aria-label={t("compose.detach", { name: one.name })}
            onClick={() => (files.value = files.value.filter((other) => other.id !== one.id))}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
      {uploading.map((one) => (
        <li key={one.name} role="status">
          {t("compose.attaching", { name: one.name })}
        </li>
      ))}
    </ul>
  );
}
