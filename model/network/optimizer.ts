/** @file How a step changes the parameters: clipping by the global norm, AdamW (SPEC section 7), and Muon for matrices. */
import { affineRows } from '../graph/functions';
import type { Graph, Value } from '../graph/graph';
import {
  add,
  div,
  matmul,
  max,
  mul,
  neg,
  reduceSum,
  reshape,
  size,
  sqrt,
  sub,
  sumOfSquares,
  swapLast,
} from '../graph/operators';
import type { EngineTensor } from './layout';

/** Constants of AdamW that stand in the graph. */
interface Betas {
  readonly beta1: number;
  readonly beta2: number;
}

/**
 * Muon: the momentum of a matrix, made nearly orthogonal, is its step. A row of the matrix is an input, and blocks of rows are
 * made orthogonal each by itself: that costs a fifth of the whole matrix's.
 */
export interface MuonOptions {
  /** μ of the momentum, which looks one step ahead (Nesterov). */
  readonly momentum: number;
  /** Root mean square of the step's elements as a share of the learning rate; AdamW's is 0.2 to 0.4. */
  readonly scale: number;
}

/** What else an optimizer may have; older runs have none of it. */
interface OptimizerChoices {
  /** Moves the matrices inside the processor. */
  readonly muon?: MuonOptions | undefined;
  /** Step of the tables of n-grams as a multiple of AdamW's: each of their rows is seldom met. */
  readonly ngramRate?: number | undefined;
}

/** What of an optimizer stands in the graph: AdamW, and what else there is. */
export interface OptimizerConstants extends Betas, OptimizerChoices {}

/** AdamW's constants and the clipping norm (Infinity: never clip). */
export interface AdamWOptions extends Betas {
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
}

export interface OptimizerOptions extends AdamWOptions, OptimizerChoices {}

export interface UpdateRule extends OptimizerConstants {
  /** Which tensors AdamW moves; the others, all of them matrices, Muon does. */
  readonly keepsSquares: (tensor: EngineTensor) => boolean;
  /** Times the step that AdamW makes of a tensor. */
  readonly stepScale: (tensor: EngineTensor) => number;
}

/** Names of the optimizer's inputs that change with every step, float32 scalars. */
export const OPTIMIZER_INPUTS = {
  /** 1/α̂ with α̂ = α·√(1−β₂ᵗ)/(1−β₁ᵗ), α the learning rate */
  inverseStepSize: 'inverseStepSize',
  /** 1 − α·weight decay */
  decay: 'decay',
  /** ε̂/α̂ with ε̂ = ε·√(1−β₂ᵗ) */
  epsilon: 'epsilon',
  /** Largest global gradient norm. */
  clipNorm: 'clipNorm',
} as const;

/** Name of the scalar that is one more input where there is Muon: α. */
const LEARNING_RATE = 'learningRate';

/** Far below what moves a parameter, far above what makes its inverse infinite. */
const SMALLEST_STEP_SIZE = 1e-25;

/**
 * The optimizer's inputs, float32 scalars, by their names.
 * @param step t, from 1
 */
export function optimizerInputs(options: OptimizerOptions, learningRate: number, step: number): Record<string, number> {
  const secondCorrection = Math.sqrt(1 - options.beta2 ** step);
  const stepSize = Math.max((learningRate * secondCorrection) / (1 - options.beta1 ** step), SMALLEST_STEP_SIZE);
  return {
    [OPTIMIZER_INPUTS.inverseStepSize]: 1 / stepSize,
    [OPTIMIZER_INPUTS.epsilon]: (options.epsilon * secondCorrection) / stepSize,
    [OPTIMIZER_INPUTS.decay]: 1 - learningRate * options.weightDecay,
    [OPTIMIZER_INPUTS.clipNorm]: Math.min(options.clipNorm, 3e38),
    ...(options.muon === undefined ? {} : { [LEARNING_RATE]: learningRate }),
  };
}

/** Names of the tensors of one parameter in the step graph. */
export const stateNames = (name: string) => ({
  firstMoment: `${name}.firstMoment`,
  secondMoment: `${name}.secondMoment`,
  next: `${name}.next`,
  nextFirstMoment: `${name}.firstMoment.next`,
  nextSecondMoment: `${name}.secondMoment.next`,
});

type Update = (tensor: EngineTensor, parameter: Value, gradient: Value) => void;

/**
 * Adds the update of every tensor: outputs are the gradients' global norm before clipping, `gradientNorm`, and the state anew.
 * @param parameters one input a tensor
 * @param gradients one a tensor
 */
export function buildUpdates(
  graph: Graph,
  rule: UpdateRule,
  tensors: readonly EngineTensor[],
  parameters: readonly Value[],
  gradients: readonly Value[],
): void {
  const scalar = (name: string) => graph.input(name, []);
  const norm = sqrt(gradients.map(sumOfSquares).reduce((sum, square) => add(sum, square)));
  const ratio = div(scalar(OPTIMIZER_INPUTS.clipNorm), add(norm, graph.scalar(1e-6)));
  const clip = neg(max(neg(ratio), graph.scalar(-1)));
  const decay = scalar(OPTIMIZER_INPUTS.decay);
  const byAdamW = adamW(rule, clip, {
    inverseStepSize: scalar(OPTIMIZER_INPUTS.inverseStepSize),
    decay,
    epsilon: scalar(OPTIMIZER_INPUTS.epsilon),
  });
  const byMuon = rule.muon === undefined ? null : muon(rule.muon, clip, { decay, rate: scalar(LEARNING_RATE) });
  graph.output('gradientNorm', norm);
  tensors.forEach((tensor, i) => {
    const update = byMuon === null || rule.keepsSquares(tensor) ? byAdamW : byMuon;
    update(tensor, parameters[i]!, gradients[i]!);
  });
}

/**
 * AdamW with decoupled weight decay: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ(1 − αλ) − m/(√v/α̂ + ε̂/α̂), with the
 * bias corrections in α̂ and ε̂. Every pass over all parameters counts, so the divisor is made in one.
 */
function adamW(
  { beta1, beta2, stepScale }: Pick<UpdateRule, keyof Betas | 'stepScale'>,
  clip: Value,
  { inverseStepSize, decay, epsilon }: { inverseStepSize: Value; decay: Value; epsilon: Value },
): Update {
  const { graph } = clip;
  const firstShare = Math.fround(1 - beta1);
  const secondShare = Math.fround(Math.sqrt(1 - beta2));
  const firstScale = mul(clip, graph.scalar(firstShare));
  const secondScale = mul(clip, graph.scalar(secondShare));
  return (tensor, parameter, gradient) => {
    const names = stateNames(tensor.name);
    const firstMoment = graph.input(names.firstMoment, tensor.shape);
    const secondMoment = graph.input(names.secondMoment, tensor.shape);
    const fresh = mul(gradient, firstScale);
    const m = add(mul(firstMoment, graph.scalar(beta1)), fresh);
    // The same for β₁ = 0.9 and β₂ = 0.99.
    const scaled = firstShare === secondShare ? fresh : mul(gradient, secondScale);
    const v = add(mul(secondMoment, graph.scalar(beta2)), mul(scaled, scaled));
    const root = reshape(sqrt(v), [1, size(tensor.shape)]);
    // The divisor takes it, so that it costs no pass.
    const scale = stepScale(tensor);
    const part = (value: Value) => (scale === 1 ? value : mul(value, graph.scalar(1 / scale)));
    const step = div(m, reshape(affineRows(root, part(inverseStepSize), part(epsilon)), tensor.shape));
    graph.output(names.next, sub(tensor.decay ? mul(parameter, decay) : parameter, step));
    graph.output(names.nextFirstMoment, m);
    graph.output(names.nextSecondMoment, v);
  };
}

/**
 * Muon: m ← μm + (1−μ)g, u = μm + (1−μ)g, θ ← θ(1 − αλ) − α·scale·√(longer side)·orthogonal(u). An orthogonal matrix's
 * elements have a root mean square of 1/√(longer side).
 */
function muon({ momentum, scale }: MuonOptions, clip: Value, { decay, rate }: { decay: Value; rate: Value }): Update {
  const { graph } = clip;
  const share = mul(clip, graph.scalar(1 - momentum));
  return (tensor, parameter, gradient) => {
    const names = stateNames(tensor.name);
    const firstMoment = graph.input(names.firstMoment, tensor.shape);
    const kept = graph.scalar(momentum);
    const fresh = mul(gradient, share);
    const m = add(mul(firstMoment, kept), fresh);
    const ahead = add(mul(m, kept), fresh);
    const [inputs, outputs] = tensor.shape as [number, number];
    const rows = blockRows(inputs);
    const blocks = reshape(ahead, [inputs / rows, rows, outputs]);
    const orthogonal = rows <= outputs ? orthogonalize(blocks) : swapLast(orthogonalize(swapLast(blocks)));
    const length = scale * Math.sqrt(Math.max(rows, outputs));
    const step = mul(reshape(orthogonal, tensor.shape), mul(rate, graph.scalar(length)));
    graph.output(names.next, sub(tensor.decay ? mul(parameter, decay) : parameter, step));
    graph.output(names.nextFirstMoment, m);
  };
}

const MOST_ROWS = 64;
const LEAST_ROWS = 16;

/** Rows of a block: the largest divisor that is not above 64, or all where that would be under 16. */
export function blockRows(rows: number): number {
  for (let size = Math.min(rows, MOST_ROWS); size >= LEAST_ROWS; size--) if (rows % size === 0) return size;
  return rows;
}

/** Coefficients of Newton and Schulz's quintic iteration, which takes singular values of 0.01 to 1 near 1 (0.7 to 1.2) in five rounds. */
const QUINTIC = { linear: 3.4445, cubic: -4.775, quintic: 2.0315 };
const ROUNDS = 5;

/**
 * Each matrix of [N, m, n], m ≤ n, with its singular values moved near 1: X ← aX + bXXᵀX + c(XXᵀ)²X. All of that happens on
 * the m×m matrix G = XXᵀ: a round is P = aI + bG + cG², and X becomes PX, G becomes PGP.
 */
export function orthogonalize(x: Value): Value {
  const { graph } = x;
  const m = x.shape[1]!;
  const identity = new Float32Array(m * m);
  for (let i = 0; i < m; i++) identity[i * (m + 1)] = QUINTIC.linear;
  const linear = graph.constant(identity, [m, m]);
  const cubic = graph.scalar(QUINTIC.cubic);
  const quintic = graph.scalar(QUINTIC.quintic);
  // Frobenius' norm is at least the largest singular value.
  const norm = add(sqrt(reduceSum(mul(x, x), [1, 2], true)), graph.scalar(1e-20));
  const start = div(x, norm);
  let gram = matmul(start, swapLast(start));
  let product: Value | null = null;
  for (let round = 1; round <= ROUNDS; round++) {
    const p = add(add(mul(gram, cubic), mul(matmul(gram, gram), quintic)), linear);
    product = product === null ? p : matmul(p, product);
    if (round < ROUNDS) gram = matmul(matmul(p, gram), p);
  }
  return matmul(product!, start);
}
