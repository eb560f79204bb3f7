/** @file A chunk's votes as the view shows them, and a chunk pinned with its votes as they are now. */
import type { ChunkInspection } from '../../../model/protocol/inspection';
import type { ModelSummary } from '../../../model/protocol/models';
import type { PinnedChunk, VotesReady } from '../../../model/protocol/panels/votes';
import { documentName } from '../../editor/documentName';
import type { Pin } from '../../editor/pinnedChunk';
import type { Services } from '../../editor/services';
import { provenance } from '../frame/provenance';

/** A chunk's votes, without what is changed or pinned beside them. */
export type Votes = Omit<VotesReady, 'lesion' | 'memory' | 'causes' | 'pinned' | 'names'>;

export function votesOf(inspection: ChunkInspection, model: ModelSummary, document: string): Votes {
  return { kind: 'ready', provenance: provenance(model, document, undefined), ...inspection };
}

function pinOf(votes: Votes): PinnedChunk {
  const { provenance, index, offset, text, bits, scored, probabilities, effectiveVoters, surprise } = votes;
  return { provenance, index, offset, text, bits, scored, probabilities, effectiveVoters, surprise };
}

/**
 * Pins the chunk that the votes view shows, or the one that holds byte `offset` of the document that is looked at.
 * @returns whether there was one
 * @throws ModelRequestError, ModelProcessExitError with a sentence for the user
 */
export async function pinChunk(services: Services, model: ModelSummary, pin: Pin, offset?: number): Promise<boolean> {
  const { selection, client, texts } = services;
  const { document, editor } = selection;
  if (document === null) return false;
  const caret = editor === null ? undefined : texts.byteOffset(document, editor.selection.active);
  const at = offset ?? selection.selection?.offset ?? caret;
  if (at === undefined || texts.get(document).bytes.length === 0) return false;
  const inspection = await client.askAbout([document], 'inspect/chunk', (ref) => ({
    ...ref,
    offset: at,
    alternatives: 0,
  }));
  pin.set(pinOf(votesOf(inspection, model, documentName(document))));
  return true;
}
