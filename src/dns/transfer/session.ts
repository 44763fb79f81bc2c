import { randomInt } from 'node:crypto';
import { isIPv6 } from 'node:net';

import { foldName, formatName, parseName, ROOT } from '../name.ts';
import { openKey } from '../tsig/key.ts';
import { signQuery } from '../tsig/sign.ts';
import { AnswerVerifier } from '../tsig/verify.ts';
import type { WireName } from '../types.ts';
import { writeQuery } from '../wire/writer.ts';
import type { AnswerSink, Asked } from './answer.ts';
import { type Budgets, DEFAULT_BUDGETS } from './budgets.ts';
import { converse } from './connection.ts';
import {
  asFault,
  overBudget,
  type TransferCounts,
  TransferError,
  type TransferErrorCode,
  TransferFault,
  type TransferStage,
} from './errors.ts';
import type { PrimaryOptions } from './options.ts';
import { systemTimers, type Timers } from './timers.ts';

/** What one kind of query is. */
export interface Inquiry<Result> {
  readonly type: number;
  readonly stage: TransferStage;
  open(asked: Asked): AnswerSink<Result>;
  onProgress?: ((counts: Readonly<TransferCounts>) => void) | undefined;
}

export interface Reply<Result> extends TransferCounts {
  readonly result: Result;
  readonly seconds: number;
}

/** Further attempts after a failure that another attempt may not meet again (specification "Failure table"). */
const RETRIES: Readonly<Partial<Record<TransferErrorCode, number>>> = {
  'transfer-truncated': 1,
  'zone-changed-during-transfer': 3,
};

/** Milliseconds before another attempt at a zone that changes while it is sent. */
const RETRY_PAUSE = 1000;

/** @throws TransferError; DnsSyntaxError for a zone or key name that is none. */
export async function inquire<Result>(options: PrimaryOptions, inquiry: Inquiry<Result>): Promise<Reply<Result>> {
  const session = openSession(options);
  const failures = new Map<TransferErrorCode, number>();
  for (;;) {
    try {
      return await attempt(session, inquiry);
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      const count = (failures.get(error.code) ?? 0) + 1;
      failures.set(error.code, count);
      if (count > (RETRIES[error.code] ?? 0)) throw error;
      if (error.code === 'zone-changed-during-transfer') await pause(session.timers);
    }
  }
}

interface Session extends PrimaryOptions {
  readonly zone: WireName;
  readonly budgets: Budgets;
  readonly now: () => number;
  readonly timers: Timers;
  readonly started: number;
}

function openSession(options: PrimaryOptions): Session {
  const { zone, now = Date.now, timers = systemTimers } = options;
  // Text never ends in the root's octet: parseName wants it escaped.
  const name = zone.endsWith(ROOT) ? zone : parseName(zone, 'decimal');
  const budgets = { ...DEFAULT_BUDGETS, ...options.budgets };
  return { ...options, zone: foldName(name), now, timers, budgets, started: timers.now() };
}

async function attempt<Result>(session: Session, inquiry: Inquiry<Result>): Promise<Reply<Result>> {
  const { host, port, localAddress, budgets, timers, started } = session;
  const counts: TransferCounts = { messages: 0, records: 0, bytes: 0 };
  const seconds = (): number => (timers.now() - started) / 1000;
  let stage: TransferStage = 'connect';
  try {
    const { asked, query } = ask(session, inquiry.type);
    const sink = inquiry.open(asked);
    await converse({
      host,
      port,
      localAddress,
      query,
      budgets,
      deadline: started + budgets.total,
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
    return { result: sink.finish(), ...counts, seconds: seconds() };
  } catch (error) {
    const fault = asFault(error);
    if (!(fault instanceof TransferFault)) throw fault;
    const primary = isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
    const zone = formatName(session.zone, 'decimal');
    throw new TransferError(fault, { stage, primary, zone, seconds: seconds() }, counts);
  }
}

function ask(session: Session, type: number): { asked: Asked; query: Buffer } {
  const { zone, tsig, now } = session;
  const id = randomInt(0x10000);
  const query = writeQuery(id, zone, type);
  if (tsig === undefined) return { asked: { id, zone, type, now }, query };
  const key = openKey(tsig);
  const signed = signQuery(query, key, Math.floor(now() / 1000));
  return { asked: { id, zone, type, now, verifier: new AnswerVerifier(key, signed.mac) }, query: signed.bytes };
}

function pause(timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    timers.after(RETRY_PAUSE, resolve);
  });
}
