import { it } from 'vitest';
import { loadFiles, settings } from './tree.ts';
import { HEADER, MIRROR, RULES, SETTINGS, SYNTAX } from './bad-yaml.test.ts';
it('review', async () => {
  let out = '';
  for (const [reason, code, place, text] of [...SYNTAX, ...RULES, ...HEADER, ...MIRROR, ...SETTINGS]) {
    const files: Record<string, string | Uint8Array> = SETTINGS.some(([r]) => r === reason) ? { 'bad.yaml': text } : { 'settings.yaml': settings(), 'bad.yaml': text };
    const { result } = await loadFiles(files);
    const ok = result.errors.length === 1 && `${result.errors[0]!.code} ${result.errors[0]!.line}:${result.errors[0]!.column}` === `${code} ${place}`;
    out += `\n### ${ok ? 'ok ' : 'DIFF expected ' + code + ' ' + place} ${reason}\n`;
    for (const e of [...result.errors, ...result.warnings]) {
      out += `${e.file}:${e.line}:${e.column} ${e.code}: ${e.message}   [${e.path}]\n`;
      if (e.frame) { const l = e.frame.lines[e.line - e.frame.first]; out += `   ${l}\n   ${' '.repeat(e.column - 1)}${'^'.repeat(e.frame.length)}\n`; }
      if (e.hint) out += `   ${e.hint}\n`;
    }
  }
  (await import('node:fs')).writeFileSync('/tmp/review.txt', out);
});
