import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parsePolicy } from '../../src/embedded/iam/policy/parse.ts';
import { iam } from '../../src/operations/iam.ts';
import { createDesk } from '../support/cli-process.ts';
import { loadConfig } from '../../src/operations/project.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const GITHUB = '--repository acme/infra --repository-id 712345678 --owner-id 9876';

describe('trueup iam', () => {
  it('prints what the library computes, and sends nothing', async () => {
    const desk = await createDesk();
    const { exit, stdout, stderr } = await desk.run(`iam --format json ${GITHUB}`, {
      env: { AWS_ACCESS_KEY_ID: undefined, AWS_EC2_METADATA_DISABLED: 'true' },
    });

    const { project } = await loadConfig(join(desk.directory, 'config'));
    const github = { repository: 'acme/infra', repositoryId: '712345678', ownerId: '9876' };
    expect([exit, stderr, JSON.parse(stdout)]).toEqual([0, '', iam(project!, { github })]);
  });

  it('writes each policy to a file of its own, as AWS takes it', async () => {
    const desk = await createDesk(['a', 'b']);
    const { exit } = await desk.run(`iam ${GITHUB} --files out/roles --quiet`);

    expect(exit).toBe(0);
    const kinds = {
      'plan-prod-1.json': 'identity',
      'apply-prod-1.json': 'identity',
      'apply-prod-2.json': 'identity',
      'boundary-prod.json': 'identity',
      'trust-plan-prod.json': 'trust',
      'trust-apply-prod.json': 'trust',
      'service-control.json': 'identity',
    } as const;
    for (const [name, kind] of Object.entries(kinds)) {
      const text = readFileSync(join(desk.directory, 'out/roles', name), 'utf8');
      expect([name, parsePolicy(text, kind).statements.length > 0]).toEqual([name, true]);
    }
  });

  it('refuses a repository without its id, and writes nothing', async () => {
    const desk = await createDesk();
    const { exit, stdout } = await desk.run('iam --format json --repository acme/infra --files roles');

    expect([exit, JSON.parse(stdout).error.code]).toEqual([64, 'TU5060']);
    expect(existsSync(join(desk.directory, 'roles'))).toBe(false);
  });

  it('of an invalid configuration is 65', async () => {
    const desk = await createDesk();
    desk.write('config/broken.yaml', 'kind: ZoneMirror\n');
    expect((await desk.run('iam')).exit).toBe(65);
  });
});
