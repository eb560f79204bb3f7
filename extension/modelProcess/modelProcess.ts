/** @file The model process as the extension host sees it: started on the first request, restarted after a crash, never in the way. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disposable, Event, MessageConnection } from 'vscode-jsonrpc/node';
import { createMessageConnection, Emitter, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { NotificationName, Notifications, Requests } from '../../model/protocol/requests';
import type { AskOptions, RequestTable } from './ask';
import { ask } from './ask';
import { BackOff, RESTART } from './backOff';
import type { BackOffOptions } from './backOff';
import { ModelProcessExitError, requestError } from './errors';
import { Watchdog, WATCH } from './watchdog';
import type { WatchdogOptions } from './watchdog';

/** One answers the editor, one trains, so that training never makes a hover wait. */
export type Role = 'answer' | 'train';

/** The part of a log channel that is used here; VS Code's LogOutputChannel has it. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface ModelProcessOptions {
  /** Absolute path of the program, `out/modelProcess.js`. */
  readonly program: string;
  readonly role: Role;
  readonly log: Log;
  readonly restart?: BackOffOptions;
  readonly watch?: WatchdogOptions;
}

/** How a process ended that nobody had asked to end. */
export interface ProcessExit {
  readonly role: Role;
  /** 'exit code 1', 'signal SIGKILL', or that it hung. */
  readonly reason: string;
  /** What it computed on. */
  readonly device: string;
}

/** A process that is alive. */
interface Running {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  readonly startedAt: number;
  watchdog: Watchdog | undefined;
  /** It was ended because it did not answer any more. */
  hung: boolean;
}

/** Milliseconds that a process gets to end by itself after its channel was closed. */
const GRACE = 5_000;

export class ModelProcess<Table extends RequestTable<Table> = Requests> implements Disposable {
  #running: Running | undefined;
  #starting: Promise<Running> | undefined;
  #disposed = false;
  #device = 'cpu';
  readonly #backOff: BackOff;
  readonly #didStart = new Emitter<undefined>();
  readonly #didCrash = new Emitter<ProcessExit>();

  constructor(private readonly options: ModelProcessOptions) {
    this.#backOff = new BackOff(options.restart ?? RESTART);
  }

  /** A new process runs: it knows neither model nor documents. */
  readonly onDidStart: Event<undefined> = this.#didStart.event;
  /** The process ended although nobody asked it to. */
  readonly onDidCrash: Event<ProcessExit> = this.#didCrash.event;

  /** The process id, while it runs. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** Whether it crashed so often in a row that it is not started again before `reset`. */
  get exhausted(): boolean {
    return this.#backOff.exhausted;
  }

  /** Forgets earlier crashes: the next request starts a process at once. */
  reset(): void {
    this.#backOff.reset();
  }

  /**
   * Asks the process, starting it when it does not run.
   * @throws ModelRequestError, ModelProcessExitError, RequestCancelledError
   */
  async ask<Name extends string & keyof Table>(
    name: Name,
    params: Table[Name]['params'],
    options?: AskOptions<Table[Name]['progress']>,
  ): Promise<Table[Name]['answer']> {
    const { connection } = await this.#start();
    try {
      return await ask<Name, Table>(connection, name, params, options);
    } catch (error) {
      throw requestError(error);
    }
  }

  /** Tells the process something; dropped when it does not run, because a new one starts without memory. */
  notify<Name extends NotificationName>(name: Name, params: Notifications[Name]): void {
    // A write can only fail because the process is ending, which `onDidCrash` reports.
    this.#running?.connection.sendNotification(name, params).catch(() => undefined);
  }

  /** Says what the process will compute on: on another device than the CPU it is ended when it hangs. */
  use(device: string): void {
    this.#device = device;
    if (this.#running !== undefined) this.#watch(this.#running);
  }

  /** Makes sure that a process runs, so that what follows can be sent to it in order. */
  async start(): Promise<void> {
    await this.#start();
  }

  /** Ends the process; the next request starts a new one. */
  stop(): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.watchdog?.dispose();
    running.connection.dispose();
    if (running.child.connected) running.child.disconnect();
    const timer = setTimeout(() => running.child.kill('SIGKILL'), GRACE);
    timer.unref();
    running.child.once('exit', () => {
      clearTimeout(timer);
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.stop();
    this.#didStart.dispose();
    this.#didCrash.dispose();
  }

  #start(): Promise<Running> {
    if (this.#running !== undefined) return Promise.resolve(this.#running);
    this.#starting ??= this.#fork().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #fork(): Promise<Running> {
    const { role, program, log } = this.options;
    if (this.#backOff.exhausted) {
      throw new ModelProcessExitError(
        'The model process ended several times in a row and was not started again; the log says why, and Reload Model tries once more.',
      );
    }
    if (this.#backOff.delay > 0) await sleep(this.#backOff.delay);
    if (this.#disposed) throw new ModelProcessExitError('The extension is being deactivated.');

    const environment: NodeJS.ProcessEnv = { ...process.env, ELECTRON_RUN_AS_NODE: '1', ORT_DISABLE_TELEMETRY: '1' };
    // An inspector port or a loader that is meant for the extension host must not reach its child.
    delete environment['NODE_OPTIONS'];
    const child = fork(program, ['--role', role], {
      serialization: 'advanced',
      execArgv: [],
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    const running: Running = { child, connection, startedAt: performance.now(), watchdog: undefined, hung: false };
    this.#running = running;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null)
        createInterface(stream).on('line', (line) => {
          log.warn(`[${role}] ${line}`);
        });
    }
    connection.onError(([error]) => {
      log.warn(`[${role}] ${error.message}`);
    });
    connection.onUnhandledNotification(() => undefined);
    child.once('error', (error) => {
      log.error(`[${role}] ${error.message}`);
      this.#ended(running, error.message);
    });
    child.once('exit', (code, signal) => {
      this.#ended(running, signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
    });
    connection.listen();
    this.#watch(running);
    log.info(`[${role}] process ${child.pid ?? 'unknown'} started`);
    this.#didStart.fire(undefined);
    return running;
  }

  #watch(running: Running): void {
    running.watchdog?.dispose();
    running.watchdog = undefined;
    // The CPU may compute for long without a pause, and does not hang.
    if (this.#device === 'cpu') return;
    running.watchdog = new Watchdog(
      () => ask(running.connection, 'process/alive', {}),
      () => {
        running.hung = true;
        running.child.kill('SIGKILL');
      },
      this.options.watch ?? WATCH,
    );
  }

  /** Rejects what was asked of a process that is gone and, when it is a crash, says so. */
  #ended(running: Running, reason: string): void {
    if (this.#running !== running) return;
    const ended = running.hung ? 'it did not answer any more' : reason;
    this.#running = undefined;
    running.watchdog?.dispose();
    this.#backOff.crashed(performance.now() - running.startedAt);
    this.options.log.error(`[${this.options.role}] process ended unexpectedly: ${ended}`);
    running.connection.dispose();
    this.#didCrash.fire({ role: this.options.role, reason: ended, device: this.#device });
  }
}
