/** @file Made-up but realistic runs for the Training Monitor: curves of a loss that falls, and probes whose voters grow sparse. */
import type { MonitorMoment, MonitorReady, MonitorRun } from '../../../model/protocol/panels/trainingMonitor';

const BINS = 32;
const VOTERS = 4096;

export interface RunShape {
  readonly points?: number;
  readonly probes?: number;
  /** Factor on the loss, so that runs lie apart. */
  readonly scale?: number;
  readonly stepsAPoint?: number;
}

/** A run whose point i is at step (i + 1)·stepsAPoint and took a quarter of a second. */
export function monitorRun(change: Partial<MonitorRun> = {}, shape: RunShape = {}): MonitorRun {
  const { points = 200, probes = 20, scale = 1, stepsAPoint = 10 } = shape;
  const steps = Float64Array.from({ length: points }, (_, i) => (i + 1) * stepsAPoint);
  const wave = (i: number): number => 0.06 * Math.sin(1.3 * i) + 0.04 * Math.sin(4.1 * i);
  const bits = Float32Array.from(steps, (_, i) => scale * (2.6 + 3.2 * Math.exp(-i / 40) + wave(i)));
  const norm = Float32Array.from(steps, (_, i) => 0.02 + 0.5 * Math.exp(-i / 12) * (1.2 + wave(i) * 4));
  const of = (count: number): number[] =>
    Array.from({ length: count }, (_, i) => Math.floor(((i + 1) * points) / count) - 1);
  const heldOutAt = of(Math.min(points, 6));
  const probesAt = of(Math.min(points, probes));
  const histograms = probesAt.flatMap((_, probe) => {
    const spread = 1.5 + 9 * Math.exp(-probe / 6);
    const weights = Array.from({ length: BINS }, (_unused, bin) => Math.exp(-bin / spread) + 0.004);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => Math.round((VOTERS * weight) / sum));
  });
  const last = points - 1;
  return {
    id: '/models/tides',
    name: 'tides',
    place: 'models/tides',
    slot: 0,
    state: 'running',
    message: null,
    isOwn: true,
    canResume: false,
    steps: 6000,
    remainingSeconds: 95,
    curves: {
      reports: points,
      perPoint: 1,
      step: steps,
      seconds: Float64Array.from(steps, (_, i) => (i + 1) / 4),
      bitsPerByte: bits,
      bitsPerByteLow: bits.map((value) => value - 0.1),
      bitsPerByteHigh: bits.map((value) => value + 0.12),
      learningRate: Float32Array.from(steps, (_, i) => 4e-3 * Math.min(1, i / 10) * (1 - (0.9 * i) / points)),
      gradientNorm: norm,
      gradientNormLow: norm.map((value) => value * 0.8),
      gradientNormHigh: norm.map((value) => value * 1.3),
      chunksPerSecond: Float32Array.from(steps, (_, i) => 15_000 + 400 * wave(i)),
    },
    heldOut: {
      step: Float64Array.from(heldOutAt, (i) => steps[i]!),
      seconds: Float64Array.from(heldOutAt, (i) => (i + 1) / 4),
      bitsPerByte: Float32Array.from(heldOutAt, (i) => bits[i]! + 0.25),
    },
    probes: {
      step: Float64Array.from(probesAt, (i) => steps[i]!),
      seconds: Float64Array.from(probesAt, (i) => (i + 1) / 4),
      effectiveVotersOnes: Float32Array.from(probesAt, (i) => 8 + 80 * Math.exp(-i / 50)),
      effectiveVotersZeros: Float32Array.from(probesAt, (i) => 60 + 50 * Math.exp(-i / 80)),
      deadShares: Float32Array.from(probesAt, (i) => 0.12 * (1 - Math.exp(-i / 60))),
      denseShares: Float32Array.from(probesAt, (i) => 0.02 + 0.1 * Math.exp(-i / 30)),
      densityHistograms: Uint32Array.from(histograms),
      bins: BINS,
      voters: VOTERS,
      chunks: 512,
      heldOut: true,
    },
    moment: last < 0 ? null : monitorMoment(steps[last]!, bits[last]),
    ...change,
  };
}

export function monitorMoment(step: number, bitsPerByte = 3): MonitorMoment {
  return {
    step,
    seconds: step / 40,
    loss: (bitsPerByte * Math.LN2) / 8,
    bitsPerByte,
    learningRate: 0.00123,
    gradientNorm: 0.0456,
    chunksPerSecond: 15_321,
    stepMilliseconds: 66.7,
    heldOut: { step, bitsPerByte: bitsPerByte + 0.25 },
    probe: {
      step: step - 20,
      chunks: 512,
      heldOut: true,
      voters: VOTERS,
      effectiveVotersOnes: 11.24,
      effectiveVotersZeros: 63.81,
      density: 0.114,
      deadVoters: 482,
      denseVoters: 97,
    },
    sample: {
      step: step - 20,
      seconds: (step - 20) / 40,
      prompt: 'The tide of day ',
      text: '<b>7</b> came in\n\tat \\xE2 the harbour',
    },
  };
}

export function monitor(runs: readonly MonitorRun[] = [monitorRun()]): MonitorReady {
  return { kind: 'ready', runs, look: { axis: 'step', at: null } };
}

/** One run that goes on, one of another program that is finished, and one that diverged. */
export function threeRuns(): MonitorRun[] {
  return [
    monitorRun(),
    monitorRun(
      { id: '/models/river', name: 'river', slot: 1, state: 'finished', isOwn: false },
      { scale: 1.2, points: 320 },
    ),
    monitorRun(
      {
        id: '/models/wild',
        name: 'wild',
        slot: 2,
        state: 'diverged',
        isOwn: false,
        message: 'Training diverged at step 640: the loss is NaN at a learning rate of 1.',
      },
      { scale: 1.6, points: 64, probes: 6 },
    ),
  ];
}
