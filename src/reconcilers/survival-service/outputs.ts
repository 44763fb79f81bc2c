import type { Estate, Value } from '../../engine/types.ts';
import { API, PATH, homeOf } from './places.ts';
import type { SurvivalService } from './places.ts';

/** Of the repository: a small request. */
const EXAMPLE = 'examples/survival/request.json';
/** In double quotes, as all that the shell is to fill in. */
const SIGNED = '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN"';

/** The address, and a line that asks it. Both hold names of variables in place of any secret. */
export function outputs(
  document: SurvivalService,
  estate: Estate,
  attributeOf: (id: string, attribute: string) => Value | undefined,
): readonly { readonly name: string; readonly value: string }[] {
  const endpoint = attributeOf(API, 'ApiEndpoint');
  if (typeof endpoint !== 'string') return [];
  const url = endpoint + PATH;
  const { region } = homeOf(document, estate);
  const caller = document.spec.auth.jwt
    ? '-H "authorization: Bearer $TOKEN"'
    : `--aws-sigv4 "aws:amz:${region}:execute-api" ${SIGNED}`;
  return [
    { name: 'url', value: url },
    { name: 'curl', value: `curl ${caller} -H 'content-type: application/json' --data-binary @${EXAMPLE} ${url}` },
  ];
}
