/** PURE: what is typed into the audit's form, as the gateway is asked for it. */

const DAY_MS = 86_400_000;

/** `1001` is an agent, `T…` a ticket, `C…` a customer; the days are the reader's own, the last one included. */
export function auditSearch(said: Record<string, string>): Record<string, string> {
  const { actor = "", act = "", about = "", outcome = "", since = "", until = "" } = Object.fromEntries(Object.entries(said).map(([name, words]) => [name, words.trim()]));
  const found = {
    actor: /^\d+$/.test(actor) ? `agent:${actor}` : actor,
    act,
    about: about.replace(/^(?=T\d)/, "ticket:").replace(/^(?=C\d)/, "contact:"),
    outcome,
    since: since && day(since, 0),
    until: until && day(until, DAY_MS),
  };
  return Object.fromEntries(Object.entries(found).filter(([, words]) => words));
}

function day(words: string, later: number): string {
  return new Date(Date.parse(`${words}T00:00`) + later).toISOString();
}

/** `rows: 3, upto: 17`; what is nested stays JSON. */
export function detailWords(details: Record<string, unknown>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
