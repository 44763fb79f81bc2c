import type { Plan } from '../../engine/types.ts';
import { count, plural } from '../../report/format.ts';
import { dotted, nameCell, nameSpan, runLink, sentenceSpan, shortSha, warningBlock, warningRow } from './page.ts';
import type { PlanCommentFacts } from './facts.ts';
import { fit, share, sizeOf } from './room.ts';

const HEAD = '| document | what it declares | where |\n|---|---|---|\n';
/** Octets of a row that only counts. */
const LAST_ROW = 100;

/** A plan for which nothing was looked at: what the configuration declares, and that this is all it says. */
export function offlinePage(plan: Plan, facts: PlanCommentFacts, room: number): string {
  const { documents } = plan;
  const head = `### trueup plan, offline: nothing was looked at\n${factsLine(plan, facts)}\n\n`;
  const closing =
    'What merging would do is not known yet: a maintainer can ask for a plan of this commit with the label `trueup:plan`.\n';
  const findings = [...plan.findings, ...documents.flatMap((document) => document.findings)].filter(
    ({ severity }) => severity !== 'info',
  );
  const [warnings = '', table = ''] = share(
    [
      (left) => {
        const rows = findings.map(
          ({ document, message }) => `${document === '' ? '' : `${nameSpan(document)} `}${sentenceSpan(message)}`,
        );
        const { text, left: rest } = fit(rows, left - LAST_ROW, warningRow);
        return rest.length === 0 ? text : text + warningRow(`${count(rest.length)} more`);
      },
      (left) => {
        const { text, left: rest } = fit(documents, left - sizeOf(HEAD) - LAST_ROW, (document) => {
          const { kind, name, summary, file, line } = document;
          return `| ${nameCell(`${kind}/${name}`)} | ${nameCell(summary)} | ${nameCell(`${file}:${line}`)} |\n`;
        });
        const more = rest.length === 0 ? '' : `| ${count(rest.length)} more | not listed here | |\n`;
        return documents.length === 0 ? '' : `${HEAD}${text}${more}\n`;
      },
    ],
    room - sizeOf(head) - sizeOf(closing) - sizeOf(warningBlock(' ')),
  );
  return `${head}${warningBlock(warnings)}${table}${closing}`;
}

function factsLine({ documents }: Plan, { head, run }: PlanCommentFacts): string {
  return dotted([`head ${shortSha(head)}`, plural(documents.length, 'document'), '0 calls', run ? runLink(run) : '']);
}
