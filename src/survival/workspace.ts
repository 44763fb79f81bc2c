/** What the fit of a row needs room for; made once, used by every row. Entries run as in `Layout.order`. */
export interface Workspace {
  /** Values of the predictor, as given. */
  readonly raw: Float64Array;
  /** The same, centred and scaled. */
  readonly x: Float64Array;
  /** e^(βx) of the coefficient evaluated last. */
  readonly weight: Float64Array;
  /** Of each block, Σ 1/S0 over its events: by how much the cumulative hazard rises. */
  readonly hazard: Float64Array;
  /** The same, each term with the mean x of those at risk. */
  readonly hazardMean: Float64Array;
  /** What of the two its own events are exposed to, which is less with ties. */
  readonly deathHazard: Float64Array;
  readonly deathHazardMean: Float64Array;
  /** Mean x of those at risk, averaged over its events. */
  readonly mean: Float64Array;
  /** What was evaluated last. */
  readonly at: Evaluation;
}

export interface Evaluation {
  beta: number;
  logLikelihood: number;
  score: number;
  information: number;
  informationAtZero: number;
  /** Mean of the values of those at risk before they were scaled, in two parts; the mean of what is centred about it. */
  centre: number;
  remainder: number;
  left: number;
  /** Largest |x|, and Σ x of all events: no coefficient changes them. */
  largest: number;
  deathSum: number;
}

export function allocateWorkspace(n: number): Workspace {
  return {
    raw: new Float64Array(n),
    x: new Float64Array(n),
    weight: new Float64Array(n),
    hazard: new Float64Array(n),
    hazardMean: new Float64Array(n),
    deathHazard: new Float64Array(n),
    deathHazardMean: new Float64Array(n),
    mean: new Float64Array(n),
    at: {
      beta: 0,
      logLikelihood: 0,
      score: 0,
      information: 0,
      informationAtZero: 0,
      centre: 0,
      remainder: 0,
      left: 0,
      largest: 0,
      deathSum: 0,
    },
  };
}
