/** @file Gathers the statistics of voters over texts, in the process that works long, and stores them in the model folder. */
import { makeFolder } from '../checkpoint/atomicWrite';
import { readModelFolder } from '../checkpoint/modelFolder';
import { writeStatistics } from '../checkpoint/statisticsFile';
import type { StoredStatistics } from '../checkpoint/statisticsFile';
import { chunksOfFile, corpusStatistics } from '../inspection/corpusStatistics';
import { exampleNeighbours } from '../inspection/examplePlaces';
import { statisticsSummary } from '../inspection/voterDashboard';
import type { StatisticsParams, StatisticsProgress, StatisticsSummary } from '../protocol/statistics';
import { Inference } from '../runtime/inference';
import { readCorpus } from '../text/corpus';
import { chooseThreads } from '../training/plan';
import { requireDevice } from './loadedModel';

/** Least milliseconds between two messages of progress. */
const PROGRESS_INTERVAL = 100;

/**
 * Gathers the statistics of a model folder over texts and stores them there, or where its findings are kept.
 * @throws RequestError, ModelFolderError, CorpusError, FileSystemError, DeviceError, RuntimeMissingError
 * @throws the signal's reason where it is aborted; nothing is stored then
 */
export async function computeStatistics(
  params: StatisticsParams,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: StatisticsProgress) => void },
): Promise<StatisticsSummary> {
  const { folder, findings = folder, text, exclude, maxFileBytes, seed } = params;
  const device = requireDevice(params.device);
  const { config, parameters, checkpoint } = await readModelFolder(folder);
  const corpus = await readCorpus(text, { exclude, maxFileBytes, signal });
  const inference = await Inference.create(config, parameters, { device, threads: chooseThreads(params.threads) });
  try {
    let last = -Infinity;
    const statistics = await corpusStatistics(inference, corpus.files, {
      seed,
      signal,
      onProgress: (chunks, total) => {
        const now = performance.now();
        if (now - last < PROGRESS_INTERVAL && chunks < total) return;
        last = now;
        onProgress({ folder, chunks, total });
      },
    });
    const files = corpus.files.map((file) => ({ path: file.path, chunks: chunksOfFile(file) }));
    const stored: StoredStatistics = {
      checkpoint,
      corpus: { files, bytes: corpus.bytes, skipped: corpus.skipped.length },
      seed,
      statistics,
      neighbours: {
        top: await exampleNeighbours(corpus.files, statistics.top, { signal }),
        sample: await exampleNeighbours(corpus.files, statistics.sample, { signal }),
      },
    };
    signal.throwIfAborted();
    await makeFolder(findings);
    await writeStatistics(findings, stored);
    return statisticsSummary(stored);
  } finally {
    await inference.dispose();
  }
}
