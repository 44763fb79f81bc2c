// What one would write first: the same model without ties (the bench's events have none), patients sorted once, and each step
// of Newton's method over all of them with an exponential each. It shows what the layout and the series of trueup are worth.

const STEPS = 20;
const TOLERANCE = 1e-9;

export function fitPlainly({ times, events, values }) {
  const order = times.map((_, at) => at).toSorted((a, b) => times[b] - times[a] || events[a] - events[b]);
  return values.map((row) =>
    fitOne(
      order.map((at) => row[at]),
      order.map((at) => events[at]),
    ),
  );
}

/** Patients from the last to the first: whoever has come by is at risk. */
function fitOne(raw, events) {
  const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length;
  const x = raw.map((value) => value - mean);
  let beta = 0;
  let iterations = 0;
  let state = evaluate(x, events, 0);
  for (;;) {
    iterations += 1;
    beta += state.score / state.information;
    const next = evaluate(x, events, beta);
    const isDone = Math.abs(1 - state.logLikelihood / next.logLikelihood) <= TOLERANCE;
    state = next;
    if (isDone || iterations === STEPS) break;
  }
  const z = (beta * state.information) / Math.sqrt(squaredResiduals(x, events, beta, state.steps));
  return { hazard: Math.exp(beta), z, iterations };
}

function evaluate(x, events, beta) {
  const steps = [];
  let [logLikelihood, score, information, s0, s1, s2] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < x.length; at += 1) {
    const weight = Math.exp(beta * x[at]);
    s0 += weight;
    s1 += weight * x[at];
    s2 += weight * x[at] * x[at];
    if (events[at] === 0) continue;
    const mean = s1 / s0;
    logLikelihood += beta * x[at] - Math.log(s0);
    score += x[at] - mean;
    information += s2 / s0 - mean * mean;
    steps.push({ at, hazard: 1 / s0, mean });
  }
  return { logLikelihood, score, information, steps };
}

function squaredResiduals(x, events, beta, steps) {
  let [hazard, hazardMean, sum] = [0, 0, 0];
  for (let at = x.length - 1; at >= 0; at -= 1) {
    let residual = 0;
    if (events[at] === 1) {
      const step = steps.pop();
      hazard += step.hazard;
      hazardMean += step.hazard * step.mean;
      residual = x[at] - step.mean;
    }
    residual += Math.exp(beta * x[at]) * (hazardMean - x[at] * hazard);
    sum += residual * residual;
  }
  return sum;
}
