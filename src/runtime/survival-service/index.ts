import { answerSurvival, refusalText } from '../../survival/service/answer.ts';
import type { ServiceAnswer } from '../../survival/service/answer.ts';
import type { FunctionContext } from '../context.ts';
import { embeddedHook } from '../embedded-hook.ts';
import { writeLogLine } from '../log-line.ts';
import { readConfiguration } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { readEvent } from './event.ts';
import { requestLine } from './line.ts';

/** What an HTTP API takes from a function, payload format 2.0. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let environment: Configuration | undefined;

/** Answers `POST /survival` (docs/kinds/survival-service.md). */
export async function handler(
  event: unknown,
  { awsRequestId }: Pick<FunctionContext, 'awsRequestId'>,
): Promise<HttpAnswer> {
  environment ??= readConfiguration(process.env);
  const { status, headers, body, facts } = answerEvent(event, environment, awsRequestId);
  // Which function writes the line decides whose time it has: in the embedded account its clock's.
  const at = embeddedHook()?.now() ?? Date.now();
  writeLogLine(requestLine(environment, { at, requestId: awsRequestId, status, facts }));
  return { statusCode: status, headers, body };
}

function answerEvent(event: unknown, { minEvents }: Configuration, requestId: string): ServiceAnswer {
  const request = readEvent(event);
  if (request) return answerSurvival(request, { minEvents, requestId });
  return {
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: refusalText(400, 'the event is none of an HTTP API, payload format 2.0', { requestId }),
    facts: { octets: 0, format: 'other', encoding: 'other' },
  };
}
