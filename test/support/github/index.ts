import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contributionsOf } from './contributions.ts';
import type { Contributions } from './contributions.ts';
import { faultCounter } from './faults.ts';
import type { Fault } from './faults.ts';
import { openBare } from './git.ts';
import type { BareRepository, Files } from './git.ts';
import { peopleOf } from './people.ts';
import type { People } from './people.ts';
import { createApi } from './server.ts';
import type { LoggedRequest } from './server.ts';
import { createStorage } from './storage.ts';
import type { Settings, State } from './types.ts';
import { workflowRunsOf } from './workflow-runs.ts';
import type { WorkflowRuns } from './workflow-runs.ts';
import { ACTIONS_BOT, ALL_OF_A_JOB, issueToken } from './world.ts';
import type { World } from './world.ts';

export interface GithubOptions {
  /** `acme/estate`. */
  readonly repository?: string;
  readonly id?: number;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  /** Of the first commit. */
  readonly files?: Files;
  readonly faults?: readonly Fault[];
  /** Milliseconds, for what the API says of times; default: the real clock. */
  readonly now?: () => number;
  readonly settings?: Partial<Settings>;
}

/** A GitHub on loopback with one repository in it. Close it. */
export interface Github extends People, Contributions, WorkflowRuns {
  /** Of the API, without a slash at the end. */
  readonly url: string;
  readonly storageUrl: string;
  /** Of `github-actions[bot]`, with all that a job can be given. */
  readonly token: string;
  /** `acme/estate`. */
  readonly repository: string;
  readonly state: State;
  /** For makers of events and such, which show what the API shows. */
  readonly world: World;
  readonly git: BareRepository;
  /** May be changed at any time. */
  readonly faults: Fault[];
  readonly log: LoggedRequest[];
  /** The time that the API says from now on; undefined: that of `now` again. */
  setTime(at: number | undefined): void;
  now(): number;
  /** Requests that change something, in their order. */
  writes(): readonly LoggedRequest[];
  close(): Promise<void>;
}

const FIRST_ID = 2_000_000_001;

export async function openGithub(options: GithubOptions = {}): Promise<Github> {
  const { repository = 'acme/estate', defaultBranch = 'main', now = Date.now, files = {} } = options;
  const [login = '', name = ''] = repository.split('/');
  const git = openBare(defaultBranch);
  const settings: Settings = {
    defaultBranch,
    private: options.private ?? false,
    hasIssues: true,
    protection: {},
    rules: {},
    environments: {},
    actions: { enabled: true, allowed_actions: 'all', sha_pinning_required: false },
    workflow: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
    oidcSubject: 'ids',
    workflowStates: {},
    outsiders: [],
    treeLimit: 100_000,
    ...options.settings,
  };
  const owner = { login, id: 9_001, type: 'Organization' } as const;
  let lastId = FIRST_ID;
  let lastNumber = 0;
  let fixed: number | undefined;
  const world: World = {
    state: {
      owner,
      name,
      id: options.id ?? 700_100_200,
      settings,
      users: new Map([[ACTIONS_BOT.login, ACTIONS_BOT]]),
      tokens: new Map(),
      issues: new Map(),
      runs: new Map(),
      artifacts: new Map(),
      tarballs: new Map(),
    },
    git,
    url: '',
    storageUrl: '',
    now: () => fixed ?? now(),
    nextId: () => (lastId += 1),
    nextNumber: () => (lastNumber += 1),
  };
  const faults: Fault[] = [...(options.faults ?? [])];
  const log: LoggedRequest[] = [];
  const strikes = faultCounter(faults);
  const api = createApi(world, log, strikes);
  const storage = createStorage(world, log, strikes);
  world.url = await listen(api);
  world.storageUrl = await listen(storage);
  const contributions = contributionsOf(world);
  contributions.push(files, { message: 'first' });
  return {
    ...peopleOf(world),
    ...contributions,
    ...workflowRunsOf(world),
    url: world.url,
    storageUrl: world.storageUrl,
    token: issueToken(world, 'ghs_', { user: ACTIONS_BOT, permissions: ALL_OF_A_JOB }),
    repository,
    state: world.state,
    world,
    git,
    faults,
    log,
    setTime(at) {
      fixed = at;
    },
    now: world.now,
    writes: () => log.filter(({ method }) => method !== 'GET' && method !== 'HEAD'),
    async close() {
      await Promise.all([shut(api), shut(storage)]);
      git.close();
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function shut(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}
