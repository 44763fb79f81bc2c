import type { Estate, VerifyCheck } from '../../engine/types.ts';
import { nameOf } from '../function/names.ts';
import type { Readers } from '../readers.ts';
import { KNOWN_HAZARD, KNOWN_P, KNOWN_PROBLEM, isNear } from './known-problem.ts';
import { PATH, ROUTE_KEY, SERVICE, homeOf } from './places.ts';
import type { SurvivalService } from './places.ts';

/** An answer of a function to API Gateway, as far as it is one. */
type Answer = Readonly<Record<string, unknown>>;

/** Asks the function, past the API, whether it answers a problem whose solution is known, and refuses one that is none. */
export async function verify(
  document: SurvivalService,
  estate: Estate,
  { invoke }: Pick<Readers, 'invoke'>,
): Promise<readonly VerifyCheck[]> {
  const name = nameOf(document, estate, SERVICE);
  const ask = async (body: unknown): Promise<Answer | undefined> => {
    const answer = await invoke(homeOf(document, estate), name, eventOf(body));
    return answer === undefined ? undefined : recordOf(answer);
  };
  const answer = await ask(KNOWN_PROBLEM);
  if (answer === undefined) {
    return [{ name: 'function', ok: false, detail: `the function ${name} does not exist yet: trueup apply makes it` }];
  }
  return [
    { name: 'function', ok: true, detail: `the function ${name} runs` },
    figuresCheck(answer, document.spec.minEvents),
    refusalCheck((await ask({})) ?? {}),
  ];
}

/** As API Gateway sends a request (developer guide, "Create AWS Lambda proxy integrations for HTTP APIs", format 2.0). */
function eventOf(body: unknown): object {
  return {
    version: '2.0',
    routeKey: ROUTE_KEY,
    rawPath: PATH,
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    requestContext: {
      http: { method: 'POST', path: PATH, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'trueup verify' },
      requestId: 'trueup-verify',
      routeKey: ROUTE_KEY,
      stage: '$default',
    },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
}

function figuresCheck({ statusCode, body }: Answer, minEvents: number): VerifyCheck {
  const said = recordOf(parsed(body));
  const list: readonly unknown[] = Array.isArray(said['statistics_list']) ? said['statistics_list'] : [];
  const [varies, constant] = list.map(recordOf);
  const problems = [
    ...(statusCode === 200 ? [] : [`status ${String(statusCode)} in place of 200`]),
    ...(list.length === 2 ? [] : [`rows: ${list.length} in place of 2`]),
    ...(isNear(varies?.['hazard'], KNOWN_HAZARD) ? [] : [differs('hazard', varies, KNOWN_HAZARD)]),
    ...(isNear(varies?.['pval'], KNOWN_P) ? [] : [differs('pval', varies, KNOWN_P)]),
    ...statusProblems(varies, minEvents > KNOWN_PROBLEM.events.length ? 'few_events' : 'ok'),
    ...statusProblems(constant, 'constant'),
  ];
  const known = `hazard ratio ${KNOWN_HAZARD.toFixed(6)}, p ${KNOWN_P.toFixed(6)}`;
  if (problems.length === 0) {
    return { name: 'figures', ok: true, detail: `a problem that is worked out by hand is answered rightly: ${known}` };
  }
  const detail = `a problem that is worked out by hand (${known}) is answered otherwise: ${problems.join(', ')}`;
  return { name: 'figures', ok: false, detail };
}

function differs(field: string, row: Answer | undefined, known: number): string {
  return `${field} ${String(row?.[field])} in place of ${known}`;
}

function statusProblems(row: Answer | undefined, wanted: string): readonly string[] {
  const found = row?.['status'];
  return found === wanted ? [] : [`status ${String(found)} in place of ${wanted}`];
}

function refusalCheck({ statusCode }: Answer): VerifyCheck {
  if (statusCode === 400) return { name: 'refusal', ok: true, detail: 'a request that is none is refused by 400' };
  return {
    name: 'refusal',
    ok: false,
    detail: `a request without times, events and values is answered by ${String(statusCode)} in place of 400`,
  };
}

function parsed(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Answer {
  return typeof value === 'object' && value !== null ? (value as Answer) : {};
}
