import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import commonSchema from '../../schemas/common.schema.json' with { type: 'json' };
import settingsSchema from '../../schemas/settings.schema.json' with { type: 'json' };
import bucketFanOutSchema from '../../schemas/bucket-fan-out.schema.json' with { type: 'json' };
import instanceScheduleSchema from '../../schemas/instance-schedule.schema.json' with { type: 'json' };
import reconcileLoopSchema from '../../schemas/reconcile-loop.schema.json' with { type: 'json' };
import survivalServiceSchema from '../../schemas/survival-service.schema.json' with { type: 'json' };
import zoneMirrorSchema from '../../schemas/zone-mirror.schema.json' with { type: 'json' };
import { loadConfig, type LoadedConfig } from '../../src/engine/config/load.ts';

export const NOW = Date.parse('2026-11-24T08:00:00Z');

export const SCHEMAS: ReadonlyMap<string, object> = new Map<string, object>([
  ['Settings', settingsSchema],
  ['BucketFanOut', bucketFanOutSchema],
  ['InstanceSchedule', instanceScheduleSchema],
  ['ReconcileLoop', reconcileLoopSchema],
  ['SurvivalService', survivalServiceSchema],
  ['ZoneMirror', zoneMirrorSchema],
]);

export const COMMON: readonly object[] = [commonSchema];

/** The smallest valid Settings, with the line of one field replaced or added. */
export function settings(...lines: readonly string[]): string {
  return withLines(
    [
      'apiVersion: trueup/v1',
      'kind: Settings',
      'metadata: { name: estate }',
      'spec:',
      '  owner: acme-network',
      '  accounts: { prod: { id: "111122223333" } }',
      '  defaultAccount: prod',
      '  defaultRegion: eu-west-1',
    ],
    lines,
  );
}

/** The smallest valid ZoneMirror, with the line of one field replaced or added. */
export function mirror(...lines: readonly string[]): string {
  return withLines(
    [
      'apiVersion: trueup/v1',
      'kind: ZoneMirror',
      'metadata: { name: corp }',
      'spec:',
      '  domain: corp.example.com',
      '  primaries: ["10.0.0.1"]',
      '  tsig: none',
      '  hostedZone: { id: Z0123456789 }',
      '  schedule: rate(15 minutes)',
    ],
    lines,
  );
}

function withLines(base: readonly string[], lines: readonly string[]): string {
  const result = [...base];
  for (const line of lines) {
    const key = line.split(':', 1)[0];
    const index = result.findIndex((candidate) => candidate.split(':', 1)[0] === key);
    result.splice(index === -1 ? result.length : index, index === -1 ? 0 : 1, line);
  }
  return `${result.join('\n')}\n`;
}

/** An empty directory that goes when the test ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'trueup-config-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export async function writeTree(
  directory: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
}

export async function load(directory: string): Promise<LoadedConfig> {
  return loadConfig(join(directory, 'config'), { cwd: directory, now: NOW, schemas: SCHEMAS, common: COMMON });
}

/** Loads a tree of these files; their names are relative to the configuration directory. */
export async function loadFiles(files: Readonly<Record<string, string | Uint8Array>>): Promise<LoadedConfig> {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'config'));
  await writeTree(join(directory, 'config'), files);
  const loaded = await load(directory);
  for (const [name, content] of Object.entries(files)) {
    const now = await readFile(join(directory, 'config', name));
    const before = typeof content === 'string' ? Buffer.from(content) : content;
    if (!now.equals(before)) throw new Error(`${name} was changed`);
  }
  return loaded;
}
