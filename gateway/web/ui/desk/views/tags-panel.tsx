/** Tags of the customer and of the ticket, given by rule or by hand; and how the customer likes to be reached. */
import { useDesk } from "../desk";
import { Icon } from "../parts/icon";
import { ticketState } from "../state/ticket";
import type { Card, Preference, Tag, TicketPage } from "../types";
import { actorName, type Key, t } from "../words";
import "./tags-panel.css";

export function TagsPanel({ page }: { page: TicketPage }) {
  const { may } = ticketState(useDesk());
  const { customer, tags, ticket } = page;
  if (!customer || !tags) return null;
  const isEmpty = customer.tags.length + tags.length + customer.preferences.length === 0;
  if (isEmpty && !may("tags.change")) return null;
  return (
    <section data-testid="tags">
      <h2>{t("tags.panel")}</h2>
      <TagLine number={ticket.number} on="contact" tags={customer.tags} />
      <TagLine number={ticket.number} on="ticket" tags={tags} />
      {customer.preferences.length > 0 && (
        <ul class="preferences">
          {customer.preferences.map((one) => (
            <PreferenceLine key={`${one.kind} ${one.value}`} customer={customer} one={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function TagLine({ number, on, tags }: { number: string; on: "contact" | "ticket"; tags: Tag[] }) {
  const { api, act, may } = ticketState(useDesk());
  const label = t(`tags.${on}` as Key);
  const add = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const field = event.currentTarget.querySelector("input");
    const name = field?.value.trim();
    if (!field || !name) return;
    void act(api.tags(number, { on, add: [name] }), "tags.changed").then((isDone) => {
      if (isDone) field.value = "";
    });
  };
  return (
    <div class="tag-line">
      <span class="tag-of">{label}</span>
      <ul>
        {tags.map((one) => (
          <li key={one.name} class="tag" title={[one.by === "rule" ? t("tags.by.rule") : actorName(one.by), one.because].filter(Boolean).join(" · ")}>
            {one.name}
            {may("tags.change") && (
              <button type="button" aria-label={t("tags.remove", { name: one.name })} onClick={() => void act(api.tags(number, { on, remove: [one.name] }), "tags.changed")}>
                <Icon name="close" />
              </button>
            )}
          </li>
        ))}
        {may("tags.change") && (
          <li>
            <form onSubmit={add}>
              <input type="text" class="tag-new" maxLength={64} autocomplete="off" placeholder={t("tags.add")} aria-label={t("tags.addTo", { what: label })} />
            </form>
          </li>
        )}
      </ul>
    </div>
  );
}

function PreferenceLine({ customer, one }: { customer: Card; one: Preference }) {
  const { api, act, may } = ticketState(useDesk());
  const write = (preferences: Preference[]) => void act(api.customer(customer.number, { preferences, preferred_channel: customer.preferred_channel }), "preference.kept");
  const isProposed = one.state === "proposed";
  return (
    <li>
      <span dir="auto">{one.text || one.value}</span>
      {isProposed && <span class="sure">{t("preference.proposed")}</span>}
      {may("tags.change") && (
        <span class="panel-do">
          {isProposed && <button type="button" class="link" onClick={() => write(customer.preferences.map((other) => (other === one ? { ...one, state: "kept" } : other)))}>{t("preference.keep")}</button>}
          <button type="button" class="link" onClick={() => write(customer.preferences.filter((other) => other !== one))}>{t("preference.drop")}</button>
        </span>
      )}
    </li>
  );
}
