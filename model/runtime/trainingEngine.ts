/** @file What trains a model: ONNX Runtime on any of its devices, or TensorFlow.js. */
import type { ModelConfig } from '../network/config';
import type { Parameters } from '../network/parameters';
import { loadTensorflow } from '../tensorflow/library';
import { TensorflowSession } from '../tensorflow/trainingSession';
import type { TrainingDevice } from './device';
import type { TrainingOptions } from './trainingSession';
import { TrainingSession } from './trainingSession';

/** A run of training, whichever engine computes it. */
export type TrainingEngine = Pick<TrainingSession, 'steps' | 'step' | 'read' | 'readParameters' | 'dispose'>;

export interface TrainingEngineOptions extends Omit<TrainingOptions, 'device' | 'profilePrefix'> {
  readonly device: TrainingDevice;
}

/** @throws DeviceError where the device is missing or refuses the step */
export async function createTrainingEngine(
  config: ModelConfig,
  parameters: Parameters,
  options: TrainingEngineOptions,
): Promise<TrainingEngine> {
  const { device } = options;
  if (device === 'tensorflow') return TensorflowSession.create(loadTensorflow(), config, parameters, options);
  return TrainingSession.create(config, parameters, { ...options, device });
}
