import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runSurvivalLocally } from '../../src/operations/survival/run-local.ts';
import { askServer, hurriedClock, optionsOf, startSurvivalServer } from '../support/survival-server.ts';
import type { SurvivalServer, Trouble } from '../support/survival-server.ts';
import { isSigned } from '../support/signature.ts';
import { makeUpTables } from '../support/survival-tables.ts';
import type { MadeUpTables } from '../support/survival-tables.ts';

const text = ({ out }: Pick<MadeUpTables, 'out'>): string => readFileSync(out, 'utf8');

async function localText(tables: MadeUpTables): Promise<string> {
  await runSurvivalLocally({ ...optionsOf(tables), minEvents: 5 });
  return text(tables);
}

function bodyOf({ heard }: SurvivalServer, index: number): Buffer {
  const { body, headers } = heard[index]!;
  return headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

describe('survival run by a service', () => {
  it('gives the octets that the same run gives here, invalid rows and gaps among them', async () => {
    const tables = makeUpTables({ rows: 90, subjects: 30 });
    const lines = readFileSync(tables.matrix, 'utf8').split('\n');
    for (const [line, cell] of [
      [3, 'NA'],
      [4, 'x'],
      [5, ''],
    ] as const) {
      const cells = lines[line]!.split('\t');
      cells[7] = cell;
      lines[line] = cells.join('\t');
    }
    writeFileSync(tables.matrix, lines.join('\n'));
    const here = await localText(tables);
    const server = await startSurvivalServer();
    const result = await askServer(server, optionsOf(tables, { chunkRows: 8 }));

    expect(text(tables)).toBe(here);
    expect(result).toMatchObject({ local: false, document: 'SurvivalService/genes', rows: 90, retries: 0 });
    expect(server.heard).toHaveLength(12);
  });

  it('has as many requests under way as it may, and no more', async () => {
    const tables = makeUpTables({ rows: 60, subjects: 20 });
    const server = await startSurvivalServer(() => undefined, 30);
    await askServer(server, optionsOf(tables, { chunkRows: 3 }));

    expect(server.most()).toBe(4);
  });

  it('T150 is sent nothing that names a sample, a gene or a file', async () => {
    const tables = makeUpTables({ rows: 40, subjects: 20 });
    const server = await startSurvivalServer();
    await askServer(server, optionsOf(tables, { chunkRows: 10 }));

    const traffic = server.heard.map(({ method, url, headers }, index) =>
      [method, url, JSON.stringify(headers), bodyOf(server, index).toString('latin1')].join('\n'),
    );
    expect(traffic).toHaveLength(4);
    for (const said of traffic) expect(said).not.toMatch(/canary|tcga|gene-|sample|genes/i);
    // The search would find them: the values are there, octet for octet.
    const first = Buffer.from(Float64Array.of(tables.values[0]![0]!).buffer).toString('latin1');
    expect(traffic.some((said) => said.includes(first))).toBe(true);
  });

  it('signs each request, and sends it as the binary body of the service', async () => {
    const tables = makeUpTables({ rows: 5, subjects: 20 });
    const server = await startSurvivalServer();
    await askServer(server, optionsOf(tables));
    const [request] = server.heard;

    expect(isSigned(request!, 'secret')).toBe(true);
    expect(request!.headers['content-type']).toBe('application/octet-stream');
    expect(bodyOf(server, 0).subarray(0, 4).toString()).toBe('TUSV');
  });

  it('sends no more than 5 MB in base64', async () => {
    const tables = makeUpTables({ rows: 1_200, subjects: 500 });
    const server = await startSurvivalServer();
    const result = await askServer(server, optionsOf(tables));

    expect(server.heard).toHaveLength(2);
    for (const index of server.heard.keys())
      expect((bodyOf(server, index).length * 4) / 3).toBeLessThanOrEqual(5_000_000);
    expect(result.rows).toBe(1_200);
  });

  it('refuses chunks that would be larger, before it sends one', async () => {
    const tables = makeUpTables({ rows: 1_200, subjects: 500 });
    const server = await startSurvivalServer();

    await expect(askServer(server, optionsOf(tables, { chunkRows: 1_200 }))).rejects.toMatchObject({
      code: 'TU0018',
      message: expect.stringMatching(/^1,200 rows of 500 samples are too large for a request: at most 93\d fit$/),
    });
    expect(server.heard).toEqual([]);
  });

  it('an answer that has all fields is understood', async () => {
    const tables = makeUpTables({ rows: 2, subjects: 20 });
    const server = await startSurvivalServer(() => ({ status: 200, body: answerWith({}) }));

    expect(await askServer(server, optionsOf(tables))).toMatchObject({ outcome: 'done', statuses: { ok: 2 } });
  });
});

/** Two rows as a service answers them, but for some fields. */
function answerWith(fields: object): string {
  const figures = { hazard: 1, pval: 1, log10_pval: 0, coef: 0, se: 1, robust_se: 1, z: 0, ci95: [0.5, 2] };
  const row = { ...figures, n: 20, events: 9, iterations: 3, status: 'ok' };
  return JSON.stringify({ statistics_list: [row, { ...row, ...fields }] });
}

describe('what a service cannot do at once', () => {
  const throttled = { status: 429, body: '{"message":"Too Many Requests"}' };
  const broken = { status: 503, body: '{"message":"Service Unavailable"}' };

  it.each<{ reason: string; trouble: Trouble; retries: number }>([
    { reason: '429', trouble: (request) => (request < 3 ? throttled : undefined), retries: 3 },
    {
      reason: '500, 502, 503, 504',
      trouble: (request) => [500, 502, 503, 504].map((status) => ({ status }))[request],
      retries: 4,
    },
    {
      reason: 'a connection that is reset',
      trouble: (request) => (request % 3 === 0 ? 'reset' : undefined),
      retries: 2,
    },
    {
      reason: 'an answer that ends in its middle',
      trouble: (request) => (request === 1 ? 'half' : undefined),
      retries: 1,
    },
  ])('$reason is tried again, and the results are the same', async ({ trouble, retries }) => {
    const tables = makeUpTables({ rows: 20, subjects: 20 });
    const here = await localText(tables);
    const result = await askServer(await startSurvivalServer(trouble), optionsOf(tables, { chunkRows: 5 }));

    expect(text(tables)).toBe(here);
    expect(result.retries).toBeGreaterThanOrEqual(retries);
  });

  it('pauses grow, with jitter, and Retry-After is heeded', async () => {
    const tables = makeUpTables({ rows: 2, subjects: 20 });
    const clock = hurriedClock();
    const trouble: Trouble = (request) =>
      request < 4 ? throttled : request === 4 ? { ...throttled, headers: { 'retry-after': '17' } } : undefined;
    await askServer(await startSurvivalServer(trouble), optionsOf(tables), clock);

    // Half of 500 ms, doubled each time: random answers 0.5.
    expect(clock.slept).toEqual([250, 500, 1000, 2000, 17_000]);
  });

  it.each([
    { reason: 'throttled for minutes', answer: throttled, code: 'TU2042', budget: 120_000 },
    { reason: 'broken for a minute', answer: broken, code: 'TU2042', budget: 60_000 },
    {
      reason: 'told to wait for an hour',
      answer: { ...throttled, headers: { 'retry-after': '3600' } },
      code: 'TU2042',
      budget: 0,
    },
  ])('$reason: it gives up within its budget, and goes on from there', async ({ answer, code, budget }) => {
    const tables = makeUpTables({ rows: 40, subjects: 20 });
    const here = await localText(tables);
    const clock = hurriedClock();
    const server = await startSurvivalServer((request) => (request < 6 ? undefined : answer));

    await expect(askServer(server, optionsOf(tables, { chunkRows: 2 }), clock)).rejects.toMatchObject({ code });
    expect(Math.max(0, ...clock.slept)).toBeLessThanOrEqual(budget);
    const again = await askServer(await startSurvivalServer(), optionsOf(tables, { chunkRows: 2 }));
    expect(again.chunks.resumed).toBe(6);
    expect(text(tables)).toBe(here);
  });

  it.each([
    { status: 403, code: 'TU2041', hint: 'nobody is let in' },
    { status: 401, code: 'TU2041', hint: 'nobody is let in' },
    { status: 413, code: 'TU2043', hint: '--chunk-rows' },
    { status: 400, code: 'TU2043', hint: 'trueup apply' },
    { status: 404, code: 'TU2043', hint: 'trueup apply' },
  ])('$status is not tried again', async ({ status, code, hint }) => {
    const tables = makeUpTables({ rows: 2, subjects: 20 });
    const server = await startSurvivalServer(() => ({ status, body: '{"message":"no"}' }));

    await expect(askServer(server, optionsOf(tables))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${status} no`),
      hint: expect.stringContaining(hint),
    });
    expect(server.heard).toHaveLength(1);
  });

  it.each([
    'not JSON',
    '{}',
    '{"statistics_list":[]}',
    '{"statistics_list":[null,{}]}',
    answerWith({ status: 'fine' }),
    answerWith({ status: 'invalid', error: 'a\tb' }),
    answerWith({ hazard: '=1' }),
    answerWith({ ci95: [1] }),
    answerWith({ n: null }),
  ])('an answer %j is not understood', async (body) => {
    const tables = makeUpTables({ rows: 2, subjects: 20 });
    const server = await startSurvivalServer(() => ({ status: 200, body }));

    await expect(askServer(server, optionsOf(tables))).rejects.toMatchObject({ code: 'TU2043' });
  });

  it('interrupted while it waits, it keeps what is done', async () => {
    const tables = makeUpTables({ rows: 40, subjects: 20 });
    const here = await localText(tables);
    const controller = new AbortController();
    const server = await startSurvivalServer((request) => {
      if (request < 6) return undefined;
      controller.abort();
      return throttled;
    });
    const result = await askServer(server, optionsOf(tables, { chunkRows: 2, stop: controller.signal }));

    expect(result).toMatchObject({ outcome: 'interrupted', rows: 12, chunks: { done: 6 } });
    await askServer(await startSurvivalServer(), optionsOf(tables, { chunkRows: 2 }));
    expect(text(tables)).toBe(here);
  });
});
