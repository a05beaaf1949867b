/** Nodes made without a word of HTML, so that a page's CSP and Trusted Types have nothing to object to. */
import { blocks, plainBlocks, type Inline } from "../shared/markdown";

type Child = Node | string | null;
type Props = Record<string, string | boolean | number | ((event: never) => void)>;

/** An element: `on…` props listen, booleans are attributes present or absent, the rest are attributes. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value as EventListener);
    else if (typeof value === "boolean") node.toggleAttribute(name, value);
    else node.setAttribute(name, String(value));
  }
  for (const child of children) if (child !== null) node.append(child);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chat: "M4 5h16v11H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-7-6 16-3-7z",
  clip: "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4l8-8a3 3 0 0 1 4.3 4.3l-8 8a1.5 1.5 0 0 1-2.2-2.2l7-7",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
};

/** A line drawing that says nothing to a screen reader; its button has the name. */
export function icon(name: keyof typeof ICONS): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A message's text as nodes; a customer's own is shown as written. */
export function rich(text: string, isPlain: boolean): Node[] {
  return (isPlain ? plainBlocks(text) : blocks(text)).map((block) => {
    if (block.kind === "lines") {
      const lines = block.lines.flatMap((line, n) => (n ? [h("br"), ...line.map(inline)] : line.map(inline)));
      return h("p", {}, ...lines);
    }
    const items = block.items.map((item) => h("li", {}, ...item.map(inline)));
    return h(block.isNumbered ? "ol" : "ul", {}, ...items);
  });
}

function inline(part: Inline): Node | string {
  if (part.kind === "text") return part.text;
  if (part.kind !== "link") return h(part.kind, {}, part.text);
  return h("a", { href: part.href, target: "_blank", rel: "noopener noreferrer nofollow" }, part.text);
}
