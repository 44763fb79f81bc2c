import { expect, it } from 'vitest';
import { createGithub } from './client.ts';
import { GithubError } from './errors.ts';

const clock = { now: () => 0, sleep: () => Promise.reject(new Error('nothing is waited for')) };

it.each([
  ['empty', ''],
  ['several lines', '{\n  "token": "ghp_Canary"\n}'],
  ['JSON', '{"token": "ghp_Canary"}'],
  ['letters that no header holds', 'ghp_Canary\u{1f511}'],
])('a token that is %s is not sent anywhere, and not shown', async (_, token) => {
  const github = createGithub({ api: 'http://127.0.0.1:9', repository: 'acme/estate', token }, clock);
  const error = await github.get('').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GithubError);
  expect((error as GithubError).message).toBe('the token of GitHub is none: a token is one word');
});
