import { expect, it } from 'vitest';
import type { Plan } from '../engine/types.ts';
import { isWanted } from './confirmation.ts';

const action = {} as Plan['actions'][number];
const guard = (allowed: boolean) => ({ allowed }) as Plan['guards'][number];

it.each([
  { reason: 'yes', actions: [action], guards: [], answer: 'yes', asked: 1, wanted: true },
  { reason: 'yes, with blanks', actions: [action], guards: [], answer: ' yes \n', asked: 1, wanted: true },
  { reason: 'y', actions: [action], guards: [], answer: 'y', asked: 1, wanted: false },
  { reason: 'YES', actions: [action], guards: [], answer: 'YES', asked: 1, wanted: false },
  { reason: 'nothing', actions: [action], guards: [], answer: '', asked: 1, wanted: false },
  {
    reason: 'no, and a guard is allowed',
    actions: [action],
    guards: [guard(true)],
    answer: 'no',
    asked: 1,
    wanted: false,
  },
  { reason: 'nobody, since nothing is to do', actions: [], guards: [], answer: 'no', asked: 0, wanted: true },
  {
    reason: 'nobody, since a guard stands',
    actions: [action],
    guards: [guard(true), guard(false)],
    answer: 'no',
    asked: 0,
    wanted: true,
  },
])('$reason: asked $asked times, wanted: $wanted', async ({ actions, guards, answer, asked, wanted }) => {
  let questions = 0;
  const ask = () => {
    questions += 1;
    return Promise.resolve(answer);
  };
  expect(await isWanted({ actions, guards } as Partial<Plan> as Plan, ask)).toBe(wanted);
  expect(questions).toBe(asked);
});
