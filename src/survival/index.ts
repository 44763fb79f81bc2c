/** The library entry `trueup/survival`: Cox regressions of one predictor each over one set of subjects; pure functions. */
export { fitCox } from './fit-cox.ts';
export type { SurvivalProblem } from './fit-cox.ts';
export { SurvivalError } from './survival-error.ts';
export type { SurvivalField } from './survival-error.ts';
export type * from './types.ts';
