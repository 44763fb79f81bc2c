import { describe, expect, it, vi } from 'vitest';
import { planAnnotations, validateAnnotations } from '../../src/github/annotations.ts';
import { fenceLog } from '../../src/github/log-fence.ts';
import { outputsText } from '../../src/github/outputs.ts';
import { emptyPlan, guardPlan, invalid, manyFaults, mixedPlan } from '../golden/fixtures.ts';
import { hostileInvalid, hostilePlan } from '../golden/hostile-fixtures.ts';
import { COMMANDS } from './payloads.ts';
import { renderings } from './renderings.ts';
import { commandsOf, outputsOf } from './runner.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const TOKEN = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const STOP = { name: 'stop-commands', properties: {}, data: TOKEN };

describe('the port of the parsers', () => {
  it.each([
    ['::error file=a.yaml,line=3::no', { name: 'error', properties: { file: 'a.yaml', line: '3' }, data: 'no' }],
    [' \t::Add-Mask::e', { name: 'add-mask', properties: {}, data: 'e' }],
    ['x ##[set-env name=A;]b', { name: 'set-env', properties: { name: 'A' }, data: 'b' }],
    ['::error file=a%2Cb%3A%25::50%25%0Anext', { name: 'error', properties: { file: 'a,b:%' }, data: '50%\nnext' }],
  ])('reads %j', (line, command) => {
    expect(commandsOf(`${line}\n`)).toEqual([command]);
  });

  it.each(['AAAA 2001:db8::1', ': :error::x', '# #[error]x', '::::', ''])('reads no command in %j', (line) => {
    expect(commandsOf(line)).toEqual([]);
  });

  it('reads nothing between a stop and its token', () => {
    const log = '::stop-commands::t\n::error::x\n##[error]x\n::stop-commands::u\n::t::\n::error::y\n';
    expect(commandsOf(log).map(({ name, data }) => [name, data])).toEqual([
      ['stop-commands', 't'],
      ['error', 'y'],
    ]);
  });
});

describe('T26 commands in data', () => {
  it('has at least thirty ways of trying', () => {
    expect(new Set(COMMANDS).size).toBeGreaterThanOrEqual(30);
  });

  it.each(COMMANDS)('%j in every field is a command of no report', (payload) => {
    const reports = renderings(payload).filter(({ medium }) => medium !== 'commands');
    const found = reports.filter(({ text }) => commandsOf(text).length > 0).map(({ name }) => name);
    expect(found).toEqual([]);
  });

  it.each(COMMANDS)('%j in a log, even unescaped, stays between the stop and its end', (payload) => {
    const reports = renderings(payload).filter(({ medium }) => medium !== 'commands');
    const log = reports.map(({ text }) => fenceLog(`${payload}\n${text}`, TOKEN)).join('');
    const after = validateAnnotations(invalid);
    expect(commandsOf(log + after)).toEqual([...reports.map(() => STOP), ...commandsOf(after)]);
  });

  it.each(COMMANDS)('%j in every field of annotations makes no other commands', (payload) => {
    const commands = commandsOf(validateAnnotations(hostileInvalid(payload)) + planAnnotations(hostilePlan(payload)));
    expect(commands.map(({ name }) => name)).toEqual(['error', 'warning', 'error', 'error']);
  });

  it('a log without its last newline, and an empty one, are closed all the same', () => {
    expect(fenceLog('x', TOKEN)).toBe(`::stop-commands::${TOKEN}\nx\n::${TOKEN}::\n`);
    expect(fenceLog('', TOKEN)).toBe(`::stop-commands::${TOKEN}\n::${TOKEN}::\n`);
  });

  it.each([
    ['short', 'x', '0f1e'],
    ['no digits', 'x', 'z'.repeat(32)],
    ['with a newline', 'x', `${TOKEN}\n`],
    ['in the text', `a\n::${TOKEN}::\n::error::x`, TOKEN],
  ])('a token that is %s is refused', (_, text, token) => {
    expect(() => fenceLog(text, token)).toThrow(RangeError);
  });
});

describe('T27 annotations', () => {
  it.each(['a,line=1::x%0A.yaml', 'a:b,c%.yaml', '%25%0A%2C', 'a\nb.yaml', 'a\rb::error::x.yaml', ' a .yaml', 'a]b;c'])(
    'the file name %j is one command at exactly that file',
    (file) => {
      const commands = commandsOf(validateAnnotations({ ...invalid, errors: [{ ...invalid.errors[0]!, file }] }));
      expect(commands).toHaveLength(1);
      expect(commands[0]).toMatchObject({ name: 'error', properties: { file, line: '9', col: '17', title: 'TU1003' } });
    },
  );

  it('say what blocks a plan, and its guards, at their documents', () => {
    expect(commandsOf(planAnnotations(mixedPlan)).map(({ properties }) => properties)).toEqual([
      { file: 'config/dns/theirs.yaml', line: '3', title: 'foreign' },
    ]);
    expect(commandsOf(planAnnotations(guardPlan))).toEqual([
      {
        name: 'error',
        properties: { file: 'config/dns/corp.yaml', line: '3', title: 'guard deletes' },
        data: 'ZoneMirror/corp would lose 2,114 of 8,412 record sets (25.1 %, limit 20 %)',
      },
    ]);
    expect(planAnnotations(emptyPlan)).toBe('');
  });

  it('are ten of each level at most, which is what GitHub shows', () => {
    const many = {
      ...invalid,
      errors: Array.from({ length: 40 }, () => invalid.errors[0]!),
      warnings: manyFaults.warnings,
    };
    expect(commandsOf(validateAnnotations(many)).map(({ name }) => name)).toEqual([
      ...Array(10).fill('error'),
      'warning',
    ]);
  });

  it('fold a long message', () => {
    const long = { ...invalid, errors: [{ ...invalid.errors[0]!, message: 'x'.repeat(1_000_000) }] };
    expect(validateAnnotations(long).length).toBeLessThan(1_000);
  });
});

describe('T27 step outputs', () => {
  const { summary: changes } = mixedPlan;

  it('are three keys', () => {
    const outputs = outputsOf(outputsText({ digest: mixedPlan.digest, changes, exitCode: 2 }, TOKEN));
    expect(Object.keys(outputs)).toEqual(['digest', 'changes', 'exit-code']);
    expect(outputs['digest']).toBe(mixedPlan.digest);
    expect(JSON.parse(outputs['changes']!)).toEqual(changes);
    expect(outputs['exit-code']).toBe('2');
  });

  it.each(['', 'a\nPATH=/tmp', 'a\nx<<EOF\ny\nEOF', 'digest=b'])('are three keys with the digest %j', (digest) => {
    const outputs = outputsOf(outputsText({ digest, changes: {}, exitCode: 0 }, TOKEN));
    expect(outputs).toEqual({ digest, changes: '{}', 'exit-code': '0' });
  });

  it('take no delimiter that a value holds, or that is none', () => {
    expect(() => outputsText({ digest: TOKEN, changes, exitCode: 0 }, TOKEN)).toThrow(RangeError);
    expect(() => outputsText({ digest: '', changes, exitCode: 0 }, 'EOF')).toThrow(RangeError);
  });
});
