/** Files with a message: pictures shown, others named with their size. */
import type { Attachment } from "../types";
import { t } from "../words";
import { Icon } from "./icon";
import "./attachments.css";

const PREVIEWED = ["image/png", "image/jpeg", "image/gif", "image/webp"];

export function AttachmentList({ attachments }: { attachments: Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul class="attachments">
      {attachments.map((one) => (
        <li key={one.id}>
          <a href={`/api/v1/attachments/${encodeURIComponent(one.id)}`} target="_blank" rel="noopener">
            {PREVIEWED.includes(one.media_type) ? (
              <img src={`/api/v1/attachments/${encodeURIComponent(one.id)}`} alt={one.name} loading="lazy" />
            ) : (
              <>
                <Icon name="file" />
                <span class="attachment-name">{one.name}</span>
              </>
            )}
            {one.scanned === false && <span class="badge" data-testid="unscanned">{t("attachment.unscanned")}</span>}
            {one.size !== null && <span class="attachment-size">{sizeWords(one.size)}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** 2.4 MB; units are the same in both languages. */
export function sizeWords(bytes: number): string {
  const unit = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : 2;
  const rounded = unit === 0 ? bytes : Math.round(bytes / 10 ** (3 * unit - 1)) / 10;
  return `${rounded} ${["B", "kB", "MB"][unit]}`;
}
