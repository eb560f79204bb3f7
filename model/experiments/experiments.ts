/** @file All experiments, a row each, loaded when one is asked for. */
import type { ExperimentName } from '../protocol/experiments';
import type { Experiment } from './experiment';

export const EXPERIMENTS: Readonly<Record<ExperimentName, () => Promise<Experiment>>> = {
  sparsity: async () => (await import('./sparsity')).SPARSITY,
  throughput: async () => (await import('./throughput')).THROUGHPUT,
  capacity: async () => (await import('./capacity')).CAPACITY,
  forgetting: async () => (await import('./forgetting')).FORGETTING,
  robustness: async () => (await import('./robustness')).ROBUSTNESS,
  ablations: async () => (await import('./ablations')).ABLATIONS,
};
