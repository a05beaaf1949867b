/** Something fetched: the last answer stays until the next is there, and one that was overtaken is dropped. */
import { batch, signal } from "@preact/signals";
import { inWords } from "./notices";

export function asked<T>(value = signal<T | null>(null)) {
  const isBusy = signal(false);
  const failed = signal("");
  let last = 0;
  const ask = async (fetch: () => Promise<T>) => {
    const mine = ++last;
    isBusy.value = true;
    try {
      const found = await fetch();
      if (mine !== last) return;
      batch(() => {
        value.value = found;
        failed.value = "";
      });
    } catch (error) {
      if (mine === last) failed.value = inWords(error);
    } finally {
      if (mine === last) isBusy.value = false;
    }
  };
  const forget = () => {
    last++;
    batch(() => {
      value.value = null;
      failed.value = "";
      isBusy.value = false;
    });
  };
  return { value, isBusy, failed, ask, forget };
}
