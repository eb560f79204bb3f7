/** @file Statistics of every voter over texts that are looked at, kept for questions about single voters, and stored nowhere. */
import type { StoredStatistics } from '../checkpoint/statisticsFile';
import { chunksOfFile, corpusStatistics } from '../inspection/corpusStatistics';
import { exampleNeighbours } from '../inspection/examplePlaces';
import { statisticsSummary } from '../inspection/voterDashboard';
import type { VoterPlace } from '../protocol/inspection';
import type { StatisticsSummary, VoterDashboard } from '../protocol/statistics';
import type { AnalysisParams } from '../protocol/voterAnalyses';
import { shownVoter } from './storedStatistics';
import type { AnalysisRun } from './voterSources';
import { readSources, throttled } from './voterSources';

/** Positions in one batch of windows: about 30 ms of work, so that a hover that came in between is answered soon. */
const BATCH_POSITIONS = 256;
/** Of the random examples. */
const SEED = 1;

export class TextStatistics {
  #kept: { readonly stored: StoredStatistics; readonly open: ReadonlyMap<string, Uint8Array> } | undefined;

  /** @throws CorpusError, RequestError; the signal's reason when it is aborted, and what was kept stays */
  async gather({ sources }: AnalysisParams, given: AnalysisRun): Promise<StatisticsSummary> {
    const run = throttled(given);
    const { texts, skipped } = await readSources(sources, run);
    const files = texts.map(({ name, bytes }) => ({ path: name, bytes }));
    const statistics = await corpusStatistics(run.model.inference, files, {
      seed: SEED,
      maxChunks: sources.maxChunks,
      batchPositions: BATCH_POSITIONS,
      signal: run.signal,
      giveWay: run.giveWay,
      onProgress: (done, total) => {
        run.onProgress({ phase: 'votes', done, total });
      },
    });
    const stored: StoredStatistics = {
      checkpoint: run.model.checkpoint,
      corpus: {
        files: files.map((file) => ({ path: file.path, chunks: chunksOfFile(file) })),
        bytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
        skipped: skipped.length,
      },
      seed: SEED,
      statistics,
      neighbours: {
        top: await exampleNeighbours(files, statistics.top, run),
        sample: await exampleNeighbours(files, statistics.sample, run),
      },
    };
    // Files are read again when one is looked at; what is open in the editor may be nowhere on the disk.
    const open = new Map(sources.documents.map(({ uri }, at) => [uri, texts[at]!.bytes]));
    this.#kept = { stored, open };
    return statisticsSummary(stored);
  }

  /** Null where nothing was gathered with this model. @throws RequestError where there is no such voter */
  async voter({ checkpoint }: { readonly checkpoint: string }, params: VoterPlace): Promise<VoterDashboard | null> {
    const kept = this.#kept;
    return kept?.stored.checkpoint === checkpoint ? shownVoter(kept.stored, params, kept.open) : null;
  }

  /** Gives up what is kept. */
  forget(): void {
    this.#kept = undefined;
  }
}
