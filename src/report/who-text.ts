import type { Culprit, Tool, Who } from '../engine/types.ts';
import { foldLong } from './fold.ts';
import { instant } from './format.ts';
import { indent, paragraph } from './layout.ts';
import type { Line, Style } from './style.ts';

/** Enough of an event's id to find it by eye; JSON has the whole. */
const SHORT_ID = 8;

const TOOLS: Readonly<Record<Tool, string>> = {
  console: ' in the console',
  cli: ' with the AWS CLI',
  sdk: ' with an SDK',
  terraform: ' with Terraform',
  other: '',
};

const NOT_VISIBLE_YET =
  'by whom is not visible yet: CloudTrail shows a change up to 15 minutes later, and keeps it for 90 days';

/** `2026-11-22 23:14 UTC by role ops/on-call in the console (ChangeResourceRecordSets, likely) · event 7d1c0a3e…` */
export function whoLines(who: Who | undefined, style: Style): readonly Line[] {
  if (!who) return [];
  const text =
    who.confidence === 'not visible yet'
      ? NOT_VISIBLE_YET
      : `${sentence(who, shortActor(who.actor))} · event ${who.eventId.slice(0, SHORT_ID)}…`;
  return paragraph(style, { lead: [indent(4)], hang: 6, text: foldLong(text, style) });
}

/** `changed 2026-11-23 10:41 UTC by arn:aws:sts::… (UpdateFunctionConfiguration, exact)`, as under a refusal. */
export function changedByLines(who: Culprit, style: Style): readonly Line[] {
  return paragraph(style, {
    lead: [indent(4)],
    hang: 6,
    text: foldLong(`changed ${sentence(who, who.actor)}`, style),
  });
}

function sentence({ at, event, confidence, how, sourceIdentity }: Culprit, actor: string): string {
  const behind = sourceIdentity === undefined ? '' : ` for ${sourceIdentity}`;
  return `${instant(at)} by ${actor}${behind}${TOOLS[how]} (${event}, ${confidence})`;
}

/** `role ops/on-call`, `user alice`, `the root user`; what is no ARN of IAM or STS stays as it is. */
export function shortActor(actor: string): string {
  const [, kind = '', name = ''] =
    /^arn:[a-z-]+:(?:iam|sts)::\d{12}:(assumed-role|federated-user|user|root)\/?(.*)$/su.exec(actor) ?? [];
  if (kind === 'root') return 'the root user';
  if (kind === '' || name === '') return actor;
  return `${kind === 'assumed-role' ? 'role' : kind} ${name}`;
}
