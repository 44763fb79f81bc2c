import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Template } from '../../src/render/types.ts';
import { CFN_LINT } from './counterparts.ts';

interface Match {
  readonly Filename: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path?: readonly (string | number)[] };
}

/** Actions of IAM that AWS has and this release of cfn-lint does not know (API reference of Route 53). */
const NEWER_ACTIONS = ["'listresourcerecordsetprotections' is not one of"];

/** What AWS's linter says of templates, warnings too; hints would have `Fn::Sub`. */
export function lint(templates: readonly Template[]): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-cfn-lint-'));
  try {
    const files = templates.map((template, index) => {
      const file = join(directory, `${index}.json`);
      writeFileSync(file, JSON.stringify(template));
      return file;
    });
    const program = ['--format', 'json', '--regions', 'eu-west-1', '--', ...files];
    const { stdout, error, stderr } = spawnSync(CFN_LINT, program, { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (error) throw error;
    if (!stdout.trim()) throw new Error(stderr);
    return (JSON.parse(stdout) as readonly Match[])
      .filter(({ Message }) => !NEWER_ACTIONS.some((known) => Message.startsWith(known)))
      .map(({ Rule, Location, Message }) => `${Rule.Id} ${(Location.Path ?? []).join('.')}: ${Message.slice(0, 200)}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
