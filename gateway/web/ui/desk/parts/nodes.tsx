/** A tree of HTML as nodes; what is not on the list becomes its text, whoever sent it. */
import { createElement, type ComponentChildren } from "preact";
import type { Tree } from "../types-knowledge";

const TAGS = new Set("p br strong b em i a ul ol li code pre blockquote div h1 h2 h3 h4 h5 h6 hr".split(" "));
const SAFE = /^(?:https?:\/\/|mailto:|tel:)/i;

export function Nodes({ nodes }: { nodes: Tree[] }) {
  return <>{nodes.map(drawn)}</>;
}

function drawn(node: Tree, key: number): ComponentChildren {
  if (typeof node === "string") return node;
  const children = node.children.map(drawn);
  if (!TAGS.has(node.tag)) return children;
  const isLink = node.tag === "a" && node.href !== null && SAFE.test(node.href);
  const link = isLink ? { href: node.href, target: "_blank", rel: "noopener noreferrer nofollow" } : {};
  return createElement(node.tag, { key, ...link }, ...children);
}
