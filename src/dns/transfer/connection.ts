import { connect, type Socket } from 'node:net';

import { frame, FrameReader } from '../wire/frames.ts';
import type { Next } from './answer.ts';
import { type Alarm, type Budgets, BudgetWatch } from './budgets.ts';
import { overBudget, type TransferCounts, TransferFault, truncated } from './errors.ts';
import type { Timers } from './timers.ts';

/** Milliseconds to wait for the peer's FIN after the end, so that octets it sent beyond the end are noticed. */
const CLOSE_GRACE = 250;

export interface Conversation {
  readonly host: string;
  readonly port: number;
  readonly localAddress: string | undefined;
  readonly query: Buffer;
  readonly budgets: Budgets;
  /** By `timers`. */
  readonly end: Alarm;
  readonly timers: Timers;
  /** Counts up as octets and messages come. */
  readonly counts: TransferCounts;
  /** Told once the connection stands. */
  readonly onConnect: () => void;
  /** Takes the next message; a throw ends the conversation. */
  readonly take: (message: Buffer) => Next;
}

/**
 * Sends one query over a TCP connection of its own and hands over the messages that answer it. The connection is
 * closed when the promise settles.
 *
 * @throws TransferFault, and whatever `take` throws.
 */
export function converse(conversation: Conversation): Promise<void> {
  return new Promise((resolve, reject) => {
    new Connection(conversation, (error) => (error === undefined ? resolve() : reject(error))).open();
  });
}

class Connection {
  readonly #conversation: Conversation;
  readonly #report: (error?: Error) => void;
  readonly #socket: Socket;
  readonly #frames = new FrameReader();
  readonly #watch: BudgetWatch;
  #stage: 'connecting' | 'reading' | 'closing' | 'closed' = 'connecting';
  #stopTimer = (): void => {};

  constructor(conversation: Conversation, report: (error?: Error) => void) {
    const { host, port, localAddress, budgets, timers, end } = conversation;
    this.#conversation = conversation;
    this.#report = report;
    this.#watch = new BudgetWatch(budgets, timers.now(), end);
    this.#socket = connect({ host, port, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) });
  }

  open(): void {
    this.#socket.on('connect', () => this.#connected());
    this.#socket.on('data', (chunk) => this.#attempt(() => this.#read(chunk)));
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('close', () => this.#ended());
    this.#socket.on('error', (error) => this.#broken(error));
    this.#checkBudgets();
  }

  #connected(): void {
    this.#stage = 'reading';
    this.#conversation.onConnect();
    this.#watch.connected(this.#conversation.timers.now());
    this.#checkBudgets();
    this.#socket.write(frame(this.#conversation.query));
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#settle(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #read(chunk: Buffer): void {
    if (this.#stage === 'closed') return;
    if (this.#stage === 'closing') throw beyondTheEnd();
    const { budgets, counts, timers } = this.#conversation;
    const first = counts.bytes === 0;
    counts.bytes += chunk.length;
    if (counts.bytes > budgets.bytes) throw overBudget('bytes');
    this.#watch.received(chunk.length, timers.now());
    if (first) this.#checkBudgets();
    for (const message of this.#frames.push(chunk)) this.#deliver(message);
    if (this.#frames.pending > 0 && this.#isClosing()) throw beyondTheEnd();
  }

  #deliver(message: Buffer): void {
    if (this.#isClosing()) throw beyondTheEnd();
    // A length of zero is how some peers end a stream that they cannot finish.
    if (message.length === 0) throw truncated();
    this.#conversation.counts.messages += 1;
    if (this.#conversation.take(message) === 'more') return;
    this.#stage = 'closing';
    this.#stopTimer();
    this.#socket.end();
    this.#stopTimer = this.#conversation.timers.after(CLOSE_GRACE, () => this.#settle());
  }

  #isClosing(): boolean {
    return this.#stage === 'closing';
  }

  #ended(): void {
    this.#settle(this.#isClosing() ? undefined : truncated());
  }

  /** A reset after the connection stood is an early end like any other. */
  #broken(error: NodeJS.ErrnoException): void {
    if (this.#stage === 'connecting') this.#settle(unreachable(error));
    else this.#ended();
  }

  #checkBudgets(): void {
    this.#stopTimer();
    if (this.#stage !== 'connecting' && this.#stage !== 'reading') return;
    const { timers } = this.#conversation;
    const budget = this.#watch.struck(timers.now());
    if (budget !== undefined) {
      this.#settle(overBudget(budget));
      return;
    }
    const wait = Math.max(0, this.#watch.nextCheck() - timers.now());
    this.#stopTimer = timers.after(wait, () => this.#checkBudgets());
  }

  #settle(error?: Error): void {
    if (this.#stage === 'closed') return;
    this.#stage = 'closed';
    this.#stopTimer();
    this.#socket.destroy();
    this.#report(error);
  }
}

function beyondTheEnd(): TransferFault {
  return new TransferFault('protocol', 'octets follow the end of the answer');
}

function unreachable(error: NodeJS.ErrnoException): TransferFault {
  return new TransferFault('connection', `no connection (${error.code ?? error.message})`, {
    hints: ['Is TCP (not only UDP) open on the way, and does the primary listen on this address and port?'],
  });
}
