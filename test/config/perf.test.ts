import { it } from 'vitest';
import { loadFiles, mirror, settings } from './tree.ts';
it('perf', async () => {
  const t0 = performance.now();
  const files = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`m${n}.yaml`, mirror(`metadata: { name: m${n} }`, '  hostedZone: { private: true, vpcs: [{ id: vpc-aa11bb22, region: eu-west-1, account: prod }] }')+`---\n`+mirror(`metadata: { name: n${n} }`)+`---\n`+mirror(`metadata: { name: o${n} }`)+`---\n`+mirror(`metadata: { name: p${n} }`)+`---\n`+mirror(`metadata: { name: q${n} }`)]));
  const { load, temporaryDirectory, writeTree } = await import('./tree.ts');
  const d = await temporaryDirectory();
  await writeTree(d, Object.fromEntries(Object.entries({ ...files, 's.yaml': settings() }).map(([n, t]) => ['config/' + n, t])));
  const t1 = performance.now();
  const r = await load(d);
  console.log('10,000 documents', Math.round(performance.now() - t1), r.result.ok, r.result.documents);
  const flood = await (async () => { const t = performance.now(); const x = await loadFiles({ 's.yaml': settings(`  tags: { ${Array.from({ length: 40000 }, (_, i) => `k${i}: 1`).join(', ')} }`) }); console.log('flood tags', Math.round(performance.now() - t), x.result.errors.length, x.result.errors.at(-1)); return x; })();
  for (const [what, text] of [['dups', Array.from({ length: 60000 }, (_, i) => `tags: x`).join('\n')], ['unknown', settings(...Array.from({ length: 30000 }, (_, i) => `  deefaultAccount${i}: 1`))], ['eyJ', settings() + '#' + 'eyJ'.repeat(300000)], ['BEGIN', settings() + '#' + '-----BEGIN RSA PRIVATE KEY'.repeat(35000)], ['secret:', settings() + '# \n'+ ' secret: |\n'.repeat(90000)], ['token', settings() + '#' + 'token: aaaaaaaaaaaaa, '.repeat(40000)], ['blanks', settings() + ' '.repeat(1000000)], ['url', settings() + '#' + '://a:'.repeat(200000)], ['docs', '---\n'.repeat(200000)], ['anchors', 'a: ' + '&a '.repeat(300000)], ['quote', 'a: "' + '\\\\'.repeat(500000)+ '"'], ['comments', '#x\n'.repeat(300000)], ['colon', ': '.repeat(30)], ['tags', '!x '.repeat(300000)], ['flowdeep', '[{a: '.repeat(30)+'}]'.repeat(30)], ['directives', '%X\n'.repeat(300000)], ['long-token', settings() + '# token' + ' '.repeat(900000) +': x'], ['akia', 'a: ' + 'AKIA'.repeat(250000)], ['xox', 'a: ' + 'xoxb-'.repeat(200000)], ['digits', 'a: ' + '1'.repeat(900000) + ':']] as const) {
    const t = performance.now();
    const x = await loadFiles({ 's.yaml': text });
    console.log(what, Math.round(performance.now() - t), x.result.errors.length, x.result.warnings.length, x.result.errors[0]?.code, x.result.errors[0]?.message.slice(0, 100), x.result.errors.at(-1)?.message.slice(0,80));
  }
}, 300000);
