import { scalarText } from '../engine/config/scalar-text.ts';
import type { Answers } from './answers.ts';

export const WORKFLOWS = ['plan', 'apply', 'drift'] as const;

/** What our own workflows say, in place of which a repository's own values are put. */
const OURS = {
  planRole: 'arn:aws:iam::111122223333:role/trueup-plan',
  applyRole: 'arn:aws:iam::111122223333:role/trueup-apply',
  action: /trueup-dev\/trueup@[0-9a-f]{40}/g,
} as const;

/**
 * One of our workflows with the values of a repository, and all else as it is.
 * @throws Error where our own file says one of them otherwise than is known here.
 */
export function workflowText(text: string, answers: Answers): string {
  const { planRole, applyRole, region, defaultBranch, action } = answers;
  const branch = scalarText(defaultBranch) ?? defaultBranch;
  const replaced = text
    .replaceAll(OURS.planRole, () => roleArn(answers, planRole))
    .replaceAll(OURS.applyRole, () => roleArn(answers, applyRole))
    .replaceAll(/(?<=^ +aws-region: )eu-west-1$/gm, () => region)
    .replaceAll(/(?<=^ +branches: \[)main(?=\]$)/gm, () => branch)
    .replaceAll(/(?<=^ +ref: )main$/gm, () => branch)
    .replaceAll(/(?<=refs\/heads\/)main(?=')/g, () => defaultBranch)
    .replaceAll(OURS.action, () => action);
  if (!replaced.includes(action)) throw new Error('a workflow does not use trueup');
  return replaced;
}

/** ARN of a role of the default account, by its name with its path. */
export function roleArn({ accounts: [account] }: Pick<Answers, 'accounts'>, name: string): string {
  return `arn:aws:iam::${account?.id ?? ''}:role/${name}`;
}
