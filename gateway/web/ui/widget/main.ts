/** Defines <intake-chat>; the first thing and the last that the script does by itself. */
customElements.define("intake-chat", class extends HTMLElement {});
