import type { ApplyResult, DriftResult, ValidateResult } from '../../src/engine/types.ts';
import type { ErrorReport } from '../../src/report/options.ts';
import { drifted, hostilePlan, invalid, recordsEffect, refusedApply } from './fixtures.ts';

/** Results in which one text stands in every place that somebody else may name. */

export { hostilePlan } from './fixtures.ts';

export function hostileDrift(text: string): DriftResult {
  const place = { account: text, region: text };
  const object = { document: `ZoneMirror/${text}`, id: `ZoneMirror/${text}/${text}`, type: text, ...place };
  const hostile = { action: 'change', name: text, type: text } as const;
  const { findings, documents } = hostilePlan(text);
  return {
    ...drifted,
    complete: false,
    owner: text,
    drifted: [
      {
        ...object,
        resource: text,
        changes: [
          { path: text, before: text, after: { [text]: [text] }, cause: 'drift' },
          { path: `${text}.long`, before: text.repeat(200), after: `${text.repeat(200)}!`, cause: 'drift' },
        ],
        who: { actor: text, event: text, at: text, confidence: 'likely', eventId: text, how: 'other' },
      },
    ],
    missing: [{ ...object, document: `ZoneMirror/${text}2` }],
    orphans: [{ id: text, type: text, resource: text, ...place, action: 'none', why: text }],
    findings: [...findings, ...documents.flatMap((document) => document.findings)],
    effects: [
      recordsEffect(object.document, {
        primary: text,
        zone: text,
        records: [{ ...hostile, before: { ttl: 60, values: [text] }, after: { ttl: 60, values: [`${text}2`] } }],
      }),
    ],
  };
}

export function hostileApply(text: string): ApplyResult {
  const { guards } = hostilePlan(text);
  return {
    ...refusedApply,
    digest: text,
    done: [`${text}/done`],
    failed: [{ id: text, error: text }],
    skipped: [{ id: text, why: text }],
    refused: [{ document: text, differences: [{ id: text, path: text, message: text, reviewed: text, now: [text] }] }],
    guards,
  };
}

export function hostileInvalid(text: string): ValidateResult {
  const fault = {
    code: text,
    message: text,
    file: text,
    line: 3,
    column: 2,
    path: text,
    hint: text,
    frame: { first: 2, lines: [text, text, text], length: 4 },
  };
  return { ...invalid, errors: [fault], warnings: [fault] };
}

export function hostileError(text: string): ErrorReport {
  return { code: text, message: text, file: text, line: 1, column: 1, hint: text, [text]: [text, text] };
}
