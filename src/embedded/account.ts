import { embeddedPlugin } from './attach.ts';
import type { ClientRequest, EmbeddedPlugin } from './attach.ts';
import { identify } from './caller.ts';
import type { Caller } from './caller.ts';
import { openDeliveries } from './delivery/deliveries.ts';
import type { Deliveries } from './delivery/deliveries.ts';
import type { DeliveryPlan } from './delivery/plan.ts';
import { EnvironmentKilled, FaultPlan, latencyOf } from './faults.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { ClockReading, Host } from './host.ts';
import { authorize, isServiceError, lostReply, refusalOf, route } from './incoming-call.ts';
import type { IncomingCall, Route } from './incoming-call.ts';
import { openFunctions } from './lambda/functions.ts';
import { openPollers } from './lambda/pollers.ts';
import type { Pollers } from './lambda/pollers.ts';
import { Deferred } from './service.ts';
import type { CallContext } from './service.ts';
import { StaleReads } from './stale-reads.ts';
import type { Stale } from './stale-reads.ts';
import { Transaction, table } from './store/database.ts';
import type { Entry, State, Store } from './store/store.ts';
import { trailEvent } from './trail-event.ts';
import type { TrailEvent, TrailView } from './trail.ts';
import { checkDuration, turnClock } from './turn-clock.ts';

/** Calls that reached a service, by its name (`route-53`), throttled ones and retries included. */
export type CallCounts = Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;

/** What a call needs of the world; tests hand in their own. */
export interface World {
  /** A clock's reading in milliseconds since the epoch; the account's offset is added to it. */
  now(): number;
  /** What others may know of it, who cannot call it: it is the real one, or stands; undefined: nothing. */
  readonly clock?: 'real' | 'standing' | undefined;
  sleep(milliseconds: number): Promise<void>;
  /** Ends the process at once. */
  crash(): void;
  /** How CloudTrail tells what happened. */
  readonly trail?: Omit<TrailView, 'events'>;
}

/** How the account differs from one that is consistent and delivers at once. */
export interface Behaviour {
  readonly stale?: Stale | undefined;
  readonly delivery?: DeliveryPlan | undefined;
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
  readonly #deliveries: Deliveries;
  readonly #pollers: Pollers;
  readonly host: Host;

  constructor(store: Store, world: World, faults: readonly Fault[], { stale, delivery }: Behaviour = {}) {
    this.#store = store;
    this.#world = world;
    this.#faults = new FaultPlan(faults);
    this.#stale = stale && new StaleReads(stale, store.current().database.rows());
    this.plugin = embeddedPlugin((request) => this.#answer(request));
    const parts: Omit<Host, 'functions'> = {
      now: () => this.now(),
      reading: this.#reading(),
      elapse: (milliseconds) => this.elapse(milliseconds),
      answer: (request) => this.#answer(request),
      read: (look) => this.#read(look),
      change: (work) => this.change(work),
    };
    this.host = { ...parts, functions: openFunctions(parts) };
    this.#deliveries = openDeliveries(this.host, delivery);
    this.#pollers = openPollers(this.host, this.host.functions, delivery === undefined);
  }

  /** Milliseconds since the epoch by the account's clock. */
  now(): number {
    return this.#clock(this.#store.current());
  }

  /** Turns the clock forward, and does what is due on the way. */
  advance(milliseconds: number): Promise<void> {
    return turnClock(milliseconds, {
      host: this.host,
      deliveries: this.#deliveries,
      pollers: this.#pollers,
      settled: () => this.settled(),
    });
  }

  /** Ends when no event is waiting or running, and nothing is being delivered. */
  async settled(): Promise<void> {
    do {
      await this.#deliveries.settled();
      await this.#pollers.settled();
      await this.host.functions.settled();
    } while (this.#deliveries.isBusy() || this.#pollers.isBusy());
  }

  /** Lets time pass: the clock moves on, and nothing is struck. */
  elapse(milliseconds: number): void {
    checkDuration(milliseconds);
    this.change((data) => {
      data.put(clockOffset, 'offset', (data.get(clockOffset, 'offset') ?? 0) + milliseconds);
    });
    this.host.functions.timePassed();
  }

  #reading(): ClockReading | undefined {
    const { clock } = this.#world;
    if (clock === undefined) return undefined;
    const offset = (): number => offsetOf(this.#store.current());
    return clock === 'real' ? { runs: true, tell: offset } : { runs: false, tell: () => this.now() };
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
    const [changes, outcome] = this.#store.commit((state) => {
      const [entry, result] = work(state);
      const written = { ...entry, changes: this.#deliveries.arrange(entry.changes) };
      this.#stale?.note(written.changes, this.#clock(state));
      return [written, [written.changes, result] as const];
    });
    this.#deliveries.notice(changes);
    this.#pollers.notice(changes);
    return outcome;
  }

  events(): readonly TrailEvent[] {
    return structuredClone(this.#store.current().events());
  }

  close(): void {
    this.#deliveries.close();
    this.#pollers.close();
    this.host.functions.close();
    this.#store.close();
  }

  calls(): CallCounts {
    return Object.fromEntries([...this.#counts].map(([name, counts]) => [name, { ...counts }]));
  }

  #clock(state: State): number {
    return this.#world.now() + offsetOf(state);
  }

  #read<Result>(look: (data: Transaction, now: number) => Result): Result {
    const state = this.#store.current();
    return look(new Transaction(state.database), this.#clock(state));
  }

  async #answer(request: ClientRequest): Promise<object> {
    const call: IncomingCall = { ...route(request), request, region: request.region ?? 'us-east-1' };
    this.#count(call);
    const fault = this.#faults.strike(call.name, request.command, request.isOfFunction);
    if (fault === 'crash-before') this.#world.crash();
    if (fault === 'kill-before') throw new EnvironmentKilled(request.command);
    const latency = fault === undefined ? undefined : latencyOf(fault);
    if (latency !== undefined) await this.#world.sleep(latency);
    try {
      const outcome = this.#run(call, fault);
      const output = outcome instanceof Deferred ? await outcome.finish(this.host) : outcome;
      if (fault === 'kill-after') throw new EnvironmentKilled(request.command);
      if (fault === 'lost-reply') throw lostReply(request.command);
      return { $metadata: { httpStatusCode: 200, requestId: crypto.randomUUID() }, ...output };
    } catch (error) {
      if (fault === 'kill-after') throw new EnvironmentKilled(request.command);
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

function offsetOf({ database }: State): number {
  return database.get(clockOffset, 'offset') ?? 0;
}

type Outcome = { readonly output: object | Deferred } | { readonly error: Error };

function unwrap(outcome: Outcome): object | Deferred {
  if ('error' in outcome) throw outcome.error;
  return outcome.output;
}
