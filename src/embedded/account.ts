import { embeddedPlugin } from './attach.ts';
import type { ClientRequest, EmbeddedPlugin } from './attach.ts';
import { identify } from './caller.ts';
import type { Caller } from './caller.ts';
import { EmbeddedError } from './errors.ts';
import { FaultPlan, latencyOf } from './faults.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { Host } from './host.ts';
import { authorize, isServiceError, lostReply, refusalOf, route } from './incoming-call.ts';
import type { IncomingCall, Route } from './incoming-call.ts';
import { openFunctions } from './lambda/functions.ts';
import { clockworks } from './services.ts';
import { Deferred } from './service.ts';
import type { CallContext, Delivery } from './service.ts';
import { StaleReads } from './stale-reads.ts';
import type { Stale } from './stale-reads.ts';
import { Transaction, table } from './store/database.ts';
import type { Entry, State, Store } from './store/store.ts';
import { trailEvent } from './trail-event.ts';
import type { TrailEvent, TrailView } from './trail.ts';

/** Calls that reached a service, by its name (`route-53`), throttled ones and retries included. */
export type CallCounts = Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;

/** What a call needs of the world; tests hand in their own. */
export interface World {
  /** A clock's reading in milliseconds since the epoch; the account's offset is added to it. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Ends the process at once. */
  crash(): void;
  /** How CloudTrail tells what happened. */
  readonly trail?: Omit<TrailView, 'events'>;
}

const clockOffset = table<number>('clock');

/** Answers API calls from the state in a store. */
export class Account {
  readonly plugin: EmbeddedPlugin;
  readonly #store: Store;
  readonly #world: World;
  readonly #faults: FaultPlan;
  readonly #stale: StaleReads | undefined;
  readonly #counts = new Map<string, { reads: number; writes: number }>();
  readonly host: Host;

  constructor(store: Store, world: World, faults: readonly Fault[], stale?: Stale) {
    this.#store = store;
    this.#world = world;
    this.#faults = new FaultPlan(faults);
    this.#stale = stale && new StaleReads(stale, store.current().database.rows());
    this.plugin = embeddedPlugin((request) => this.#answer(request));
    const parts: Omit<Host, 'functions'> = {
      now: () => this.now(),
      elapse: (milliseconds) => this.elapse(milliseconds),
      answer: (request) => this.#answer(request),
      read: (look) => this.#read(look),
      change: (work) => this.change(work),
    };
    this.host = { ...parts, functions: openFunctions(parts) };
  }

  /** Milliseconds since the epoch by the account's clock. */
  now(): number {
    return this.#clock(this.#store.current());
  }

  /** Turns the clock forward; what is due on the way is struck at its moment, one moment after the other. */
  async advance(milliseconds: number): Promise<void> {
    checkDuration(milliseconds);
    await this.host.functions.settled();
    const end = this.now() + milliseconds;
    let last = this.now();
    for (let at = this.#nextDue(last, end); at !== undefined; at = this.#nextDue(last, end)) {
      last = at;
      this.#turnTo(at);
      for (const delivery of this.#strike(at)) await this.host.functions.deliver(delivery);
      await this.host.functions.settled();
      this.#settle();
    }
    this.#turnTo(end);
    this.#settle();
  }

  /** Lets time pass: the clock moves on, and nothing is struck. */
  elapse(milliseconds: number): void {
    checkDuration(milliseconds);
    this.change((data) => {
      data.put(clockOffset, 'offset', (data.get(clockOffset, 'offset') ?? 0) + milliseconds);
    });
  }

  /** Changes the state beside any service: no caller, no event. */
  change<Result>(work: (data: Transaction, now: number) => Result): Result {
    return this.#commit((state) => {
      const data = new Transaction(state.database);
      const result = work(data, this.#clock(state));
      return [{ changes: data.changes(), events: [] }, result];
    });
  }

  #commit<Result>(work: (state: State) => readonly [Entry, Result]): Result {
    return this.#store.commit((state) => {
      const [entry, result] = work(state);
      this.#stale?.note(entry.changes, this.#clock(state));
      return [entry, result];
    });
  }

  events(): readonly TrailEvent[] {
    return structuredClone(this.#store.current().events());
  }

  close(): void {
    this.host.functions.close();
    this.#store.close();
  }

  calls(): CallCounts {
    return Object.fromEntries([...this.#counts].map(([name, counts]) => [name, { ...counts }]));
  }

  #clock(state: State): number {
    return this.#world.now() + (state.database.get(clockOffset, 'offset') ?? 0);
  }

  #read<Result>(look: (data: Transaction, now: number) => Result): Result {
    const state = this.#store.current();
    return look(new Transaction(state.database), this.#clock(state));
  }

  #nextDue(after: number, end: number): number | undefined {
    const moments = this.#read((data) => clockworks().flatMap((clockwork) => clockwork.due(after, data) ?? []));
    const next = Math.min(...moments);
    return next <= end ? next : undefined;
  }

  /** The clock may be there already: time passes while functions run. */
  #turnTo(at: number): void {
    const ahead = at - this.now();
    if (ahead > 0) this.elapse(ahead);
  }

  #strike(at: number): readonly Delivery[] {
    const deliveries: Delivery[] = [];
    this.change((data) => {
      const due = clockworks().filter((clockwork) => clockwork.due(at - 1, data) === at);
      for (const clockwork of due) deliveries.push(...clockwork.strike(at, data));
    });
    return deliveries;
  }

  #settle(): void {
    this.change((data, now) => {
      for (const clockwork of clockworks()) clockwork.settle?.(now, data);
    });
  }

  async #answer(request: ClientRequest): Promise<object> {
    const call: IncomingCall = { ...route(request), request, region: request.region ?? 'us-east-1' };
    this.#count(call);
    const fault = this.#faults.strike(call.name, request.command);
    if (fault === 'crash-before') this.#world.crash();
    const latency = fault === undefined ? undefined : latencyOf(fault);
    if (latency !== undefined) await this.#world.sleep(latency);
    try {
      const outcome = this.#run(call, fault);
      const output = outcome instanceof Deferred ? await outcome.finish(this.host) : outcome;
      if (fault === 'lost-reply') throw lostReply(request.command);
      return { $metadata: { httpStatusCode: 200, requestId: crypto.randomUUID() }, ...output };
    } catch (error) {
      if (!isServiceError(error)) throw error;
      throw call.service.asSeen?.(request.command, error) ?? error;
    } finally {
      if (fault === 'crash-after') this.#world.crash();
    }
  }

  #count({ name, operation }: Route): void {
    const counts = this.#counts.get(name) ?? { reads: 0, writes: 0 };
    counts[operation.kind === 'read' ? 'reads' : 'writes'] += 1;
    this.#counts.set(name, counts);
  }

  #run(call: IncomingCall, fault: FaultKind | undefined): object | Deferred {
    if (call.operation.kind === 'write') {
      return unwrap(this.#commit((state) => this.#perform(call, fault, state)));
    }
    const [entry, outcome] = this.#perform(call, fault, this.#store.current());
    this.#store.note(entry.events);
    return unwrap(outcome);
  }

  #perform(call: IncomingCall, fault: FaultKind | undefined, state: State): readonly [Entry, Outcome] {
    const data = new Transaction(state.database);
    const now = this.#clock(state);
    let caller: Caller | undefined;
    let recorded: object = call.request.input;
    try {
      caller = identify(call.request.accessKeyId, data, now);
      const trail = { delay: 0, ...this.#world.trail, events: () => state.events() };
      const { trace } = call.request;
      const context: CallContext = { caller, region: call.region, now, data, trail, trace };
      recorded = call.operation.recorded?.(call.request.input, context) ?? recorded;
      const refusal = refusalOf(fault, call, caller);
      if (refusal !== undefined) throw refusal;
      const input = structuredClone(call.request.input);
      authorize(call, input, context);
      const answer = call.operation.run(input, this.#asSeenBy(call, context));
      const output = answer instanceof Deferred ? answer : structuredClone(answer);
      return [{ changes: data.changes(), events: [trailEvent({ ...call, recorded }, caller, now)] }, { output }];
    } catch (error) {
      if (!isServiceError(error)) throw error;
      return [{ changes: [], events: [trailEvent({ ...call, recorded }, caller, now, error)] }, { error }];
    }
  }

  /** Who asks and what he may is judged by what is; a write is judged by it too. */
  #asSeenBy({ name, operation }: Route, context: CallContext): CallContext {
    const past = operation.kind === 'read' ? this.#stale?.seenBy(name, context.now) : undefined;
    return past ? { ...context, data: new Transaction(past) } : context;
  }
}

type Outcome = { readonly output: object | Deferred } | { readonly error: Error };

function unwrap(outcome: Outcome): object | Deferred {
  if ('error' in outcome) throw outcome.error;
  return outcome.output;
}

function checkDuration(milliseconds: number): void {
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return;
  throw new EmbeddedError(
    'TU4015',
    `The clock of an embedded account cannot advance by ${milliseconds}.`,
    'Give a number of milliseconds from 0.',
  );
}
