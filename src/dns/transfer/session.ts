import { randomInt } from 'node:crypto';
import { isIPv6 } from 'node:net';

import { foldName, formatName, parseName, ROOT } from '../name.ts';
import { openKey } from '../tsig/key.ts';
import { signQuery } from '../tsig/sign.ts';
import { AnswerVerifier } from '../tsig/verify.ts';
import type { WireName } from '../types.ts';
import { type QueryExtras, writeQuery } from '../wire/writer.ts';
import type { AnswerSink, Asked } from './answer.ts';
import { type Alarm, type Budgets, DEFAULT_BUDGETS } from './budgets.ts';
import { converse } from './connection.ts';
import {
  asFault,
  overBudget,
  type TransferCounts,
  TransferError,
  type TransferErrorCode,
  TransferFault,
  type TransferPlace,
  type TransferStage,
} from './errors.ts';
import type { ServerOptions } from './options.ts';
import { systemTimers, type Timers } from './timers.ts';

/** Further attempts after a failure that another attempt may not meet again, by its code. */
export type Retries = Readonly<Partial<Record<TransferErrorCode, number>>>;

/** What one kind of query is. */
export interface Inquiry<Result> {
  readonly type: number;
  readonly stage: Exclude<TransferStage, 'connect'>;
  readonly retries: Retries;
  readonly extras?: QueryExtras;
  open(asked: Asked): AnswerSink<Result>;
  onProgress?: ((counts: Readonly<TransferCounts>) => void) | undefined;
}

/** The counts are those of the attempt that succeeded, the seconds those of the whole session. */
export interface Reply<Result> extends TransferCounts {
  readonly result: Result;
  readonly seconds: number;
}

/** Queries for one name to one server; what they cost in time is counted together. */
export interface Session extends ServerOptions {
  /** Folded. */
  readonly name: WireName;
  readonly what: TransferPlace['what'];
  readonly budgets: Budgets;
  readonly now: () => number;
  readonly timers: Timers;
  readonly started: number;
  /** When there is no time left for anything, and which budget says so. */
  readonly end: Alarm;
}

/** Milliseconds before another attempt at a zone that changes while it is sent. */
const RETRY_PAUSE = 1000;

/** @throws DnsSyntaxError for a name that is none. */
export function openSession(options: ServerOptions, name: string, what: TransferPlace['what'] = 'Zone'): Session {
  const { now = Date.now, timers = systemTimers, deadline = Infinity } = options;
  // Text never ends in the root's octet: parseName wants it escaped.
  const wire = name.endsWith(ROOT) ? name : parseName(name, 'decimal');
  const budgets = { ...DEFAULT_BUDGETS, ...options.budgets };
  const started = timers.now();
  const total = started + budgets.total;
  const end: Alarm = deadline < total ? { name: 'out-of-time', at: deadline } : { name: 'total', at: total };
  return { ...options, name: foldName(wire), what, now, timers, budgets, started, end };
}

/** @throws TransferError; DnsSyntaxError for a key name that is none. */
export async function inquire<Result>(session: Session, inquiry: Inquiry<Result>): Promise<Reply<Result>> {
  const failures = new Map<TransferErrorCode, number>();
  let last: TransferCounts = { messages: 0, records: 0, bytes: 0 };
  for (;;) {
    if (session.timers.now() >= session.end.at) {
      const stage = failures.size === 0 ? 'connect' : inquiry.stage;
      throw failure(session, overBudget(session.end.name), stage, last);
    }
    try {
      return await attempt(session, inquiry);
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      const count = (failures.get(error.code) ?? 0) + 1;
      failures.set(error.code, count);
      if (count > (inquiry.retries[error.code] ?? 0)) throw error;
      last = error;
      if (error.code === 'zone-changed-during-transfer') await pause(session);
    }
  }
}

async function attempt<Result>(session: Session, inquiry: Inquiry<Result>): Promise<Reply<Result>> {
  const { host, port, localAddress, budgets, timers, end } = session;
  const counts: TransferCounts = { messages: 0, records: 0, bytes: 0 };
  let stage: TransferStage = 'connect';
  try {
    const { asked, query } = ask(session, inquiry);
    const sink = inquiry.open(asked);
    await converse({
      host,
      port,
      localAddress,
      query,
      budgets,
      end,
      timers,
      counts,
      onConnect: () => {
        stage = inquiry.stage;
      },
      take(message) {
        const next = sink.take(message);
        counts.records = sink.records;
        if (counts.records > budgets.records) throw overBudget('records');
        inquiry.onProgress?.({ ...counts });
        return next;
      },
    });
    return { result: sink.finish(), ...counts, seconds: secondsOf(session) };
  } catch (error) {
    const fault = asFault(error);
    if (!(fault instanceof TransferFault)) throw fault;
    throw failure(session, fault, stage, counts);
  }
}

function ask(session: Session, inquiry: Inquiry<unknown>): { asked: Asked; query: Buffer } {
  const { name: zone, tsig, now } = session;
  const { type, extras } = inquiry;
  const id = randomInt(0x10000);
  const query = writeQuery(id, zone, type, extras);
  if (tsig === undefined) return { asked: { id, zone, type, now }, query };
  const key = openKey(tsig);
  const signed = signQuery(query, key, Math.floor(now() / 1000));
  return { asked: { id, zone, type, now, verifier: new AnswerVerifier(key, signed.mac) }, query: signed.bytes };
}

function failure(session: Session, fault: TransferFault, stage: TransferStage, counts: TransferCounts): TransferError {
  const { host, port, name, what } = session;
  const primary = isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  const zone = formatName(name, 'decimal');
  return new TransferError(fault, { what, stage, primary, zone, seconds: secondsOf(session) }, counts);
}

/** To the millisecond. */
function secondsOf({ timers, started }: Session): number {
  return Math.round(timers.now() - started) / 1000;
}

/** Ends early where there is no time left for another attempt. */
function pause({ timers, end }: Session): Promise<void> {
  const wait = Math.max(0, Math.min(RETRY_PAUSE, end.at - timers.now()));
  return new Promise((resolve) => {
    timers.after(wait, resolve);
  });
}
