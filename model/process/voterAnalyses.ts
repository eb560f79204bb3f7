/** @file Questions about voters over texts: the specialization map, concept search, and where else voters agree. */
import { createHash } from 'node:crypto';
import { CHUNK_BYTES } from '../measures/chunk';
import { findAgreement } from '../inspection/specialization/agreement';
import type { VoterPattern } from '../inspection/specialization/agreement';
import { collectVotes } from '../inspection/specialization/collectVotes';
import { conceptLabels } from '../inspection/specialization/concept';
import { ConceptError } from '../inspection/specialization/conceptError';
import { rankVoters } from '../inspection/specialization/conceptSearch';
import { contextLabels } from '../inspection/specialization/contexts';
import { specializationMap } from '../inspection/specialization/specializationMap';
import type { SourceText, VoteMatrix } from '../inspection/specialization/voteMatrix';
import { textAround } from '../inspection/textAround';
import { Turns } from '../inspection/turns';
import type {
  AgreementPlace,
  AgreementSearchParams,
  AgreementSearchResult,
  ConceptSearchParams,
  ConceptSearchResult,
  AnalysisProvenance,
  SpecializationMapParams,
  SpecializationMapResult,
  VoterSources,
} from '../protocol/voterAnalyses';
import { placeIn } from '../text/place';
import { Random } from '../text/random';
import type { AnalysedModel, AnalysisRun } from './voterSources';
import { readSources, throttled } from './voterSources';

/** Milliseconds after which votes that nobody asked about again are given up: they can take half a gigabyte. */
const KEPT = 5 * 60_000;
/** Bytes of a place that are shown. */
const SHOWN_BYTES = 80;

interface Evaluated {
  readonly matrix: VoteMatrix;
  readonly provenance: AnalysisProvenance;
}

/** Answers the questions. The votes of the texts asked about last are kept, so that the next question about them is quick. */
export class VoterAnalyses {
  #votes: { readonly model: AnalysedModel; readonly key: string; readonly matrix: VoteMatrix } | undefined;
  #expiry: NodeJS.Timeout | undefined;

  /** @throws CorpusError, InspectionError, RequestError; the signal's reason when it is aborted */
  async map(params: SpecializationMapParams, given: AnalysisRun): Promise<SpecializationMapResult> {
    const start = performance.now();
    const run = throttled(given);
    const { matrix, provenance } = await this.#evaluate(params.sources, run);
    const map = await specializationMap(matrix, await contextLabels(matrix.chunks, run), params.bit, {
      ...run,
      onProgress: comparing(run),
    });
    return { ...map, provenance, milliseconds: performance.now() - start };
  }

  /** @throws ConceptError, CorpusError, InspectionError, RequestError; the signal's reason when it is aborted */
  async concept(params: ConceptSearchParams, given: AnalysisRun): Promise<ConceptSearchResult> {
    const start = performance.now();
    const run = throttled(given);
    const { matrix, provenance } = await this.#evaluate(params.sources, run);
    const labels = await conceptLabels(matrix.chunks, params.concept, run);
    const ranked = await rankVoters(matrix, labels, {
      ...run,
      random: Random.fromSeed(params.seed),
      onProgress: comparing(run),
    });
    const labelled = labels.reduce((sum, label) => sum + label, 0);
    return { ...ranked, labelled, provenance, milliseconds: performance.now() - start };
  }

  /** @throws ConceptError, CorpusError, InspectionError, RequestError; the signal's reason when it is aborted */
  async agreement(params: AgreementSearchParams, given: AnalysisRun): Promise<AgreementSearchResult> {
    const start = performance.now();
    const run = throttled(given);
    const { origin, minAgreement, limit } = params;
    const chunk = await run.model.inspector.inspectChunk(run.document(origin), origin.offset, 0);
    const pattern = choosePattern(params, chunk.votes, run.model.head.votersPerBit);
    const { matrix, provenance } = await this.#evaluate(params.sources, run);
    const result = await findAgreement(matrix, pattern, { ...run, minAgreement, limit });
    const places = result.runs.map(({ text, firstChunk, count, agreement }): AgreementPlace => {
      const { name, bytes } = matrix.chunks.texts[text]!;
      const [offset, length] = [firstChunk * CHUNK_BYTES, count * CHUNK_BYTES];
      const shown = Math.min(length, SHOWN_BYTES);
      const around = textAround(bytes, offset, shown);
      return {
        name,
        offset,
        length,
        place: placeIn(bytes, offset, shown),
        // What follows the part that is shown is no neighbour of the place.
        ...(shown < length ? { ...around, text: `${around.text}…`, after: '' } : around),
        chunks: count,
        agreement,
        isOrigin: name === origin.uri && chunk.offset >= offset && chunk.offset < offset + length,
      };
    });
    const { found, matchingChunks, histogram } = result;
    return {
      voters: Uint32Array.from(pattern.voters),
      on: pattern.on,
      places,
      found,
      matchingChunks,
      histogram,
      provenance,
      milliseconds: performance.now() - start,
    };
  }

  /** Gives up the votes that are kept. */
  forget(): void {
    clearTimeout(this.#expiry);
    this.#votes = undefined;
  }

  /** The votes over the texts, from the last question where it was about the same. */
  async #evaluate(sources: VoterSources, run: AnalysisRun): Promise<Evaluated> {
    const { model } = run;
    const { texts, skipped } = await readSources(sources, run);
    const key = await keyOf(texts, sources.maxChunks, run);
    let kept = this.#votes;
    if (kept?.model !== model || kept.key !== key) {
      // Before the next ones are made: two of them could be too much.
      this.forget();
      const matrix = await collectVotes(model.inference, texts, {
        ...run,
        maxChunks: sources.maxChunks,
        onProgress: (done, total) => {
          run.onProgress({ phase: 'votes', done, total });
        },
      });
      kept = { model, key, matrix };
      this.#votes = kept;
    }
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => {
      this.forget();
    }, KEPT).unref();
    const { chunks } = kept.matrix;
    return {
      matrix: kept.matrix,
      provenance: {
        checkpoint: model.checkpoint,
        votersPerBit: model.head.votersPerBit,
        temperatures: model.inference.temperatures,
        chunks: chunks.count,
        totalChunks: chunks.totalChunks,
        texts: texts.map(({ name }) => name),
        skipped,
      },
    };
  }
}

async function keyOf(texts: readonly SourceText[], maxChunks: number, run: AnalysisRun): Promise<string> {
  const hash = createHash('sha256').update(`${maxChunks}\n`);
  const turns = new Turns(run);
  for (const { name, bytes, languageId } of texts) {
    if (turns.isDue) await turns.give();
    hash.update(JSON.stringify([name, languageId ?? null, bytes.length])).update(bytes);
  }
  return hash.digest('hex');
}

function comparing(run: AnalysisRun): (done: number, total: number) => void {
  return (done, total) => {
    run.onProgress({ phase: 'comparing', done, total });
  };
}

/** The voters that were named, or those that are on at the chunk. @param votes [32·M] of the chunk */
function choosePattern(params: AgreementSearchParams, votes: Float32Array, votersPerBit: number): VoterPattern {
  const { bit, threshold } = params;
  const isOn = (voter: number) => votes[voter]! > threshold;
  const inBit = (voter: number) => bit === null || Math.floor(voter / votersPerBit) === bit;
  const voters = params.voters ?? [...votes.keys()].filter((voter) => inBit(voter) && isOn(voter));
  if (voters.length === 0) {
    throw new ConceptError(
      params.voters === null
        ? `No voter${bit === null ? '' : ` of bit ${bit}`} votes above ${threshold} at this chunk; choose voters, or a lower threshold.`
        : 'No voter was chosen, expected at least one.',
    );
  }
  const odd = voters.find((voter) => !Number.isInteger(voter) || voter < 0 || voter >= votes.length);
  if (odd !== undefined) throw new ConceptError(`Voter ${odd} does not exist, expected 0 to ${votes.length - 1}.`);
  return { voters, on: Uint8Array.from(voters, (voter) => (isOn(voter) ? 1 : 0)), threshold };
}
