/** @file The causes of what the voters of a chunk say, by any of the methods. */
import type { InspectedDocument } from '../inspection/inspector';
import type { TurnOptions } from '../inspection/turns';
import { visibleLabel } from '../measures/visibleText';
import type { CauseMethod, Causes, CausesParams, Completeness } from '../protocol/causes';
import type { DocumentRef } from '../protocol/documents';
import type { DifferentiatedModel } from './gradients';
import { gradientTimesInput, integratedGradients } from './gradients';
import type { OccludedModel, OcclusionOptions } from './occlusion';
import { occlusion } from './occlusion';
import type { Piece } from './pieces';
import { pieces } from './pieces';
import type { ExplainedPosition } from './position';
import { explainedPosition } from './position';

/** A loaded model, as far as it is explained. */
export interface ExplainedModel extends OccludedModel {
  readonly inference: OccludedModel['inference'] & DifferentiatedModel;
  /** Names the checkpoint in every answer. */
  readonly checkpoint: string;
}

interface Found {
  readonly value: number;
  /** [pieces] */
  readonly contributions: readonly number[];
  readonly beginning: number;
  readonly completeness: Completeness | null;
}

/** What is asked of a document. */
export type CausesQuestion = Omit<CausesParams, keyof DocumentRef | 'changes'> & Partial<Pick<CausesParams, 'changes'>>;

type Method = (
  model: ExplainedModel,
  at: ExplainedPosition,
  cut: readonly Piece[],
  options: OcclusionOptions,
) => Promise<Found>;

/** Contributions of bytes as those of pieces. What is behind the target has none; what is before the document is its beginning. */
function byPiece({ windowStart, from }: ExplainedPosition, cut: readonly Piece[], bytes: Float64Array) {
  const sum = (start: number, end: number) =>
    bytes.subarray(start - windowStart, end - windowStart).reduce((all, contribution) => all + contribution, 0);
  return { contributions: cut.map(({ start, end }) => sum(start, end)), beginning: sum(windowStart, from) };
}

const METHODS: Readonly<Record<CauseMethod, Method>> = {
  occlusion: async (model, at, cut, options) => {
    const { value, without } = await occlusion(model, at, cut, options);
    return { value, contributions: Array.from(without, (other) => value - other), beginning: 0, completeness: null };
  },
  gradient: async ({ inference }, at, cut) => {
    const { value, bytes } = await gradientTimesInput(inference, at);
    return { value, ...byPiece(at, cut, bytes), completeness: null };
  },
  integrated: async ({ inference }, at, cut, options) => {
    const { value, bytes, completeness } = await integratedGradients(inference, at, options);
    return { value, ...byPiece(at, cut, bytes), completeness };
  },
};

/**
 * How much each piece of the text before adds to what is asked about. The voters of a model with a byte stage hear the chunk's own
 * earlier bytes, so those are causes too.
 * @throws InspectionError where the document is empty
 * @throws VoterChangeError where the document or the model does not have what is asked about
 * @throws the signal's reason when it is aborted
 */
export async function causes(
  model: ExplainedModel,
  document: InspectedDocument,
  { offset, target, method, unit, changes = [] }: CausesQuestion,
  options: TurnOptions = {},
): Promise<Causes> {
  const began = performance.now();
  const { bytes } = document;
  const at = explainedPosition(model.inference.config, document, offset, target);
  const cut = pieces(bytes, at.from, at.to, unit);
  const inForce = method === 'occlusion' ? changes : [];
  const { contributions, ...found } = await METHODS[method](model, at, cut, { ...options, changes: inForce });
  const [first, end] =
    target.kind === 'byte'
      ? [at.offset + target.byte, at.offset + target.byte + 1]
      : [at.offset, at.offset + at.length];
  return {
    checkpoint: model.checkpoint,
    target,
    method,
    unit,
    changes: inForce,
    index: at.index,
    offset: at.offset,
    length: at.length,
    text: visibleLabel(bytes.subarray(first, end)),
    ...found,
    causes: cut.map(({ start, end: until }, i) => ({
      offset: start,
      length: until - start,
      text: visibleLabel(bytes.subarray(start, until)),
      contribution: contributions[i]!,
    })),
    milliseconds: performance.now() - began,
  };
}
