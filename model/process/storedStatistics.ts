/** @file Statistics of voters that are stored with the loaded model, as requests ask for them. */
import type { StoredStatistics } from '../checkpoint/statisticsFile';
import { readStatistics } from '../checkpoint/statisticsFile';
import { statisticsSummary, voterDashboard } from '../inspection/voterDashboard';
import type { StatisticsSummary, VoterDashboard } from '../protocol/statistics';
import type { VoterPlace } from '../protocol/inspection';
import { ErrorCode } from '../measures/errorCodes';
import { RequestError } from './requestErrors';

/** The statistics of one loaded model; what was read last is kept, until the file is written anew or another model is asked about. */
export class StoredVoterStatistics {
  #kept: { readonly folder: string; readonly stored: StoredStatistics } | undefined;

  /** @throws StatisticsError, SafetensorsError, FileSystemError */
  async summary(folder: string, checkpoint: string): Promise<StatisticsSummary | null> {
    // Asked for all of them, the file is read anew: it may have been written since.
    this.#kept = undefined;
    const stored = await this.#read(folder, checkpoint);
    return stored === null ? null : statisticsSummary(folder, stored);
  }

  /** @throws StatisticsError, SafetensorsError, FileSystemError, and RequestError where there is no such voter */
  async voter(folder: string, checkpoint: string, params: VoterPlace): Promise<VoterDashboard | null> {
    const stored = await this.#read(folder, checkpoint);
    if (stored === null) return null;
    try {
      return await voterDashboard(stored, params);
    } catch (error) {
      if (error instanceof RangeError) throw new RequestError(ErrorCode.badRequest, error.message);
      throw error;
    }
  }

  async #read(folder: string, checkpoint: string): Promise<StoredStatistics | null> {
    const kept = this.#kept;
    if (kept?.folder === folder && kept.stored.checkpoint === checkpoint) return kept.stored;
    const stored = await readStatistics(folder, checkpoint);
    this.#kept = stored === null ? undefined : { folder, stored };
    return stored;
  }
}
