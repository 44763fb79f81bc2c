import { describe, expect, it } from 'vitest';
import type { LoadedConfig } from '../../src/engine/config/load.ts';
import { loadFiles, mirror, settings } from './tree.ts';

/** Pieces of a secret of this length may appear nowhere. */
const PIECE = 6;

const WORD = 'q7Zk2PvX9mLw4TnR8sYd3HbJ6cFg1AeU5iOq7Zk2PvX9mLw4TnR8sYd3HbJ6cFg1';

/** Made up, each in the shape that its issuer documents; cut in two so that no scanner takes this file for a leak. */
const ROWS: readonly (readonly string[])[] = [
  ['Slack bot token', 'xox', `b-${WORD.slice(0, 24)}`],
  ['Slack user token', 'xox', `p-${WORD.slice(0, 24)}`],
  ['Slack app token', 'xap', `p-1-${WORD.slice(0, 24)}`],
  [
    'Slack webhook',
    'https://hooks.slack.com/serv',
    `ices/T${WORD.slice(0, 9)}/B${WORD.slice(9, 18)}/${WORD.slice(18, 42)}`,
  ],
  ['Discord webhook', 'https://discord.com/api/webh', `ooks/982736451827364/${WORD.slice(0, 40)}`],
  ['AWS access key', 'AK', 'IAQ7ZK2PVX9MLW4TNR'],
  ['AWS session key', 'AS', 'IAQ7ZK2PVX9MLW4TNR'],
  ['Telegram bot token', '', `6193847562:${WORD.slice(0, 35)}`],
  ['GitHub personal token', 'gh', `p_${WORD.slice(0, 36)}`],
  ['GitHub fine-grained token', 'github_', `pat_${WORD.slice(0, 60)}`],
  ['GitHub Actions token', 'gh', `s_${WORD.slice(0, 36)}`],
  ['GitLab token', 'glp', `at-${WORD.slice(0, 20)}`],
  ['npm token', 'npm', `_${WORD.slice(0, 36)}`],
  ['Google API key', 'AI', `za${WORD.slice(0, 35)}`],
  ['Stripe key', 'sk_', `live_${WORD.slice(0, 24)}`],
  ['SendGrid key', 'SG', `.${WORD.slice(0, 22)}.${WORD.slice(10, 53)}`],
  ['API key', 'sk-', `proj-${WORD.slice(0, 40)}`],
  ['Vault token', 'hv', `s.${WORD.slice(0, 30)}`],
  ['JSON Web Token', 'ey', `J${WORD.slice(0, 20)}.ey${WORD.slice(5, 40)}.${WORD.slice(0, 43)}`],
  ['private key', '-----BEGIN PRIV', `ATE KEY-----${WORD}-----END PRIVATE KEY-----`],
  ['password in an address', 'postgres://app:', WORD.slice(0, 20), '@db.example.com/x'],
];

const SHAPES = ROWS.map(([what = '', before = '', secret = '', after = '']) => ({ what, before, secret, after }));

/** Where a secret may be pasted; `@` stands for it. */
const PLACES: readonly (readonly [where: string, yaml: string])[] = [
  ['a comment', `${mirror()}# @\n`],
  ['a reason', mirror('metadata: { name: corp, pause: { until: 2026-12-01, reason: "@" } }')],
  ['an unknown field', mirror('  colour: "@"')],
  ['the name of a field', mirror('  "@": x')],
  ['a key of tags that stands twice', settings('  tags: { "@": a, "@": b }')],
  ['an enumerated value', mirror('  records: "@"')],
  ['a kind', mirror('kind: "@"')],
  ['a name', mirror('metadata: { name: "@" }')],
  ['an account', mirror('  account: "@"')],
  ['a line beside an error', mirror('  domain: "@"', '  primaries: []')],
  ['a file that is not YAML', mirror('  schedule: "@"', '  domain: [')],
  ['a key before a broken value', mirror('  domain: {"@": [')],
  ['a file that is not UTF-8', mirror('  domain: "@" \ud800')],
  ['a tag', mirror('  domain: !@ x')],
];

function echoes({ result, documents }: LoadedConfig, secret: string): string[] {
  const shown = JSON.stringify([result, documents.map(({ name }) => name)]);
  const pieces = Array.from({ length: secret.length - PIECE + 1 }, (_, start) => secret.slice(start, start + PIECE));
  return pieces.filter((piece) => shown.includes(piece));
}

describe('secrets in configuration', () => {
  it.each(SHAPES)(
    'T11 a $what in a field for secrets is refused and not repeated',
    async ({ before, secret, after }) => {
      const loaded = await loadFiles({
        'a.yaml': mirror(`  tsig: { name: k, algorithm: hmac-sha256, secret: "${before}${secret}${after}" }`),
        'settings.yaml': settings(),
      });

      expect(loaded.result.errors).toMatchObject([{ code: 'TU1015', line: 7, column: 52 }]);
      expect(loaded.result.warnings).toEqual([]);
      expect(echoes(loaded, secret)).toEqual([]);
    },
  );

  it.each(SHAPES)('T11 a $what elsewhere is a warning and not repeated', async ({ before, secret, after }) => {
    const loaded = await loadFiles({
      'a.yaml': `${mirror()}# ${before}${secret}${after}\n`,
      'settings.yaml': settings(),
    });

    expect(loaded.result.errors).toEqual([]);
    expect(loaded.result.warnings).toMatchObject([{ code: 'TU1016', line: 10 }]);
    expect(echoes(loaded, secret)).toEqual([]);
  });

  it.each(PLACES)('T11 no piece of a secret comes out of %s', async (_where, yaml) => {
    const files = SHAPES.map(({ before, secret, after }, index) => {
      return [`${index}.yaml`, yaml.replaceAll('@', `${before}${secret}${after}`)];
    });

    const loaded = await loadFiles({ ...Object.fromEntries(files), 'settings.yaml': settings() });

    expect(SHAPES.flatMap(({ secret }) => echoes(loaded, secret))).toEqual([]);
  });

  it.each([
    ['base64 of an HMAC key', '"q7Zk2PvX9mLw4TnR8sYd3HbJ6cFg1AeU5iO="'],
    ['a number', '93847561029384756'],
    ['a list', '[q7Zk2PvX9mLw4TnR8sYd3HbJ]'],
    ['a mapping', '{ value: q7Zk2PvX9mLw4TnR8sYd3HbJ }'],
    ['a block', '|\n      q7Zk2PvX9mLw4TnR8sYd3HbJ\n      q7Zk2PvX9mLw4TnR8sYd3HbJ'],
    ['words', 'correct horse battery staple'],
    ['a reference with the secret in it', '"ssm:q7Zk2PvX9mLw4TnR8sYd3HbJ"'],
  ])('T11 a literal secret as %s is refused and not repeated', async (_what, literal) => {
    const loaded = await loadFiles({
      'a.yaml': mirror(`  tsig:\n    name: k\n    algorithm: hmac-sha256\n    secret: ${literal}`),
      'settings.yaml': settings(),
    });

    expect(loaded.result.errors).toMatchObject([{ code: 'TU1015', line: 10 }]);
    expect(JSON.stringify(loaded)).not.toMatch(/q7Zk2P|9mLw4T|938475|battery/);
  });

  it('T11 a literal in a file that is not YAML is masked by the name of its field', async () => {
    const loaded = await loadFiles({
      'a.yaml': mirror(
        '  tsig: { name: k, algorithm: hmac-sha256, secret: "q7Zk2PvX9mLw4TnR8sYd3HbJ" }',
        '  hostedZone: ]',
      ),
      'settings.yaml': settings(),
    });

    expect(loaded.result.errors[0]?.frame?.lines[0]).toContain('secret: ****');
    expect(JSON.stringify(loaded)).not.toContain('q7Zk2P');
  });
});
