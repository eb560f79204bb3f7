/** @file Gathers the statistics of all voters of a model, in a process of its own that ends with the work. */
import type { CancellationToken } from 'vscode-jsonrpc/node';
import type { StatisticsParams, StatisticsProgress, StatisticsSummary } from '../../model/protocol/statistics';
import type { ModelProcess } from './modelProcess';

export class StatisticsService {
  constructor(private readonly process: ModelProcess) {}

  /**
   * Reads the texts and stores the statistics in the model's folder. One at a time.
   * @throws ModelRequestError, ModelProcessExitError, RequestCancelledError
   */
  async gather(
    params: StatisticsParams,
    onProgress: (progress: StatisticsProgress) => void,
    token: CancellationToken,
  ): Promise<StatisticsSummary> {
    this.process.reset();
    try {
      return await this.process.ask('statistics/compute', params, { token, onProgress });
    } finally {
      this.process.stop();
    }
  }
}
