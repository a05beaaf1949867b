/** A report in Markdown as a page: headings besides what messages know; text nodes only. */
import { Text } from "./text";

interface Piece {
  /** 1 and 2 are headings, 0 is what stands between them. */
  level: 0 | 1 | 2;
  text: string;
}

export function ReportPage({ markdown }: { markdown: string }) {
  return (
    <div class="report-page">
      {piecesOf(markdown).map(({ level, text }, i) => {
        if (level === 1) return <h4 key={i}>{text}</h4>;
        return level === 2 ? <h5 key={i}>{text}</h5> : <Text key={i} text={text} isMarked />;
      })}
    </div>
  );
}

/** PURE: headings apart from what stands between them. */
export function piecesOf(markdown: string): Piece[] {
  const pieces: Piece[] = [];
  for (const line of markdown.split("\n")) {
    const last = pieces.at(-1);
    const [, marks, heading] = /^(#{1,6})\s+(.*)$/.exec(line) ?? [];
    if (marks && heading) pieces.push({ level: marks.length === 1 ? 1 : 2, text: heading.trim() });
    else if (last?.level === 0) last.text += `\n${line}`;
    else if (line.trim()) pieces.push({ level: 0, text: line });
  }
  return pieces;
}
