/** Line icons drawn as nodes, 20 by 20: no font, no file, no emoji. Decoration only; words stand beside them. */
const PATHS = {
  chat: "M3 5.5A1.5 1.5 0 0 1 4.5 4h11A1.5 1.5 0 0 1 17 5.5v7a1.5 1.5 0 0 1-1.5 1.5H9l-4 3v-3h-.5A1.5 1.5 0 0 1 3 12.5z",
  mail: "M3 5h14v10H3zM3 5.5l7 5.5 7-5.5",
  plane: "M17 3 2.5 9l5 2 2 5.5L12 13l4 2.5zM7.5 11 17 3",
  plug: "M7 3v4M13 3v4M5 7h10v2a5 5 0 0 1-10 0zM10 14v4",
  inbox: "M3 11 5 4h10l2 7v5H3zM3 11h4l1 2h4l1-2h4",
  person: "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17a6 6 0 0 1 12 0",
  stack: "M10 3 3 6.5 10 10l7-3.5zM3 10l7 3.5 7-3.5M3 13.5 10 17l7-3.5",
  house: "M4 17V6l6-3 6 3v11M8 17v-4h4v4M7.5 8h.01M12.5 8h.01",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l2.5 2",
  warn: "M10 3.5 17.5 16h-15zM10 8v4M10 14h.01",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.5 13.5 17 17",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4l-6 6 6 6",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9v4.5M10 6.5h.01",
  clip: "M14.5 9.5 9 15a3 3 0 0 1-4.2-4.2l6.4-6.4a2 2 0 0 1 2.8 2.8l-6.3 6.3a1 1 0 0 1-1.4-1.4L11.5 7",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  check: "M4 10.5 8 14.5 16 5.5",
  send: "M3 10 17 3.5 13 17l-3.5-5.5zM9.5 11.5 17 3.5",
  swap: "M4 7h11l-3-3M16 13H5l3 3",
  hand: "M10 17a5 5 0 0 1-5-5V8a1 1 0 0 1 2 0V5a1 1 0 0 1 2 0V4a1 1 0 0 1 2 0v1a1 1 0 0 1 2 0v3a1 1 0 0 1 2 0v4a5 5 0 0 1-5 5z",
  again: "M16 10a6 6 0 1 1-2-4.5M16 3v3.5h-3.5",
  keyboard: "M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.5h7",
  leave: "M8 4H4v12h4M8 10h9M14 7l3 3-3 3",
  file: "M5 3h7l3 3v11H5zM12 3v3h3",
  robot: "M4 8h12v8H4zM10 8V4.5M8 12h.01M12 12h.01",
  book: "M10 5.5C8.5 4.3 6.5 4 3.5 4v11.5c3 0 5 .3 6.5 1.5 1.5-1.2 3.5-1.5 6.5-1.5V4c-3 0-5 .3-6.5 1.5zM10 5.5V17",
  shield: "M10 3l6 2v5c0 3.5-2.5 6-6 7-3.5-1-6-3.5-6-7V5zM7.5 7.5l5 5M12.5 7.5l-5 5",
  forward: "M11 5l5 5-5 5M16 10H8a4 4 0 0 0-4 4v1",
  copy: "M7 7V3.5h9.5V13H13M3.5 7H13v9.5H3.5z",
  bell: "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3",
  eye: "M2 10s3-5.5 8-5.5 8 5.5 8 5.5-3 5.5-8 5.5S2 10 2 10zM10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  down: "M4 7.5 10 13.5 16 7.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

const KINDS: Record<string, IconName> = { webchat: "chat", mail: "mail", telegram: "plane" };

/** The icon of a channel's kind; a plug for kinds that have none. */
export function channelIcon(kind: string): IconName {
  return KINDS[kind] ?? "plug";
}
