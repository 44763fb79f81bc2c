import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { isLoop } from '../../src/reconcilers/reconcile-loop/loop-document.ts';
import { render } from '../../src/operations/render.ts';
import { ROOT } from '../support/cli-process.ts';
import { exampleProject } from '../support/rendered.ts';

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
