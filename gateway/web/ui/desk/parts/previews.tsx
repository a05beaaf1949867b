/** The answer as each channel's customer would see it, one tab a channel. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { reason } from "../state/reasons";
import type { Piece, Preview } from "../types-knowledge";
import { t, word } from "../words";
import { channelIcon, Icon } from "./icon";
import { Nodes } from "./nodes";
import { Text } from "./text";
import "./previews.css";

export function Previews({ previews }: { previews: Preview[] }) {
  const id = useId();
  const chosen = useSignal("");
  const shown = previews.find((one) => one.channel === chosen.value) ?? previews[0];
  if (!shown) return <p class="knowledge-lead">{t("knowledge.previews.none")}</p>;
  const turn = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = previews.indexOf(shown);
    const next = previews[(at + step + previews.length) % previews.length];
    if (!step || !next) return;
    event.preventDefault();
    chosen.value = next.channel;
    document.getElementById(`${id}-${next.channel}`)?.focus();
  };
  return (
    <div class="previews" data-testid="previews">
      <div class="tabs preview-tabs" role="tablist" aria-label={t("knowledge.previews")} onKeyDown={turn}>
        {previews.map((one) => (
          <button
            key={one.channel}
            type="button"
            role="tab"
            id={`${id}-${one.channel}`}
            aria-controls={`${id}-panel`}
            aria-selected={one === shown}
            tabIndex={one === shown ? 0 : -1}
            title={one.channel}
            onClick={() => (chosen.value = one.channel)}
          >
            <Icon name={channelIcon(one.kind)} />
            {previews.some((other) => other !== one && other.kind === one.kind) ? one.channel : word("channelKind", one.kind)}
          </button>
        ))}
      </div>
      <div class="preview-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown.channel}`}>
        {shown.hand_off && (
          <p class="preview-hand">
            <Icon name="hand" />
            {t("knowledge.handOff", { why: reason(shown.hand_off) })}
          </p>
        )}
        {shown.pieces.map((piece, i) => (
          <PieceView key={i} piece={piece} preview={shown} />
        ))}
      </div>
    </div>
  );
}

function PieceView({ piece, preview }: { piece: Piece; preview: Preview }) {
  const isMany = preview.pieces.length > 1;
  return (
    <figure class={`preview preview-${preview.kind} preview-${piece.form}`}>
      {isMany && <figcaption>{t(`knowledge.form.${piece.form}`)}</figcaption>}
      <div class="preview-body">
        {/* The widget makes its nodes of the Markdown itself, by the very code of Text. */}
        {preview.kind === "webchat" ? <Text text={preview.text} isMarked /> : piece.form === "html" ? <Nodes nodes={piece.nodes} /> : <pre>{piece.content}</pre>}
      </div>
      {piece.buttons.length > 0 && (
        <ul class="preview-buttons" aria-label={t("message.choices")}>
          {piece.buttons.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
    </figure>
  );
}
