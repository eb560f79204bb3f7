/** @file Which runs the Training Monitor shows, remembered for the workspace; reads their logs for as long as the user looks. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { trainerOf } from '../../../model/checkpoint/lock';
import { TRAINING_LOG } from '../../../model/checkpoint/trainingLog';
import type { MonitorLook, MonitorRun } from '../../../model/protocol/panels/trainingMonitor';
import { Pace } from '../../../model/training/pace';
import { findTrainedFolders } from '../../modelFolders';
import type { TrainingService } from '../../modelProcess/trainingService';
import { NewestWins } from '../../newestWins';
import { FollowedRuns, stateOf } from './trainingMonitorRuns';

const REMEMBERED = 'smuggler.monitorRuns';
/** Milliseconds between two looks at the logs: reports come at most four times a second. */
const LOOK_EVERY = 250;
/** How often runs that others begin are looked for: a search of the workspace, so at most a fiftieth of the time. */
const FIND_PACE = { first: 2, least: 2, share: 0.02 };

export interface TrainingMonitorOptions {
  readonly training: TrainingService;
  readonly memento: vscode.Memento;
  /** Folders of models that were used, the newest first. */
  readonly recent: () => readonly string[];
}

export class TrainingMonitorService implements vscode.Disposable {
  readonly #runs = new FollowedRuns();
  readonly #work = new NewestWins();
  readonly #didChange = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  #findPace = new Pace(FIND_PACE);
  #isFinding = false;
  /** Taken out while the user looks: not found again, unless the user adds it or trains it anew. */
  readonly #removed = new Set<string>();
  /** Folder of this window's run. */
  #own: string | null = null;

  constructor(private readonly options: TrainingMonitorOptions) {
    for (const folder of options.memento.get<string[]>(REMEMBERED, [])) this.#runs.add(folder);
    this.#subscription = options.training.onDidChange((run) => {
      const begun = run === null || run.folder === this.#own ? null : run.folder;
      this.#own = run?.folder ?? null;
      if (begun !== null) void this.follow(begun);
      // The log has the report already.
      else if (this.#timer !== undefined) this.#refresh(run === null);
    });
  }

  /** Runs have news, or are others. */
  readonly onDidChange = this.#didChange.event;

  get folders(): readonly string[] {
    return this.#runs.folders;
  }

  get summaries(): FollowedRuns['summaries'] {
    return this.#runs.summaries;
  }

  has(folder: string): boolean {
    return this.#runs.has(folder);
  }

  /** Whether the user looks: the logs are read only then. */
  watch(isWatched: boolean): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (!isWatched) return;
    this.#removed.clear();
    this.#findPace = new Pace(FIND_PACE);
    this.#timer = setInterval(() => {
      this.#refresh(false);
      void this.#findBegun();
    }, LOOK_EVERY);
    this.#work.run(async () => {
      // What is known already is read before the workspace is searched for more, which may take seconds.
      if (await this.#runs.refresh(true)) this.#didChange.fire();
      await this.#find();
      await this.#runs.refresh(true);
      this.#didChange.fire();
    });
  }

  /** Shows a run from now on; false where there is no room for one more. */
  async follow(folder: string): Promise<boolean> {
    this.#removed.delete(folder);
    if (!this.#runs.add(folder)) return false;
    await this.#remember();
    this.#refresh(true);
    return true;
  }

  async remove(folder: string): Promise<void> {
    this.#runs.remove(folder);
    this.#removed.add(folder);
    await this.#remember();
    this.#didChange.fire();
  }

  shown(look: MonitorLook): readonly MonitorRun[] {
    return this.#runs.shown(look, this.options.training.run, (folder) => vscode.workspace.asRelativePath(folder));
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#work.dispose();
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  #refresh(isUrgent: boolean): void {
    this.#work.run(async () => {
      if (await this.#runs.refresh(isUrgent)) this.#didChange.fire();
    });
  }

  /** Another window or program may begin a run while the user looks. */
  async #findBegun(): Promise<void> {
    if (this.#isFinding || !this.#findPace.isDue) return;
    this.#isFinding = true;
    try {
      await this.#findPace.run(() => this.#find());
    } catch {
      // A search that fails is no reason to stop looking: the next one comes soon.
    } finally {
      this.#isFinding = false;
    }
  }

  /** Runs in progress are shown whoever trains them; where there is nothing to show, the newest run is. */
  async #find(): Promise<void> {
    const { training, recent } = this.options;
    const own = training.run === null ? [] : [training.run.folder];
    const candidates = new Set([...own, ...(await findTrainedFolders()), ...recent()]);
    const looks = await Promise.all(Array.from(candidates, lookAt));
    const found = looks.filter(({ folder }) => !this.#removed.has(folder));
    for (const { folder, isGoing } of found) if (isGoing || own.includes(folder)) this.#runs.add(folder);
    const newest = found.filter(({ written }) => written > 0).toSorted((a, b) => b.written - a.written)[0];
    if (this.#runs.folders.length === 0 && newest !== undefined) this.#runs.add(newest.folder);
    await this.#remember();
  }

  async #remember(): Promise<void> {
    const { memento } = this.options;
    const { folders } = this.#runs;
    if (JSON.stringify(memento.get(REMEMBERED, [])) !== JSON.stringify(folders)) {
      await memento.update(REMEMBERED, [...folders]);
    }
  }
}

/** Whether a folder is being trained now, and when its log was written last (0 where it has none). */
async function lookAt(folder: string): Promise<{ folder: string; isGoing: boolean; written: number }> {
  const [trainer, log] = await Promise.all([
    trainerOf(folder).catch(() => null),
    stat(join(folder, TRAINING_LOG)).catch(() => null),
  ]);
  const state = stateOf({
    reports: 1,
    end: null,
    lock: trainer === null ? 'none' : trainer === 'stale' ? 'stale' : 'held',
    age: log === null ? null : Date.now() - log.mtimeMs,
  });
  return { folder, isGoing: state === 'running', written: log?.mtimeMs ?? 0 };
}
