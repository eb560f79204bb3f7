/** @file Statistics of voters that are stored with the loaded model, as requests ask for them. */
import type { StoredStatistics } from '../checkpoint/statisticsFile';
import { isSafetensorsError } from '../checkpoint/safetensors';
import { isStatisticsError, readStatistics } from '../checkpoint/statisticsFile';
import { statisticsSummary, voterDashboard } from '../inspection/voterDashboard';
import type { StatisticsSummary, VoterDashboard } from '../protocol/statistics';
import type { VoterPlace } from '../protocol/inspection';
import type { AutomaticVoterName } from '../protocol/voterNotes';
import { ErrorCode } from '../measures/errorCodes';
import type { LoadedModel } from './loadedModel';
import { RequestError } from './requestErrors';

/** The loaded model, as far as it matters where its statistics are. */
export type StatisticsPlaces = Pick<LoadedModel, 'folder' | 'findings' | 'checkpoint'>;

/** The statistics of one loaded model; what was read last is kept, until the file is written anew or another model is asked about. */
export class StoredVoterStatistics {
  #kept: { readonly folder: string; readonly stored: StoredStatistics } | undefined;

  /** @throws StatisticsError, SafetensorsError, FileSystemError */
  async summary(model: StatisticsPlaces): Promise<StatisticsSummary | null> {
    // Asked for all of them, the file is read anew: it may have been written since.
    this.#kept = undefined;
    const stored = await this.#read(model);
    return stored === null ? null : statisticsSummary(stored);
  }

  /** The automatic names of its voters; none where the statistics cannot be used, which `summary` tells. */
  async names(model: StatisticsPlaces): Promise<AutomaticVoterName[]> {
    // As for `summary`.
    this.#kept = undefined;
    const stored = await this.#read(model).catch((error: unknown) => {
      if (isStatisticsError(error) || isSafetensorsError(error)) return null;
      throw error;
    });
    if (stored === null) return [];
    const { names, votersPerBit } = stored.statistics;
    return names.map(({ row, name }) => ({ bit: Math.floor(row / votersPerBit), voter: row % votersPerBit, name }));
  }

  /** @throws StatisticsError, SafetensorsError, FileSystemError, and RequestError where there is no such voter */
  async voter(model: StatisticsPlaces, params: VoterPlace): Promise<VoterDashboard | null> {
    const stored = await this.#read(model);
    return stored === null ? null : shownVoter(stored, params);
  }

  async #read(model: StatisticsPlaces): Promise<StoredStatistics | null> {
    const kept = this.#kept;
    const folder = model.findings;
    if (kept?.folder === folder && kept.stored.checkpoint === model.checkpoint) return kept.stored;
    const stored = await readNearest(model);
    this.#kept = stored === null ? undefined : { folder, stored };
    return stored;
  }
}

/**
 * One voter of statistics.
 * @param open as for `voterDashboard`
 * @throws RequestError where there is no such voter
 */
export async function shownVoter(
  stored: StoredStatistics,
  place: VoterPlace,
  open?: ReadonlyMap<string, Uint8Array>,
): Promise<VoterDashboard> {
  try {
    return await voterDashboard(stored, place, open);
  } catch (error) {
    if (error instanceof RangeError) throw new RequestError(ErrorCode.badRequest, error.message);
    throw error;
  }
}

/** What was gathered of the model since, or what came with it. */
async function readNearest({ folder, findings, checkpoint }: StatisticsPlaces): Promise<StoredStatistics | null> {
  if (findings === folder) return readStatistics(folder, checkpoint);
  try {
    return (await readStatistics(findings, checkpoint)) ?? (await readStatistics(folder, checkpoint));
  } catch (error) {
    // Gathered of the model that came with an earlier release of the extension.
    const shipped = isStatisticsError(error) ? await readStatistics(folder, checkpoint) : null;
    if (shipped === null) throw error;
    return shipped;
  }
}
