#!/usr/bin/env node
// In a checkout the sources are there: install and build what is missing first. In the package only dist is.
import { existsSync } from 'node:fs';

if (existsSync(new URL('../src', import.meta.url))) {
  const { setup } = await import('../scripts/setup.mjs');
  setup();
}
await import('../dist/cli.js');
