import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { isLoop } from '../../src/reconcilers/reconcile-loop/loop-document.ts';
import { render } from '../../src/operations/render.ts';
import { ROOT } from '../support/cli-process.ts';
import { createLoopEstate, REGION } from '../support/loop-estate.ts';
import { exampleProject } from '../support/rendered.ts';
import { office } from '../watch/bench.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

it.each([
  ['report', 'calls drift'],
  ['heal', 'puts back'],
  ['apply', 'puts back'],
] as const)('a loop with mode: %s is told: beside a stack it %s what the stack changes', async (mode, does) => {
  const project = await exampleProject();
  const documents = project.documents.map((one) => (isLoop(one) ? { ...one, spec: { ...one.spec, mode } } : one));
  const [finding, ...others] = render({ ...project, documents }).findings;
  expect(finding).toEqual({
    document: 'ReconcileLoop/main',
    code: 'loop-goes-on',
    severity: 'warning',
    message: `the loop goes on beside a stack and ${does} what the stack changes (mode: ${mode})`,
    hint: 'before an import: delete its document, apply, and render again',
  });
  expect(others.map(({ code }) => code)).not.toContain('loop-goes-on');
});

it('without its document nothing of the loop is in the template, and nothing is told', async () => {
  const project = await exampleProject();
  const documents = project.documents.filter(({ kind }) => kind !== 'ReconcileLoop');
  const result = render({ ...project, documents });
  expect(result.findings.map(({ code }) => code)).not.toContain('loop-goes-on');
  expect(JSON.stringify(result.templates)).not.toContain('ReconcileLoop');
});

it('the page on leaving stops it before it renders, and names what it leaves', () => {
  const page = readFileSync(join(ROOT, 'docs/leaving.md'), 'utf8');
  const steps = page.slice(page.indexOf('## Step by step'), page.indexOf('## What stays out'));
  expect(steps.indexOf('ReconcileLoop')).toBeGreaterThan(-1);
  expect(steps.indexOf('ReconcileLoop')).toBeLessThan(steps.indexOf('**Render**'));
  expect(steps).toContain('trueup watch');
  const left = page.slice(page.indexOf('## What else is left'), page.indexOf('## Without CloudFormation'));
  for (const one of ['bundle', 'approval', '`trueup/OWNER/loop/NAME', 'signing key']) expect(left).toContain(one);
});

it('a loop that heals undoes what a stack changes, until its document is removed and applied', async () => {
  const estate = await createLoopEstate({ mode: 'heal', documents: { 'office.yaml': office() } });
  expect((await estate.apply()).outcome).toBe('applied');
  await estate.publish(1);
  expect(await estate.run()).toMatchObject({ outcome: 'in-line' });
  const lambda = estate.account.client(LambdaClient, { region: REGION });
  const FunctionName = await estate.functionName('Scheduler', 'office');
  const memory = async () => (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).MemorySize;
  const before = await memory();

  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 1_769 }));
  expect(await estate.run()).toMatchObject({ outcome: 'healed' });
  expect(await memory()).toBe(before);

  rmSync(join(estate.directory, 'config', 'loop.yaml'));
  const removal = await estate.plan();
  expect([...new Set(removal.actions.map(({ document }) => document))]).toEqual(['ReconcileLoop/main']);
  const guards = removal.guards.map(({ code }) => code);
  expect(guards).toEqual(['vanished-kind', 'deletes']);
  const override = `{ digest: ${removal.digest}, allow: [${guards.join(', ')}], reason: leaving, until: 2026-12-01 }`;
  estate.rewrite('settings.yaml', (yaml) => `${yaml}  overrides: [${override}]\n`);
  expect((await estate.apply()).outcome).toBe('applied');
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  expect(Functions.map((one) => one.FunctionName)).toEqual([FunctionName]);
  expect(render(await estate.load()).findings).toEqual([]);
});
