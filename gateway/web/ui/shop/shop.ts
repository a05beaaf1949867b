/** The sample shop's only behaviour: its language, and a button that opens the chat. */

const KEY = "sample-shop language";
const page = document.documentElement;

function speak(lang: string): void {
  page.lang = lang;
  document.title = lang === "en" ? "Morninglight · sample shop" : "晨光小店 · sample shop";
  document.querySelector("intake-chat")?.setAttribute("lang", lang);
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

speak(remembered() ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en"));

document.querySelector("#language")?.addEventListener("click", () => {
  const lang = page.lang === "en" ? "zh-CN" : "en";
  speak(lang);
  try {
    localStorage.setItem(KEY, lang);
  } catch {
    // Then the next page begins in the browser's language again.
  }
});

document.querySelector(".ask")?.addEventListener("click", () => {
  const chat = document.querySelector<HTMLElement & { open?: () => void }>("intake-chat");
  chat?.open?.();
});
