import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { renderedFiles } from '../../src/render/files.ts';
import { importSteps } from '../../src/render/import-steps.ts';
import type { RenderResult } from '../../src/render/types.ts';
import { renderValue } from '../../src/report/json.ts';
import { stackCommands } from '../../src/report/stack-commands.ts';
import { ROOT } from '../support/cli-process.ts';
import { templateProblems } from '../support/cloudformation-spec.ts';
import { mirrorYaml, renderTree, settingsYaml } from '../support/rendered.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const OWNER = 'acme-network';

/** So many mirrors in one account and region, of twelve resources each. */
function renderMirrors(count: number): Promise<RenderResult> {
  const many = Array.from({ length: count }, (_, index) => mirrorYaml(`z${index}`, '[{ id: vpc-0a11bb22cc33dd44e }]'));
  return renderTree(settingsYaml(), many.join('---\n'));
}

const few = await renderMirrors(2);
const many = await renderMirrors(40);
const tooMany = await renderMirrors(85);

describe('an import', () => {
  it('takes a template without outputs, which CloudFormation refuses in it', () => {
    const [place] = few.templates;
    const [step, ...more] = importSteps(place!);
    const { Outputs, ...rest } = place!.template;
    expect([more, Object.keys(Outputs!).length]).toEqual([[], 6]);
    expect(step).toEqual({ name: 'import', template: rest, resources: place!.import });
    expect('Outputs' in step!.template).toBe(false);
  });

  it('of more than 200 resources is several, each with what came before it and nothing else', () => {
    const [place] = many.templates;
    const steps = importSteps(place!);
    expect(place!.import.length).toBe(480);
    expect(steps.map(({ name, resources }) => [name, resources.length])).toEqual([
      ['import-1', 200],
      ['import-2', 200],
      ['import-3', 80],
    ]);
    expect(steps.flatMap(({ resources }) => resources)).toEqual(place!.import);
    for (const [index, { template }] of steps.entries()) {
      const imported = steps.slice(0, index + 1).flatMap(({ resources }) => resources);
      expect(Object.keys(template.Resources)).toEqual(imported.map(({ LogicalResourceId }) => LogicalResourceId));
      expect(templateProblems(template)).toEqual([]);
    }
    const { Outputs: _outputs, ...rest } = place!.template;
    expect(steps.at(-1)!.template).toEqual(rest);
  });

  it('of more than 200 resources is said, and every part has its files and its commands', () => {
    expect(many.findings.filter(({ code }) => code !== 'identifier-to-find')).toEqual([
      expect.objectContaining({
        code: 'import-in-parts',
        message:
          'one import takes 200 resources, and the template of 111122223333 eu-west-1 has 480: 3 imports into one stack take 200, then 200, then 80',
      }),
    ]);
    expect(few.findings.map(({ code }) => code)).not.toContain('import-in-parts');
    const files = renderedFiles(many).map(({ name }) => name);
    const lines = stackCommands(many.templates[0]!, OWNER, 'out').flatMap((commands) => commands.lines);
    const created = lines.filter((line) => line.includes('create-change-set '));
    expect(created.length).toBe(3);
    for (const [index, line] of created.entries()) {
      const name = `111122223333-eu-west-1.import-${index + 1}`;
      expect(line).toContain(`--change-set-name import-${index + 1} `);
      expect(line).toContain(`/${name}.template.json --resources-to-import file://out/${name}.json `);
      expect(files).toEqual(expect.arrayContaining([`${name}.template.json`, `${name}.json`]));
    }
  });
});

describe('a template that is too large', () => {
  it('is told by what is written, and no command is printed that CloudFormation would refuse', () => {
    const [place] = tooMany.templates;
    const written = Buffer.byteLength(renderValue(place!.template));
    expect(Buffer.byteLength(JSON.stringify(place!.template))).toBeLessThan(1_000_000);
    const told = tooMany.findings.filter(({ document }) => document === '');
    expect(told.map(({ code, message }) => `${code}: ${message}`)).toEqual(
      [
        '1020 resources, and a stack takes 500',
        '255 outputs, and a stack takes 200',
        `${written} bytes, and a template takes 1000000`,
      ].map((what) => `template-too-large: the template of 111122223333 eu-west-1 has ${what}`),
    );
    expect(stackCommands(place!, OWNER, 'out')).toEqual([]);
  });
});

describe('the commands', () => {
  /** Those of a page, each as one line. */
  const page = readFileSync(join(ROOT, 'docs/leaving.md'), 'utf8')
    .replaceAll(/ \\\n\s+/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^aws (?:s3 cp|cloudformation \S+ ?\S* --)/.test(line));

  it('of an import are those of docs/leaving.md, in the same order', () => {
    const commands = stackCommands(few.templates[0]!, OWNER, 'way-out').slice(0, -1);
    expect(commands.map(({ title }) => title)).toEqual([
      'first, what the stack takes from a bucket in its region',
      'to take over what exists',
      'after that, its outputs, which no import takes',
    ]);
    const printed = commands.flatMap(({ lines }) => lines);
    expect(printed.map((line) => line.split(' ').slice(2, 4).join(' '))).toEqual([
      'cp --recursive',
      'create-change-set --region',
      'wait change-set-create-complete',
      'describe-change-set --region',
      'execute-change-set --region',
      'wait stack-import-complete',
      'deploy --region',
    ]);
    expect(page).toEqual(printed);
  });
});
