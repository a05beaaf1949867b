/** What is wrong with knowledge files: where, what, and what to do. */
import type { FileProblem } from "../types-knowledge";
import { t } from "../words";
import { Icon } from "./icon";
import "./file-problems.css";

export function Problems({ problems }: { problems: FileProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="file-problems" aria-label={t("knowledge.fileProblems")} data-testid="file-problems">
      {problems.map((one) => (
        <li key={`${one.file}:${one.line}:${one.text}`} class={one.fatal ? "file-problem file-problem-fatal" : "file-problem"}>
          <Icon name={one.fatal ? "warn" : "info"} />
          <div>
            <strong>{t("knowledge.fileLine", { file: one.file, line: one.line })}</strong>
            <p>
              {one.text} {one.remedy}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
