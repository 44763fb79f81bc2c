import type { Diagnostic, DriftResult, Effect, Plan, PlannedDocument, ValidateResult } from '../engine/types.ts';
import type { ErrorReport } from './options.ts';

/** A document of the stable interface (docs/reference.md). */
export interface JsonDocument {
  readonly format: string;
}

interface PlanJson extends Omit<Plan, 'documents'> {
  readonly documents: readonly (Omit<PlannedDocument, 'effects'> & { readonly effects: readonly object[] })[];
}

/** JSON.stringify writes lone surrogates as escapes; every escape is consumed whole, so that `\\ud800` stays text. */
const ESCAPE = /\\(?:u(?<surrogate>d[89a-f][0-9a-f]{2})|.)/gu;
/** Legal in JSON strings and not escaped by JSON.stringify: C1 controls, bidi, tags, separators, other ignorables. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}]/gu;
/** The Actions runner finds this anywhere in a line. */
const RUNNER_COMMAND = '##[';

/** One JSON document, indented by 2, closed by a newline; well-formed Unicode without raw control characters. */
export function renderJson(document: JsonDocument): string {
  return renderValue(publish(document));
}

/** One value for a file of its own, indented by 2, closed by a newline, escaped as everything else is. */
export function renderValue(value: object): string {
  return `${stringify(value, 2)}\n`;
}

/** One value on one line, closed by a newline, escaped as everything else is. */
export function renderLine(value: object): string {
  return `${stringify(value)}\n`;
}

/**
 * One event a line. First the document's format and plain fields; then an event for each item of its lists, named in
 * the singular (`document`, `action`, `guard`, `finding` …); at last `summary`, with the counts and the calls.
 */
export function renderNdjson(document: JsonDocument): string {
  const { summary, calls, replan, ...fields } = publish(document);
  const lists = Object.entries(fields).filter((field): field is [string, readonly unknown[]] =>
    Array.isArray(field[1]),
  );
  const head = Object.fromEntries(Object.entries(fields).filter(([, value]) => !Array.isArray(value)));
  const counts = Object.fromEntries(lists.map(([name, items]) => [name, items.length]));
  const events = lists.flatMap(([name, items]) => items.map((item) => ({ event: eventName(name), ...fieldsOf(item) })));
  const closing = { ...(summary ?? counts), calls, replan };
  const hasCounts = Object.values(closing).some((value) => value !== undefined);
  return [head, ...events, ...(hasCounts ? [{ event: 'summary', ...closing }] : [])]
    .map((event) => `${stringify(event)}\n`)
    .join('');
}

/** `trueup/plan@1` as printed: effects carry their data beside their code, records only where they are asked for. */
export function toPlanJson(plan: Plan, { records }: { readonly records: boolean }): PlanJson {
  const documents = plan.documents.map((document) => ({
    ...document,
    effects: document.effects.map((effect) => toEffectJson(effect, records)),
  }));
  return { ...plan, documents };
}

/** `trueup/error@1`. */
export function toErrorJson(error: ErrorReport): JsonDocument & { readonly error: ErrorReport } {
  return { format: 'trueup/error@1', error };
}

/** Leaves out what only the text report shows, whoever hands the document in. */
function publish(document: JsonDocument): Readonly<Record<string, unknown>> {
  if (isPlan(document)) return { ...toPlanJson(document, { records: true }) };
  if (isDrift(document)) {
    return { ...document, effects: document.effects.map((effect) => toEffectJson(effect, true)) };
  }
  if (!isValidate(document)) return { ...document };
  const { errors, warnings, ...fields } = document;
  return { ...fields, errors: errors.map(withoutFrame), warnings: warnings.map(withoutFrame) };
}

function isPlan(document: JsonDocument): document is Plan {
  return document.format === 'trueup/plan@1';
}

function isDrift(document: JsonDocument): document is DriftResult {
  return document.format === 'trueup/drift@1';
}

function isValidate(document: JsonDocument): document is ValidateResult {
  return document.format === 'trueup/validate@1';
}

function toEffectJson(effect: Effect, records: boolean): object {
  if (!('data' in effect)) return effect;
  const { data, ...head } = effect;
  const { records: items, ...rest } = data;
  return { ...head, ...rest, ...(records && items !== undefined && { records: items }) };
}

function withoutFrame({ frame: _frame, ...diagnostic }: Diagnostic): object {
  return diagnostic;
}

/** `findings` → `finding`; participles such as `done` stay. */
function eventName(list: string): string {
  return list.endsWith('s') ? list.slice(0, -1) : list;
}

function fieldsOf(item: unknown): object {
  return typeof item === 'object' && item !== null ? item : { id: item };
}

function stringify(value: unknown, indent?: number): string {
  return JSON.stringify(value, exactNumber, indent)
    .replace(ESCAPE, (escape, surrogate?: string) => (surrogate === undefined ? escape : '\ufffd'))
    .replace(INVISIBLE, unicodeEscape)
    .replaceAll(RUNNER_COMMAND, '##\\u005b');
}

/** Numbers that readers would round, or that JSON cannot hold, travel as strings. */
function exactNumber(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  if (!Number.isFinite(value)) return String(value);
  return Number.isInteger(value) ? String(BigInt(value)) : value;
}

function unicodeEscape(character: string): string {
  return Array.from({ length: character.length }, (_, unit) => {
    return `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  }).join('');
}
