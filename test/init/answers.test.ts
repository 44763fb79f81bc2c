import { describe, expect, it } from 'vitest';
import { gatherAnswers } from '../../src/cli/init-answers.ts';
import type { AnswerFlags } from '../../src/cli/init-answers.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const SHIPPED = `trueup-dev/trueup@${COMMIT}`;
const DEFAULTS = { planRole: 'trueup-plan', applyRole: 'trueup-apply', boundary: 'trueup-boundary' };
const NEEDED = { ...DEFAULTS, owner: 'acme', account: ['prod=111122223333'], region: 'eu-west-1' };

/** Somebody who types these answers, and what was asked. */
function person(...answers: readonly string[]) {
  const asked: string[] = [];
  return {
    asked,
    async ask(question: string): Promise<string> {
      asked.push(question);
      const answer = answers[asked.length - 1];
      if (answer === undefined) throw new Error(`nobody answers ${question}`);
      return answer;
    },
  };
}

describe('flags answer', () => {
  it('all that is needed, with defaults for the rest', async () => {
    expect(await gatherAnswers(NEEDED, SHIPPED, undefined)).toEqual({
      ...DEFAULTS,
      owner: 'acme',
      accounts: [{ alias: 'prod', id: '111122223333' }],
      region: 'eu-west-1',
      defaultBranch: 'main',
      action: SHIPPED,
    });
  });

  it('everything', async () => {
    const flags = {
      ...NEEDED,
      account: ['prod=111122223333', 'lab=444455556666'],
      repository: 'acme/estate',
      repositoryId: '4711',
      defaultBranch: 'trunk',
      kind: 'InstanceSchedule',
      name: 'office',
      action: `acme/fork@${COMMIT}`,
    };
    const { account: _account, kind: _kind, name: _name, ...same } = flags;
    expect(await gatherAnswers(flags, SHIPPED, undefined)).toEqual({
      ...same,
      accounts: [
        { alias: 'prod', id: '111122223333' },
        { alias: 'lab', id: '444455556666' },
      ],
      first: { kind: 'InstanceSchedule', name: 'office' },
    });
  });

  it.each<readonly [string, Partial<AnswerFlags>]>([
    ['--owner', { owner: undefined }],
    ['--account', { account: undefined }],
    ['--region', { region: undefined }],
    ['--name', { kind: 'ZoneMirror' }],
  ] as readonly (readonly [string, Partial<AnswerFlags>])[])(
    '%s is missing, and nobody can be asked',
    async (flag, change) => {
      await expect(gatherAnswers({ ...NEEDED, ...change }, SHIPPED, undefined)).rejects.toMatchObject({
        code: 'TU0001',
        exitCode: 64,
        message: `${flag} is missing, and nobody can be asked`,
      });
    },
  );

  it('where this program does not know its commit, --action has to', async () => {
    await expect(gatherAnswers(NEEDED, undefined, undefined)).rejects.toMatchObject({
      exitCode: 64,
      message: '--action is missing, and nobody can be asked',
    });
    const action = `acme/fork@${COMMIT}`;
    expect(await gatherAnswers({ ...NEEDED, action }, undefined, undefined)).toMatchObject({ action });
  });

  it.each<readonly [string, Partial<AnswerFlags>]>([
    ['--owner', { owner: 'Acme' }],
    ['--owner', { owner: 'ab' }],
    ['--owner', { owner: '' }],
    ['--account', { account: ['111122223333'] }],
    ['--account', { account: ['prod=11112222333'] }],
    ['--account', { account: ['__proto__=111122223333'] }],
    ['--account', { account: ['constructor=111122223333'] }],
    ['--account', { account: ['prod=111122223333', 'prod=444455556666'] }],
    ['--account', { account: ['prod=111122223333', 'lab=111122223333'] }],
    ['--region', { region: 'eu-west-1\n' }],
    ['--plan-role', { planRole: 'a b' }],
    ['--apply-role', { applyRole: 'arn:aws:iam::111122223333:role/x' }],
    ['--boundary', { boundary: 'a/b' }],
    ['--repository', { repository: 'estate' }],
    ['--repository', { repository: 'acme/estate; rm -rf ~' }],
    ['--repository-id', { repositoryId: 'x' }],
    ['--default-branch', { defaultBranch: "x' || true || '" }],
    ['--default-branch', { defaultBranch: '${{ github.head_ref }}' }],
    ['--default-branch', { defaultBranch: 'release/*' }],
    ['--default-branch', { defaultBranch: '-x' }],
    ['--kind', { kind: 'Settings' }],
    ['--kind', { kind: 'zonemirror' }],
    ['--name', { kind: 'ZoneMirror', name: '../x' }],
    ['--name', { kind: 'ZoneMirror', name: 'constructor' }],
    ['--name', { name: 'corp' }],
    ['--action', { action: 'trueup-dev/trueup@v1' }],
    ['--action', { action: 'trueup-dev/trueup@main' }],
    ['--action', { action: 'trueup-dev/trueup@0123456' }],
    ['--action', { action: `trueup-dev/trueup@${COMMIT}\n` }],
  ])('%s is refused as %j', async (flag, change) => {
    const { ask, asked } = person();
    await expect(gatherAnswers({ ...NEEDED, ...change }, SHIPPED, ask)).rejects.toMatchObject({
      code: 'TU0001',
      exitCode: 64,
      message: expect.stringContaining(flag),
    });
    expect(asked).toEqual([]);
  });
});

describe('a person answers', () => {
  it('what flags did not, with what may be left empty, and again what was wrong', async () => {
    const { ask, asked } = person('Acme', 'acme', 'prod', 'prod=111122223333', '', 'ZoneMirrors', 'ZoneMirror', 'corp');
    const answers = await gatherAnswers(
      { ...DEFAULTS, region: 'eu-west-1', repository: 'acme/estate', repositoryId: '4711' },
      SHIPPED,
      ask,
    );
    expect(answers).toMatchObject({
      owner: 'acme',
      accounts: [{ alias: 'prod', id: '111122223333' }],
      defaultBranch: 'main',
      first: { kind: 'ZoneMirror', name: 'corp' },
      action: SHIPPED,
    });
    expect(asked[1]).toMatch(/^It must be 3 to 32 of a-z, 0-9 and -\.\nOwner/);
    expect(asked[4]).toBe('Default branch [main]: ');
    expect(asked).toHaveLength(8);
  });

  it('nothing more than is needed', async () => {
    const { ask, asked } = person('', '', '');
    expect(await gatherAnswers(NEEDED, SHIPPED, ask)).toEqual(await gatherAnswers(NEEDED, SHIPPED, undefined));
    expect(asked.map((question) => question.split(/ [[(]|:/)[0])).toEqual([
      'Repository on GitHub, as OWNER/NAME',
      'Default branch',
      'Kind of the first document',
    ]);
  });
});
