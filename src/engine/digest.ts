import { hash } from './value.ts';
import type { Action, Finding, GuardTrip, Plan, PlannedDocument } from './types.ts';

/** Raised when the rule of the seal changes, so that an old review is refused and not misread. */
export const SEAL_VERSION = 2;

interface Digested {
  readonly format: Plan['format'];
  readonly owner: string;
  readonly documents: readonly Pick<PlannedDocument, 'kind' | 'name' | 'seal' | 'findings'>[];
  readonly actions: readonly Action[];
  readonly guards: readonly GuardTrip[];
  readonly findings: readonly Finding[];
}

/** Is every change of it one that moves by itself? Such an action is shown and never sealed. */
export function isLive(action: Action): boolean {
  return action.action === 'update' && action.changes.length > 0 && action.changes.every(({ live }) => live);
}

function blocking(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'blocks');
}

/** SHA-256 over what a reviewer agrees to: not commit, effects, calls, the guards' `allow` lines, overrides, live fields. */
export function digestOf(plan: Digested): string {
  return hash({
    format: plan.format,
    seal: SEAL_VERSION,
    owner: plan.owner,
    documents: plan.documents.map(({ kind, name, seal, findings }) => ({
      kind,
      name,
      seal,
      findings: blocking(findings),
    })),
    actions: plan.actions
      .filter((action) => !isLive(action))
      .map((action) => ({ ...action, changes: action.changes.filter(({ live }) => !live) })),
    guards: plan.guards.map(({ code, document, about, message, sealed }) => ({
      code,
      document,
      about,
      message,
      sealed,
    })),
    findings: blocking(plan.findings),
  });
}
