/** @file A model folder as whoever comes after a kill finds it. */
import { existsSync, readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { isModelFolderError, readModelFolder, readTrainingState } from '../../../model/checkpoint/modelFolder';

/**
 * Loads a folder as the extension and as the trainer do, and checks that both halves are whole and of one step.
 * @returns that step; null where nothing had been saved yet
 */
export async function loadFolder(folder: string): Promise<number | null> {
  const model = await readModelFolder(folder).catch((error: unknown) => {
    // A run that was killed before its first save has left hidden files at most.
    const names = existsSync(folder) ? readdirSync(folder) : [];
    if (isModelFolderError(error) && names.every((name) => name.startsWith('.'))) return null;
    throw error;
  });
  if (model === null) return null;
  const { optimizer } = await readTrainingState(folder);
  expect(model.steps).toBe(optimizer.step);
  const tensors = [model.parameters, optimizer.firstMoments, optimizer.secondMoments];
  for (const { data } of tensors.flatMap((parameters) => [...parameters.values()])) {
    expect(data.every(Number.isFinite)).toBe(true);
  }
  return optimizer.step;
}
