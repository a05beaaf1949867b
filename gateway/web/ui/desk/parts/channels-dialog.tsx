/** Each Channel's state, and what to do about those that are not up. */
import { useDesk } from "../desk";
import { isTroubled } from "../state/channels";
import { minute } from "../state/now";
import type { Channel } from "../types";
import { clockTime, t, word } from "../words";
import { Dialog } from "./dialog";
import { channelIcon, Icon } from "./icon";
import "./channels-dialog.css";

export function ChannelsDialog({ onClose }: { onClose: () => void }) {
  const { channels } = useDesk();
  const known = channels.channels.value;
  return (
    <Dialog name="channels" title={t("channels.title")} onClose={onClose}>
      <div class="dialog-body">
        {known === null && <p>{t("channels.unknown")}</p>}
        {known?.length === 0 && <p>{t("channels.none")}</p>}
        <ul class="channels">
          {known?.map((one) => (
            <ChannelLine key={one.name} channel={one} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function ChannelLine({ channel }: { channel: Channel }) {
  return (
    <li class={isTroubled(channel) ? "channel channel-red" : "channel"} data-testid="channel" data-state={channel.state}>
      <Icon name={channelIcon(channel.kind)} />
      <div>
        <p class="channel-head">
          <strong>{channel.name}</strong>
          <span>{word("channelKind", channel.kind)}</span>
          <span class={`state state-${channel.state}`}>{word("channelState", channel.state)}</span>
        </p>
        {channel.detail && <p>{channel.detail}</p>}
        {channel.remedy && <p class="channel-remedy">{t("channels.remedy", { remedy: channel.remedy })}</p>}
        {channel.progress_at && (
          <p class="channel-progress">{t("channels.progress", { time: clockTime(channel.progress_at, minute.value) })}</p>
        )}
      </div>
    </li>
  );
}

/** Across the desk while customers of a Channel cannot reach us. */
export function ChannelBanner() {
  const { channels, dialog } = useDesk();
  return (
    <>
      {channels.troubled.value.map((one) => (
        <p class="banner banner-red" role="alert" key={one.name} data-testid="channel-banner">
          <Icon name="warn" />
          <span>
            <strong>{t("channels.banner", { name: one.name, state: word("channelState", one.state) })}</strong>{" "}
            {one.remedy && t("channels.remedy", { remedy: one.remedy })}
          </span>
          <button type="button" class="link" onClick={() => (dialog.value = "channels")}>
            {t("channels.title")}
          </button>
        </p>
      ))}
    </>
  );
}
