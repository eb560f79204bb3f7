/** @file The runs that the Training Monitor follows: their logs as they grow, and how each stands. No `vscode`. */
import { basename, join } from 'node:path';
import { trainerOf } from '../../../model/checkpoint/lock';
import { TrainingLogFollower } from '../../../model/checkpoint/trainingLogFollower';
import type { MonitorLook, MonitorRun, MonitorRunState } from '../../../model/protocol/panels/trainingMonitor';
import { exists } from '../../files';
import type { TrainingRun } from '../../modelProcess/trainingService';
import { RunSeries } from './trainingMonitorSeries';

/** Runs shown at once, at most: there are as many colours and dashes. */
export const MOST_RUNS = 8;
/** A log that nobody has locked, as other programs write it, is still growing when it was written this recently. */
const FRESH_MILLISECONDS = 15_000;
/** Runs that have ended are looked at only every so many times. */
const REST_LOOKS = 8;

/** What decides how a run stands. */
export interface RunFacts {
  readonly reports: number;
  /** Of the log's last line, where that is an end. */
  readonly end: 'finished' | 'stopped' | 'diverged' | 'failed' | null;
  readonly lock: 'held' | 'stale' | 'none';
  /** Milliseconds since the log was written, below 0 where the clock was set back; null where there is no log. */
  readonly age: number | null;
}

/** Whether more of a run may come. */
function isGoing(state: MonitorRunState): boolean {
  return state === 'reading' || state === 'waiting' || state === 'running';
}

export function stateOf({ reports, end, lock, age }: RunFacts): MonitorRunState {
  if (lock === 'held') return reports === 0 ? 'waiting' : 'running';
  if (end !== null) return end;
  if (age === null) return lock === 'stale' ? 'interrupted' : 'missing';
  if (lock === 'stale') return 'interrupted';
  // The clock may have been set back since: what was written long after now is not fresh.
  if (Math.abs(age) < FRESH_MILLISECONDS) return reports === 0 ? 'waiting' : 'running';
  return 'interrupted';
}

/** The run of this window. */
type OwnRun = Pick<TrainingRun, 'folder' | 'isStopping'>;

/** One run, by its folder. */
class FollowedRun {
  readonly #follower: TrainingLogFollower;
  #series = new RunSeries();
  /** Of the series as it is; made when it is shown next. */
  #curves: Pick<MonitorRun, 'curves' | 'heldOut' | 'probes'> | null = null;
  #state: MonitorRunState = 'reading';
  #message: string | null = null;
  #canResume = false;
  #looks = 0;

  constructor(
    readonly folder: string,
    readonly slot: number,
  ) {
    this.#follower = new TrainingLogFollower(folder);
  }

  get state(): MonitorRunState {
    return this.#state;
  }

  get step(): number | null {
    return this.#series.moment('step', null)?.step ?? null;
  }

  get reports(): number {
    return this.#series.reports;
  }

  /** Reads what is new; whether anything has changed. */
  async refresh(isUrgent: boolean): Promise<boolean> {
    if (!isUrgent && !isGoing(this.#state) && ++this.#looks % REST_LOOKS !== 0) return false;
    const before = `${this.#state} ${this.#message ?? ''} ${this.#canResume}`;
    let news = false;
    try {
      // The lock first: whoever frees it has written the end by then.
      const trainer = await trainerOf(this.folder);
      const { restarted, entries, modified } = await this.#follower.news();
      if (restarted) this.#series = new RunSeries();
      this.#series.add(entries);
      news = restarted || entries.length > 0;
      if (news) this.#curves = null;
      const { end, reports } = this.#series;
      this.#state = stateOf({
        reports,
        end: end?.end ?? null,
        lock: trainer === null ? 'none' : trainer === 'stale' ? 'stale' : 'held',
        age: modified === null ? null : Date.now() - modified,
      });
      this.#message = isGoing(this.#state) ? null : (end?.message ?? null);
      this.#canResume =
        (this.#state === 'stopped' || this.#state === 'interrupted' || this.#state === 'failed') &&
        (await exists(join(this.folder, 'optimizer.safetensors')));
    } catch (error) {
      this.#state = 'missing';
      this.#canResume = false;
      this.#message = error instanceof Error ? error.message : String(error);
    }
    return news || before !== `${this.#state} ${this.#message ?? ''} ${this.#canResume}`;
  }

  shown(look: MonitorLook, own: OwnRun | null, place: string): MonitorRun {
    const series = this.#series;
    const isOwn = own?.folder === this.folder;
    const state = isOwn && own.isStopping && this.#state === 'running' ? 'stopping' : this.#state;
    this.#curves ??= { curves: series.curves(), heldOut: series.heldOut(), probes: series.probes() };
    return {
      id: this.folder,
      name: basename(this.folder),
      place,
      slot: this.slot,
      state,
      message: this.#message,
      isOwn,
      canResume: this.#canResume && !isOwn,
      steps: series.stepsInAll,
      remainingSeconds: state === 'running' ? series.remainingSeconds : null,
      ...this.#curves,
      moment: series.moment(look.axis, look.at),
    };
  }
}

export class FollowedRuns {
  #runs: readonly FollowedRun[] = [];

  get folders(): readonly string[] {
    return this.#runs.map(({ folder }) => folder);
  }

  get summaries(): readonly {
    readonly folder: string;
    readonly state: MonitorRunState;
    readonly step: number | null;
    readonly reports: number;
  }[] {
    return this.#runs.map(({ folder, state, step, reports }) => ({ folder, state, step, reports }));
  }

  has(folder: string): boolean {
    return this.#runs.some((run) => run.folder === folder);
  }

  /** Follows a run; where there are as many as can be told apart, the first that has ended makes room. False where none has. */
  add(folder: string): boolean {
    if (this.has(folder)) return true;
    if (this.#runs.length >= MOST_RUNS) {
      const ended = this.#runs.find(({ state }) => !isGoing(state));
      if (ended === undefined) return false;
      this.remove(ended.folder);
    }
    const taken = new Set(this.#runs.map(({ slot }) => slot));
    const slot = Array.from({ length: MOST_RUNS }, (_, i) => i).find((candidate) => !taken.has(candidate))!;
    this.#runs = [...this.#runs, new FollowedRun(folder, slot)];
    return true;
  }

  remove(folder: string): void {
    this.#runs = this.#runs.filter((run) => run.folder !== folder);
  }

  /** Reads what is new of all of them; whether anything has changed. `isUrgent` looks at those too that have ended. */
  async refresh(isUrgent: boolean): Promise<boolean> {
    const changes = await Promise.all(this.#runs.map((run) => run.refresh(isUrgent)));
    return changes.includes(true);
  }

  /** @param place a folder for users */
  shown(look: MonitorLook, own: OwnRun | null, place: (folder: string) => string): readonly MonitorRun[] {
    return this.#runs.map((run) => run.shown(look, own, place(run.folder)));
  }
}
