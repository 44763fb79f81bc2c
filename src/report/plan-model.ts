import type { Action, Address, Effect, Finding, Pause, Plan, PlannedDocument, Verb } from '../engine/types.ts';
import { byDocument } from './by-document.ts';
import { recordsOf } from './records.ts';
import type { Tone } from './style.ts';

/** `!` and `✗` stand for documents in which nothing is planned but something is to be known or stands in the way. */
type Symbol = '+' | '~' | '-' | '±' | '>' | '<' | '!' | '✗' | '=';

/** One document with everything that is planned for it. */
export interface Block {
  readonly address: Address;
  readonly symbol: Symbol;
  /** `file:line`; a document that is no longer declared has none. */
  readonly place?: string;
  /** What the document is; said where it is new. */
  readonly summary?: string;
  readonly effects: readonly Effect[];
  readonly actions: readonly Action[];
  readonly findings: readonly Finding[];
  readonly paused?: Pause;
}

export interface PlanModel {
  /** Documents worth a block: with actions, warnings, blocks or a pause. */
  readonly blocks: readonly Block[];
  readonly documents: number;
  readonly changed: number;
  /** Documents that are no longer declared and of which something is left. */
  readonly removed: number;
  /** Documents in which everything is as it should be. */
  readonly calm: number;
  /** What is to be known of calm documents, and of the plan as a whole. */
  readonly notes: readonly Finding[];
  /** Objects that could not be looked at. */
  readonly unknown: number;
  /** Calm documents whose zone is transferred without a signature. */
  readonly unsigned: readonly Address[];
  /** More than one account or region: every action says its own. */
  readonly isSpread: boolean;
}

const VERB_SYMBOLS: Readonly<Record<Verb, Symbol>> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
  adopt: '>',
  release: '<',
  mark: '~',
};

const SYMBOL_TONES: Readonly<Record<Symbol, Tone>> = {
  '+': 'add',
  '~': 'change',
  '-': 'delete',
  '±': 'delete',
  '>': 'change',
  '<': 'change',
  '!': 'change',
  '✗': 'delete',
  '=': 'dim',
};

/** The code by which the engine says that something could not be looked at. */
const UNKNOWN_CODE = 'unknown';
const SEVERITIES: readonly Finding['severity'][] = ['blocks', 'warning', 'info'];

export function verbSymbol(verb: Verb): readonly [symbol: string, tone: Tone] {
  const symbol = VERB_SYMBOLS[verb];
  return [symbol, SYMBOL_TONES[symbol]];
}

export function symbolTone(symbol: Symbol): Tone {
  return SYMBOL_TONES[symbol];
}

/** Groups a plan by document, in the plan's order; documents that only their actions name come last. */
export function modelPlan(plan: Plan): PlanModel {
  const actions = byDocument(plan.actions);
  const declared = new Set(plan.documents.map(addressOf));
  const removed = [...actions.keys()].filter((address) => !declared.has(address));
  const all = [
    ...plan.documents.map((document) => blockOf(document, actions.get(addressOf(document)) ?? [])),
    ...removed.map((address) => removedBlock(address, actions.get(address) ?? [])),
  ];
  const calm = all.filter(isCalm);
  const findings = [...plan.findings, ...plan.documents.flatMap((document) => document.findings)];
  return {
    blocks: all.filter((block) => !isCalm(block)),
    documents: plan.documents.length,
    changed: all.filter((block) => block.actions.length > 0).length - removed.length,
    removed: removed.length,
    calm: calm.length,
    notes: [...plan.findings, ...calm.flatMap((block) => block.findings)],
    unknown: findings.filter(({ code }) => code === UNKNOWN_CODE).length,
    unsigned: calm.filter(isUnsigned).map(({ address }) => address),
    isSpread: new Set(plan.actions.map(({ account, region }) => `${account} ${region}`)).size > 1,
  };
}

function blockOf(document: PlannedDocument, actions: readonly Action[]): Block {
  const { file, line, summary, effects, paused } = document;
  const findings = bySeverity(document.findings);
  const isNew = actions.length > 0 && actions.every(({ action }) => action === 'create');
  return {
    address: addressOf(document),
    symbol: symbolOf(actions, findings),
    place: `${file}:${line}`,
    ...(isNew && { summary }),
    effects,
    actions,
    findings,
    ...(paused && { paused }),
  };
}

function removedBlock(address: Address, actions: readonly Action[]): Block {
  return { address, symbol: VERB_SYMBOLS.delete, effects: [], actions, findings: [] };
}

function symbolOf(actions: readonly Action[], findings: readonly Finding[]): Symbol {
  const symbols = new Set(actions.map(({ action }) => VERB_SYMBOLS[action]));
  const [only] = symbols;
  if (only !== undefined) return symbols.size === 1 ? only : '~';
  const worst = findings[0]?.severity;
  if (worst === 'blocks') return '✗';
  return worst === 'warning' ? '!' : '=';
}

function isCalm({ actions, findings, paused }: Block): boolean {
  return actions.length === 0 && paused === undefined && findings.every(({ severity }) => severity === 'info');
}

function isUnsigned({ effects }: Block): boolean {
  return effects.some((effect) => recordsOf(effect)?.tsig === 'none');
}

function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}

function addressOf({ kind, name }: PlannedDocument): Address {
  return `${kind}/${name}`;
}
