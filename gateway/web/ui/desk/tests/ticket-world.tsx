/** The panels of a ticket in a document, on a desk whose gateway is in memory. */
import { type ComponentChildren, render } from "preact";
import { act } from "preact/test-utils";
import { createDesk, DeskContext } from "../desk";
import { FakeDesk } from "../fake/fake-desk";
import { now } from "../state/now";
import type { Ticket } from "../types";
import { language } from "../words";
import { FakePorts, joined, settled } from "./ports";

export const box = document.createElement("div");
document.body.append(box);
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};

/** Sign in, open a ticket, and draw what `part` makes of it. */
export async function drawn(number: string, part: (ticket: Ticket) => ComponentChildren, change: (gateway: FakeDesk) => void = () => {}) {
  language.value = "zh-CN";
  render(null, box);
  const clock = new FakePorts();
  const gateway = new FakeDesk(clock.now);
  change(gateway);
  const ports = new FakePorts(gateway);
  joined(gateway, ports);
  now.value = ports.now();
  const desk = createDesk(ports);
  desk.run();
  await desk.session.signIn("lin", "sample");
  ports.stream.open();
  desk.follow(`#/all/${number}`);
  await settled();
  const Part = () => (desk.conversation.ticket.value ? <>{part(desk.conversation.ticket.value)}</> : null);
  await act(async () => {
    render(<DeskContext.Provider value={desk}><Part /></DeskContext.Provider>, box);
    await settled();
  });
  /** Let time pass, and all that it brings about. */
  const pass = (ms: number) =>
    act(async () => {
      ports.pass(ms);
      await settled();
    });
  return { desk, gateway, ports, pass };
}

export const all = (selector: string) => [...box.querySelectorAll<HTMLElement>(selector)];
export const words = (selector: string) => all(selector).map((one) => one.textContent?.trim());

/** Press the first button that says this. */
export const press = (label: string) =>
  act(async () => {
    const button = all("button").find((one) => one.textContent?.includes(label));
    if (!button) throw new Error(`no button says ${label}`);
    button.click();
    await settled();
  });

export const fill = (selector: string, value: string) =>
  act(async () => {
    const field = box.querySelector<HTMLInputElement>(selector);
    if (!field) throw new Error(`no field ${selector}`);
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    await settled();
  });

export const submit = () =>
  act(async () => {
    box.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await settled();
  });
