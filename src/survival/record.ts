import { statusCode } from './columns.ts';
import type { FitColumns } from './columns.ts';
import type { Layout } from './layout.ts';
import { RAN_OUT } from './newton.ts';
import { log10PTwoSided, pTwoSided } from './p-value.ts';
import { squaredResiduals } from './sandwich.ts';
import type { Scaling } from './scale.ts';
import { isSeparated } from './separation.ts';
import type { Workspace } from './workspace.ts';

/** The normal distribution's quantile of 97.5 %. */
const QUANTILE = 1.959963984540054;
/** A robust standard error below this share of the model's is rounding: the residuals cancel, as when all die at one time. */
const ROUNDING = 1e-12;
/** A step that Newton would still go on by, in itself and beside the coefficient: R says then that this may be infinite. */
const STEP_LEFT = 1e-9;
const STEP_LEFT_OF_COEFFICIENT = Math.sqrt(1e-9);
/** That is so where the likelihood is flat, with next to nothing left of the information at 0. A coefficient near 0 is not meant. */
const INFORMATION_LEFT = 1e-4;

const OK = statusCode('ok');
const FEW_EVENTS = statusCode('few_events');
const DIVERGED = statusCode('diverged');
const NOT_CONVERGED = statusCode('not_converged');

/** Writes what was found at the coefficient evaluated last. */
export function record(
  layout: Layout,
  work: Workspace,
  scaling: Scaling,
  minEvents: number,
  columns: FitColumns,
  row: number,
): void {
  const { beta, information } = work.at;
  const coef = beta * scaling.factor * scaling.power;
  columns.coef[row] = coef;
  columns.hazard[row] = Math.exp(coef);
  const status = judge(layout, work, minEvents, columns.iterations[row] as number);
  columns.status[row] = status;
  if (!(information > 0)) return;

  const root = Math.sqrt(squaredResiduals(layout, work));
  const isRounding = root <= ROUNDING * Math.sqrt(information);
  const robust = isRounding ? 0 : root / information;
  columns.se[row] = (1 / Math.sqrt(information)) * scaling.factor * scaling.power;
  columns.robustSe[row] = robust * scaling.factor * scaling.power;
  if (isRounding || status === DIVERGED || status === NOT_CONVERGED) return;

  const z = beta / robust;
  columns.z[row] = z;
  columns.pval[row] = pTwoSided(z);
  columns.log10Pval[row] = log10PTwoSided(z);
  const margin = QUANTILE * columns.robustSe[row];
  columns.ciLow[row] = Math.exp(coef - margin);
  columns.ciHigh[row] = Math.exp(coef + margin);
}

function judge(layout: Layout, work: Workspace, minEvents: number, iterations: number): number {
  if (isSeparated(layout, work.raw)) return DIVERGED;
  if (iterations === RAN_OUT || !(work.at.information > 0)) return NOT_CONVERGED;
  if (hasFlattened(work)) return DIVERGED;
  return layout.events < minEvents ? FEW_EVENTS : OK;
}

/** The rule was met on the way to a maximum that is out of its sight. */
function hasFlattened({ at }: Workspace): boolean {
  const step = Math.abs(at.score / at.information);
  return (
    step > STEP_LEFT &&
    step > STEP_LEFT_OF_COEFFICIENT * Math.abs(at.beta) &&
    at.information < INFORMATION_LEFT * at.informationAtZero
  );
}
