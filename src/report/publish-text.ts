import type { ApproveResult, GivenApproval, PublishedBundle, PublishResult } from '../bundle/result.ts';
import { closingLines, effortText, exitText } from './count-text.ts';
import { count, instant, plural, shortDigest } from './format.ts';
import { indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style } from './style.ts';

const INDENT = 4;
const EMPTY: Line = [];

/** Characters of a commit's id that people tell commits apart by. */
const SHORT_COMMIT = 12;

/** What lies where each loop reads it, and what to type so that it is applied. */
export function publishLines(result: PublishResult, options: RenderOptions, style: Style): readonly Line[] {
  const { bundles, calls } = result;
  const approvable = bundles.filter((bundle) => bundle.approvable);
  const number = (action: PublishedBundle['action']): number => bundles.filter((one) => one.action === action).length;
  const text = `Publish: ${count(number('published'))} published, ${count(number('unchanged'))} unchanged. ${effortText(calls, options.elapsed)}.`;
  return [
    ...bundles.flatMap((bundle) => bundleLines(bundle, style)),
    ...(approvable.length > 0 ? nextLines(approvable, style) : []),
    ...closingLines(style, text, exitText(options.exitCode)),
  ];
}

function bundleLines(bundle: PublishedBundle, style: Style): readonly Line[] {
  const { document, bucket, key, commit, committedAt, generation, digest, previous, action } = bundle;
  const isNew = action === 'published';
  return [
    titleLine(document, isNew ? (previous ? '~' : '+') : '=', style),
    ...said(`${isNew ? 'published to' : 'unchanged at'} s3://${bucket}/${key}`, style),
    ...said(`commit ${shortCommit(commit)} of ${instant(committedAt)}`, style),
    ...said(`generation ${count(generation)}, digest ${shortDigest(digest)}`, style),
    ...(previous
      ? said(`before: commit ${shortCommit(previous.commit)}, generation ${count(previous.generation)}`, style)
      : []),
    EMPTY,
  ];
}

/** Which plans are approved now, of which bundle. */
export function approveLines(result: ApproveResult, options: RenderOptions, style: Style): readonly Line[] {
  const { approvals, calls } = result;
  const text = `Approve: ${plural(approvals.length, 'approval')}. ${effortText(calls, options.elapsed)}.`;
  return [
    ...approvals.flatMap((approval) => approvalLines(approval, style)),
    ...closingLines(style, text, exitText(options.exitCode)),
  ];
}

function approvalLines(approval: GivenApproval, style: Style): readonly Line[] {
  const { document, bucket, key, bundle, commit, generation, plans, action } = approval;
  const digests = plans.map(({ digest }) => shortDigest(digest)).join(', ');
  const of = `bundle ${shortDigest(bundle)}: commit ${shortCommit(commit)}, generation ${count(generation)}`;
  return [
    titleLine(document, action === 'unchanged' ? '=' : action === 'extended' ? '~' : '+', style),
    ...said(
      `${action === 'unchanged' ? 'approved already' : 'approved'}: ${plural(plans.length, 'plan')} ${digests}`,
      style,
    ),
    ...said(of, style),
    ...said(`at s3://${bucket}/${key}; its next run applies them`, style),
    EMPTY,
  ];
}

function titleLine(document: string, symbol: '+' | '~' | '=', style: Style): Line {
  const tone = ({ '+': 'add', '~': 'change', '=': 'dim' } as const)[symbol];
  return [style.say(symbol, tone), indent(1), style.say(document, 'strong')];
}

function said(text: string, style: Style): readonly Line[] {
  return paragraph(style, { lead: [indent(INDENT)], hang: INDENT + 2, text: style.text(text) });
}

function nextLines(bundles: readonly PublishedBundle[], style: Style): readonly Line[] {
  const [only] = bundles;
  const scope = only && bundles.length === 1 ? ` --only ${only.document}` : '';
  // Commands are copied: they stay whole.
  return [
    [style.say('to let it be applied:')],
    [indent(2), style.say('trueup plan --out plan.json')],
    [indent(2), style.say(`trueup approve --plan plan.json${scope}`)],
    EMPTY,
  ];
}

function shortCommit(commit: string): string {
  return commit.slice(0, SHORT_COMMIT);
}
