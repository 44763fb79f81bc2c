import { describe, expect, it } from 'vitest';
import { openTestFunctions } from '../support/lambda.ts';

describe('an invocation', () => {
  it('gives what the handler answers', async () => {
    const { create, invoke } = openTestFunctions();
    await create(
      'echo',
      'export const handler = async (event, context) => { console.log("hello", event.a); return { event, context, env: process.env, argv: process.argv.length, left: context.getRemainingTimeInMillis() }; };',
    );
    const result = await invoke('echo', { a: 1 });
    console.log(JSON.stringify(result, null, 1));
    expect(result.answer).toMatchObject({ event: { a: 1 } });
  });
});
