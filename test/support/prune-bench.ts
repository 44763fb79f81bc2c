import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { exitOfApply, exitOfPlan } from '../../src/cli/exit-codes.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, Fault } from '../../src/embedded/index.ts';
import type { ApplyResult, Plan } from '../../src/engine/types.ts';
import { apply } from '../../src/operations/apply.ts';
import { plan } from '../../src/operations/plan.ts';
import { NOW, createEstate, mirror } from './estate.ts';
import type { EstateOptions, TestEstate } from './estate.ts';

/** Mirrors that were applied, some of which lose their documents. */
export interface PruneBench extends TestEstate {
  declare(name: string, rest?: { readonly metadata?: string; readonly spec?: readonly string[] }): void;
  remove(...names: readonly string[]): void;
  /** Appends lines to `spec` of Settings. */
  settings(...lines: readonly string[]): void;
  /** Puts the guards' lines into Settings, as the plan prints them. */
  override(plan: Plan): void;
  /** Writing calls of all services but STS: a role is assumed to look, too. */
  allWrites(): number;
  git(...args: readonly string[]): void;
  commit(): void;
}

export const OPEN = '  guards: { deletes: { percent: 100, count: 1000 } }';

export async function createPruneBench(
  names: readonly string[],
  options: EstateOptions & { readonly undeployed?: true } = {},
): Promise<PruneBench> {
  const { undeployed, ...rest } = options;
  const estate = await createEstate(rest);
  const bench: PruneBench = {
    ...estate,
    declare(name, { metadata = '', spec = [] } = {}) {
      const yaml = mirror(estate, spec, name, `${name}.test`);
      estate.write(
        `${name}.yaml`,
        yaml.replace(`{ name: ${name} }`, `{ name: ${name}${metadata && `, ${metadata}`} }`),
      );
    },
    remove(...gone) {
      for (const name of gone) rmSync(join(estate.directory, 'config', `${name}.yaml`));
    },
    settings: (...lines) => estate.rewrite('settings.yaml', (yaml) => `${yaml}${lines.join('\n')}\n`),
    override({ guards }) {
      const lines = guards.map(({ allow }) => `    ${allow.replace('…', 'decommission')}`);
      bench.settings('  overrides:', ...lines);
    },
    allWrites: () =>
      Object.entries(estate.account.calls())
        .filter(([service]) => service !== 'sts')
        .reduce((sum, [, { writes }]) => sum + writes, 0),
    git(...args) {
      const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
      const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
      execFileSync('git', [...identity, ...args], { cwd: estate.directory, env: environment, stdio: 'pipe' });
    },
    commit() {
      bench.git('add', '--all', 'config');
      bench.git('commit', '--quiet', '--allow-empty', '--message=x');
    },
  };
  for (const name of names) {
    estate.serve(`${name}.test`, 5, 'www A 10.0.0.1\nvpn A 10.0.0.2');
    bench.declare(name);
  }
  if (!undeployed) await deploy(bench);
  return bench;
}

export async function deploy(bench: TestEstate): Promise<void> {
  const { outcome } = await bench.apply();
  if (outcome !== 'applied') throw new Error(`the bench was not applied: ${outcome}`);
}

/** An estate whose account is in a file, so that many faults can strike the same state of it. */
export interface FileBench extends PruneBench {
  /** Closes the account: from now on only `strike` opens it. */
  freeze(): void;
  /** Plans, or applies, on a copy of the account under faults. */
  strike(faults: readonly Fault[]): Promise<Struck>;
}

interface Struck {
  readonly account: EmbeddedAccount;
  plan(): Promise<Plan>;
  apply(reviewed?: Plan): Promise<ApplyResult>;
}

export async function createFileBench(names: readonly string[]): Promise<FileBench> {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-account-'));
  const file = join(folder, 'embedded.json');
  // Called last: what is registered later ends first.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const bench = await createPruneBench(names, { file });
  let copies = 0;
  return {
    ...bench,
    freeze: () => bench.account.close(),
    async strike(faults) {
      const copy = join(folder, `copy-${copies++}.json`);
      copyFileSync(file, copy);
      const account = openEmbedded(copy, { now: () => NOW, faults });
      onTestFinished(() => account.close());
      const endpoint = { kind: 'embedded', account } as const;
      const project = await bench.load();
      return {
        account,
        plan: () => plan(project, { endpoint }),
        async apply(reviewed) {
          const { result } = await apply(project, { endpoint, ...(reviewed && { reviewed }) });
          return result!;
        },
      };
    },
  };
}

export function exitOf(found: Plan | ApplyResult): number {
  return found.format === 'trueup/plan@1' ? exitOfPlan(found, false) : exitOfApply(found, undefined);
}

/** `delete ZoneMirror/two/Alarm` … */
export function verbs({ actions }: Plan): readonly string[] {
  return actions.map(({ action, id }) => `${action} ${id}`);
}

/** What goes, in the plan's order, of a mirror that is removed. */
export function removalsOf(name: string): readonly string[] {
  const deleted = ['Alarm', 'Mirror', 'MirrorLogs', 'MirrorRole', 'Plan', 'PlanLogs', 'PlanRole', 'Rule'];
  return [...deleted.map((id) => `delete ZoneMirror/${name}/${id}`), `release ZoneMirror/${name}/Zone`];
}
