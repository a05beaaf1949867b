/** PURE: what the address bar says, `#/mine/T20261121-0001`, and back. */

/** A view is a queue (`unassigned`), a person's tickets (`mine`), everything (`all`), or `d-<department>`. */
export interface Route {
  view: string;
  number: string | null;
}

export function readRoute(hash: string): Route {
  const [view = "", number = ""] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  const isKnown = ["unassigned", "mine", "all"].includes(view) || view.startsWith("d-");
  return { view: isKnown ? view : "unassigned", number: number || null };
}

export function writeRoute({ view, number }: Route): string {
  return `#/${[view, ...(number ? [number] : [])].map(encodeURIComponent).join("/")}`;
}

/** The `queue` that the gateway is asked for. */
export function queueOf(view: string): string {
  return view.startsWith("d-") ? view.slice(2) : view;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
