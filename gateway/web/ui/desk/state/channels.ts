/** How each Channel fares. */
import { computed, signal } from "@preact/signals";
import type { Api } from "../api";
import type { Channel } from "../types";

export function createChannels(api: Api) {
  const channels = signal<Channel[] | null>(null);
  /** Channels whose customers cannot reach us now. */
  const troubled = computed(() => (channels.value ?? []).filter((one) => isTroubled(one)));
  const load = async () => {
    channels.value = await api.channels().catch(() => channels.value);
  };
  /** The kind behind a channel's name, for its icon; the name itself as long as the list is not there. */
  const kindOf = (name: string) => channels.value?.find((one) => one.name === name)?.kind ?? name;
  return { channels, troubled, load, kindOf };
}

export type Channels = ReturnType<typeof createChannels>;

export function isTroubled(channel: Channel): boolean {
  return channel.state === "down" || channel.state === "bad_credentials";
}
