/** Whether single keys act: off for those who dictate (WCAG 2.1.4), remembered on this machine. */
import { signal } from "@preact/signals";
import type { Shelf } from "../ports";

const SHELF_KEY = "desk.singleKeys";

export function createSingleKeys(shelf: Shelf) {
  const isOn = signal(shelf.getItem(SHELF_KEY) !== "off");
  const toggle = () => {
    isOn.value = !isOn.value;
    shelf.setItem(SHELF_KEY, isOn.value ? "on" : "off");
  };
  return { isOn, toggle };
}
