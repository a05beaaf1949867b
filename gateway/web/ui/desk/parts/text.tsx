/** A message's text as nodes: never as markup. */
import { type Block, blocks, type Inline, plainBlocks } from "../../shared/markdown";
import "./text.css";

/** `isMarked`: written by bot or agent, so Markdown is meant. */
export function Text({ text, isMarked }: { text: string; isMarked: boolean }) {
  return (
    <div class="text" dir="auto">
      {(isMarked ? blocks(text) : plainBlocks(text)).map((block, i) => (
        <BlockOf key={i} block={block} />
      ))}
    </div>
  );
}

function BlockOf({ block }: { block: Block }) {
  if (block.kind === "lines") {
    return (
      <p>
        {block.lines.map((line, i) => (
          <>
            {i > 0 && <br />}
            {line.map(inlineNode)}
          </>
        ))}
      </p>
    );
  }
  const items = block.items.map((item, i) => <li key={i}>{item.map(inlineNode)}</li>);
  return block.isNumbered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function inlineNode(part: Inline) {
  switch (part.kind) {
    case "strong":
      return <strong>{part.text}</strong>;
    case "code":
      return <code>{part.text}</code>;
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {part.text}
        </a>
      );
    default:
      return part.text;
  }
}
