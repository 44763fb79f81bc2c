/** Loaded into a process before its program (`node --import`): directories are read in the opposite order. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { readdirSync } = fs;
const { readdir, opendir } = fs.promises;

fs.readdirSync = ((...args: Parameters<typeof readdirSync>) => readdirSync(...args).reverse()) as typeof readdirSync;
fs.promises.readdir = (async (...args: Parameters<typeof readdir>) =>
  (await readdir(...args)).reverse()) as typeof readdir;
fs.promises.opendir = (async (...args: Parameters<typeof opendir>) => {
  const entries: unknown[] = [];
  for await (const entry of await opendir(...args)) entries.push(entry);
  return entries.reverse();
}) as unknown as typeof opendir;
syncBuiltinESMExports();
