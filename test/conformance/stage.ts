import { skippingClock } from '../support/skipping-clock.ts';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedAccount, Fault, Stale } from '../../src/embedded/index.ts';
import { openOver } from '../../src/embedded/open.ts';
import { State } from '../../src/embedded/store/store.ts';
import type { Store } from '../../src/embedded/store/store.ts';
import type { RowChange } from '../../src/embedded/store/database.ts';
import { applyEstate } from '../../src/engine/apply.ts';
import type { Need } from '../../src/engine/needs.ts';
import { planEstate } from '../../src/engine/plan.ts';
import { hash } from '../../src/engine/value.ts';
import type { ApplyResult, Desired, DriftResult, Kind, Plan, ResourceType } from '../../src/engine/types.ts';
import { apply } from '../../src/operations/apply.ts';
import { applyNeeds } from '../../src/operations/preflight.ts';
import { drift } from '../../src/operations/drift.ts';
import { plan, planRequest } from '../../src/operations/plan.ts';
import type { CommandOptions } from '../../src/operations/plan.ts';
import { loadConfig } from '../../src/operations/project.ts';
import type { Project } from '../../src/operations/project.ts';
import { silent } from '../../src/operations/reporter.ts';
import { connect, createWorld } from '../../src/operations/world.ts';
import { mortalStore } from './mortal-store.ts';

/** What an account holds, to be put back. */
export type Snapshot = readonly RowChange[];

/** Changes what a kind asks for. */
export type Bend = (desired: Desired) => Desired;

/** One process of trueup at the account: its own faults, its own life. */
export interface Process {
  readonly account: EmbeddedAccount;
  plan(options?: Partial<CommandOptions>): Promise<Plan>;
  apply(reviewed?: Plan): Promise<ApplyResult>;
  drift(): Promise<DriftResult>;
  /** The same with other desired resources than the kinds ask for: a version of trueup that wants something else. */
  bent(bend: Bend): Pick<Process, 'plan' | 'apply'>;
  /** Calls made so far, STS and the lease included. */
  calls(): number;
  writes(): number;
}

/** A configuration directory and an account, in which processes come and go. */
export interface Stage {
  write(file: string, yaml: string): void;
  read(file: string): string;
  remove(file: string): void;
  load(): Promise<Project>;
  /** Types with fresh eyes, as an administrator of the account has them. */
  types(): Promise<ReadonlyMap<string, ResourceType>>;
  process(faults?: readonly Fault[]): Process;
  /** Its reads show the state of so many milliseconds ago, but for S3 and STS. */
  lagging(milliseconds: number): Process;
  /** Permissions that an apply of what is planned now takes. */
  needs(): Promise<readonly Need[]>;
  /** Is killed right after its write number `writes`, 0: before its first call. Nothing that it sends later arrives. */
  doomed(writes: number): Process;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
  /** Hash of all that the account holds, but for its clock, its sessions and its lease: those move with every run. */
  state(): string;
  close(): void;
}

/** One reading for all: what differs between two plans is never the time. */
const NOW = Date.parse('2026-11-24T10:00:00Z');

const SETTINGS = `
apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts: { prod: { id: "111122223333" } }
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
  tags: { team: network }
  guards: { deletes: { percent: 100, count: 1000 } }
`;

/** Services whose reads may lag behind their writes (their API references). */
const LATE = [
  'cloudwatch',
  'cloudwatch-logs',
  'dynamodb',
  'eventbridge',
  'iam',
  'lambda',
  'resource-groups-tagging-api',
  'route-53',
  'sns',
  'sqs',
];

/** Tables, and the counter, that move with every run. */
const MOVING = /^(?:clock$|s3\/objects|sts\/)/;
const SESSIONS = 'sts/sessions';

/** What stands in the account before anything is done, and what of Settings a kind takes. */
export interface Prepared {
  prepare(account: EmbeddedAccount): void | Promise<void>;
  readonly settings?: (yaml: string) => string;
}

export function createStage({ prepare, settings = (yaml) => yaml }: Prepared): Stage {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-conformance-'));
  mkdirSync(join(directory, 'config'));
  let state = new State();
  const store: Store = {
    current: () => state,
    commit(work) {
      const [entry, result] = work(state);
      state.apply(entry);
      return result;
    },
    note: (events) => state.apply({ changes: [], events }),
    close() {},
  };
  const opened: EmbeddedAccount[] = [];

  function open(faults: readonly Fault[] = [], stale?: Stale, life = store): EmbeddedAccount {
    const account = openOver(() => life, {
      now: () => NOW,
      faults,
      ...(stale && { stale }),
      sleep: async () => {},
    });
    opened.push(account);
    return account;
  }

  function process(account: EmbeddedAccount): Process {
    const endpoint = { kind: 'embedded', account } as const;
    const sum = (which: 'reads' | 'writes'): number =>
      Object.values(account.calls()).reduce((all, calls) => all + calls[which], 0);
    return {
      account,
      plan: async (options) => plan(await stage.load(), { endpoint, ...options }),
      async apply(reviewed) {
        const copy = reviewed && (JSON.parse(JSON.stringify(reviewed)) as Plan);
        const options = { endpoint, leaseClock: skippingClock(), ...(copy && { reviewed: copy }) };
        const { result } = await apply(await stage.load(), options);
        if (!result) throw new Error('nothing was confirmed');
        return result;
      },
      drift: async () => drift(await stage.load(), { endpoint }),
      bent(bend) {
        async function lookBent() {
          const { project, world } = await look(account);
          const kinds = [...world.kinds].map(([name, kind]): [string, Kind] => [
            name,
            { ...kind, compile: (document, estate) => kind.compile(document, estate).map(bend) },
          ]);
          const other = { ...world, kinds: new Map(kinds) };
          return { world: other, run: await planEstate(other, planRequest(project, {})) };
        }
        return {
          plan: async () => (await lookBent()).run.plan,
          async apply() {
            const { world, run } = await lookBent();
            const stop = new AbortController().signal;
            return applyEstate(world, { fresh: run, overrides: [], stop, onStep() {}, onEnd() {} });
          },
        };
      },
      calls: () => sum('reads') + sum('writes'),
      writes: () => sum('writes'),
    };
  }

  /** Everything of a command but its verb. */
  async function look(account: EmbeddedAccount) {
    const project = await stage.load();
    const options = {
      endpoint: { kind: 'embedded', account },
      role: 'apply',
      listing: 'always',
      reporter: silent,
    } as const;
    const aws = connect(project, options);
    return { project, aws, world: createWorld(project, aws, options) };
  }

  /** The configuration as it stands: files that did not change are not read again for each process. */
  let loaded: Promise<Project> | undefined;

  async function read(): Promise<Project> {
    const { project, result } = await loadConfig(join(directory, 'config'), { cwd: directory, now: NOW });
    if (!project) throw new Error(JSON.stringify(result.errors, null, 1));
    return project;
  }

  const stage: Stage = {
    write(file, yaml) {
      writeFileSync(join(directory, 'config', file), yaml);
      loaded = undefined;
    },
    read: (file) => readFileSync(join(directory, 'config', file), 'utf8'),
    remove(file) {
      rmSync(join(directory, 'config', file));
      loaded = undefined;
    },
    async load() {
      await prepared;
      return (loaded ??= read());
    },
    async types() {
      return (await look(open())).world.types;
    },
    process: (faults) => process(open(faults)),
    lagging: (milliseconds) => process(open([], { milliseconds, services: LATE })),
    async needs() {
      const { project, aws, world } = await look(open());
      return applyNeeds(project, aws, world, await planEstate(world, planRequest(project, {})));
    },
    doomed: (writes) => process(open([], undefined, mortalStore(store, writes))),
    snapshot: () => structuredClone([...state.database.rows()]),
    restore(snapshot) {
      state = new State();
      state.apply({ changes: structuredClone(snapshot), events: [] });
    },
    state() {
      const rows = [...state.database.rows()].filter(([table, row]) => !MOVING.test(table) && row !== SESSIONS);
      return hash(rows);
    },
    close() {
      for (const account of opened) account.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  stage.write('settings.yaml', settings(SETTINGS));
  const prepared = prepare(stage.process().account);
  return stage;
}
