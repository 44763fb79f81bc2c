import { documentAddress } from '../../engine/address.ts';
import type { Document, Estate, VerifyCheck } from '../../engine/types.ts';
import { VERIFY_ACTION } from '../../resources/record-sets/function-contract.ts';
import type { VerifyAnswer, VerifyRequest } from '../../resources/record-sets/function-contract.ts';
import { nameOf } from '../function/names.ts';
import type { Readers } from '../readers.ts';
import { PLAN } from './functions.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** Asks the function that only looks, where it stands: primary, transfer, Route 53, and what resolvers hear. */
export async function verify(
  document: Document<ZoneMirrorSpec>,
  estate: Estate,
  { invoke }: Readers,
): Promise<readonly VerifyCheck[]> {
  const { spec } = document;
  const place = estate.place(spec.account, spec.region);
  const name = nameOf(document, estate, PLAN);
  const request: VerifyRequest = { action: VERIFY_ACTION, document: documentAddress(document) };
  const answer = (await invoke(place, name, request)) as VerifyAnswer | undefined;
  if (answer === undefined) {
    return [{ name: 'function', ok: false, detail: `the function ${name} does not exist yet: trueup apply makes it` }];
  }
  return [{ name: 'function', ok: true, detail: `the function ${name} runs` }, ...answer.checks];
}
