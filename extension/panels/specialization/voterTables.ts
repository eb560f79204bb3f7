/** @file The table of all voters: measured on the texts that the user chose, once for each of them, or taken from what was gathered. */
import type * as vscode from 'vscode';
import type { StatisticsKind, StatisticsSummary } from '../../../model/protocol/statistics';
import type { TableScope, VoterTable } from '../../../model/protocol/panels/specialization';
import type { Services } from '../../editor/services';
import { modelKey } from '../../modelProcess/modelState';
import { PanelTask } from '../frame/panelTask';
import { progressWords } from '../frame/progressWords';
import { statisticsText } from './specializationData';
import { label, measuredOn, sourcesOf, workspacePaths } from './texts';

/** Chunks that are looked at, at most: seconds of work with the models that Train Model… makes. */
const MAX_CHUNKS = 8192;

/** Statistics of all voters, and where single voters of them are asked for. */
export interface TableSource {
  readonly summary: StatisticsSummary;
  readonly of: StatisticsKind;
  readonly measuredOn: string;
  /** Of the document; null where the table does not follow it. */
  readonly version: number | null;
}

export class VoterTables implements vscode.Disposable {
  readonly task: PanelTask<TableSource>;
  #scope: TableScope = 'text';
  /** Model, document and texts that were asked about last, whatever came of it. */
  #asked = '';
  #measured: TableSource | null = null;

  /** @param onChange something is to be shown; `isOfVoters` where it changes what is known of single voters */
  constructor(
    private readonly services: Services,
    private readonly onChange: (isOfVoters: boolean) => void,
  ) {
    this.task = new PanelTask('table', () => {
      onChange(false);
    });
  }

  get scope(): TableScope {
    return this.#scope;
  }

  /** What the table is made from; null while it is being measured. @param gathered statistics that are stored with the model */
  source(gathered: StatisticsSummary | null): TableSource | null {
    if (this.#scope !== 'gathered') return this.#measured;
    return gathered === null
      ? null
      : { summary: gathered, of: 'gathered', measuredOn: statisticsText(gathered, label), version: null };
  }

  /** Sees to it that the table of the texts is measured, and is of no other model or texts. */
  want(): void {
    const { models, selection } = this.services;
    const { document } = selection;
    if (models.state.kind !== 'ready' || document === null) return;
    const asked = `${modelKey(models.state.model)} ${this.#scope} ${document.uri.toString()}`;
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#measured = null;
    this.task.clear();
    if (this.#scope !== 'gathered') this.#measure(document, this.#scope);
  }

  /** Measures anew, on the texts as they are now. */
  measureAgain(scope: TableScope): void {
    this.#scope = scope === 'workspace' && workspacePaths().length === 0 ? 'text' : scope;
    this.#asked = '';
    this.want();
    this.onChange(true);
  }

  dispose(): void {
    this.task.dispose();
  }

  #measure(document: vscode.TextDocument, scope: Exclude<TableScope, 'gathered'>): void {
    const { version } = document;
    this.task.run(
      'Measuring',
      async (token, report) => {
        const summary = await this.services.client.askAbout(
          [document],
          'statistics/texts',
          (ref) => ({ sources: sourcesOf(document, ref, scope, MAX_CHUNKS) }),
          {
            token,
            onProgress: (progress) => {
              report(...progressWords(progress));
            },
          },
        );
        return { summary, of: 'texts', measuredOn: measuredOn(document, scope, summary.files.length), version };
      },
      (source) => {
        this.#measured = source;
        this.onChange(true);
      },
    );
  }
}

/** The table, for the document's version as it is now. */
export function tableOf({ summary, measuredOn, version }: TableSource, now: number): VoterTable {
  const { votersPerBit, chunks, totalChunks, densities, aurocs, meanWeights, nearest, nearestCorrelations } = summary;
  const { contributions, automaticNames, classMasks } = summary;
  return {
    votersPerBit,
    chunks,
    totalChunks,
    densities,
    aurocs,
    meanWeights,
    nearest,
    nearestCorrelations,
    contributions,
    automaticNames,
    classMasks,
    measuredOn,
    outdated: version !== null && version !== now,
  };
}
