/** @file `optimizer.safetensors`: what training needs beside the weights to go on as if it had never stopped. */
import type { ModelConfig } from '../network/config';
import type { Tensor } from '../network/parameters';
import { parameterShapes } from '../network/parameters';
import type { OptimizerState } from '../runtime/trainingSession';
import type { RandomState } from '../text/random';
import { parametersOf, tensorsOf } from './parameterTensors';
import type { Safetensors } from './safetensors';
import { encodeSafetensors, SafetensorsError } from './safetensors';

export interface TrainingState {
  readonly optimizer: OptimizerState;
  readonly sampler: RandomState;
  /** What the trainer needs to go on; plain JSON. */
  readonly schedule: Readonly<Record<string, unknown>>;
}

const FIRST = 'first_moment.';
const SECOND = 'second_moment.';

/**
 * The file's content: `first_moment.NAME` and `second_moment.NAME` (F32) of every parameter; `step`, `sampler`,
 * `schedule` and the `checkpoint` of the model it belongs to as metadata.
 */
export function encodeTrainingState(state: TrainingState, checkpoint: string): Uint8Array {
  const { step, firstMoments, secondMoments } = state.optimizer;
  return encodeSafetensors(
    new Map([...tensorsOf(firstMoments, 'F32', FIRST), ...tensorsOf(secondMoments, 'F32', SECOND)]),
    new Map([
      ['step', String(step)],
      ['sampler', JSON.stringify(state.sampler)],
      ['schedule', JSON.stringify(state.schedule)],
      ['checkpoint', checkpoint],
    ]),
  );
}

/**
 * Reads the file's content for the model it lies beside.
 * @param model the model's configuration, steps (null: unknown) and checkpoint, which the state must belong to
 * @param source the file's name, for errors
 * @throws SafetensorsError naming the tensor or key, what was found and expected
 */
export function decodeTrainingState(
  file: Safetensors,
  model: { readonly config: ModelConfig; readonly steps: number | null; readonly checkpoint: string },
  source: string,
): TrainingState {
  const shapes = parameterShapes(model.config);
  const prefixed = [FIRST, SECOND].flatMap((prefix) =>
    [...shapes].map(([name, shape]) => [prefix + name, shape] as const),
  );
  const moments = parametersOf(file.tensors, new Map(prefixed), source);
  const under = (prefix: string): Map<string, Tensor> =>
    new Map([...shapes.keys()].map((name) => [name, moments.get(prefix + name)!]));

  const fail = (key: string, expected: string): never => {
    const found = file.metadata.get(key);
    throw new SafetensorsError(`${source}: metadata "${key}" is ${found ?? 'missing'}, expected ${expected}.`);
  };
  const json = (key: string): unknown => {
    try {
      return JSON.parse(file.metadata.get(key) ?? '');
    } catch {
      return fail(key, 'JSON');
    }
  };
  const step = json('step');
  if (!isCount(step)) return fail('step', 'a non-negative integer');
  if (model.steps !== null && step !== model.steps) fail('step', `${model.steps}, the step of the model beside it`);
  const checkpoint = file.metadata.get('checkpoint');
  if (checkpoint !== undefined && checkpoint !== model.checkpoint) {
    fail('checkpoint', `${model.checkpoint}, the model beside it; that one was replaced since this state was saved`);
  }
  const sampler = json('sampler');
  if (!isRandomState(sampler))
    return fail('sampler', 'the state of a generator, {"words": [four 32-bit integers, not all 0]}');
  const schedule = json('schedule');
  if (!isRecord(schedule)) return fail('schedule', 'a JSON object');
  return { optimizer: { step, firstMoments: under(FIRST), secondMoments: under(SECOND) }, sampler, schedule };
}

/** Whether a value is a number of steps. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRandomState(value: unknown): value is RandomState {
  return (
    isRecord(value) &&
    Array.isArray(value['words']) &&
    value['words'].length === 4 &&
    value['words'].some((word) => word !== 0) &&
    value['words'].every((word) => Number.isInteger(word) && (word as number) === ((word as number) | 0))
  );
}
