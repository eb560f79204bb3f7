/** @file The model process: everything numeric, in a process of its own, spoken to over the channel of `child_process.fork`. */
import { constants, setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import type { CancellationToken, MessageConnection, RequestType, ResponseError } from 'vscode-jsonrpc/node';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { Answers } from './process/answers';
import { endWithParent } from './process/lifetime';
import { responseError } from './process/requestErrors';
import { computeStatistics } from './process/statistics';
import { corpusContents, presetSummaries, Trainings } from './process/trainings';
import type { AnalysisProgress } from './protocol/voterAnalyses';
import {
  ComparedChunkRequest,
  ComparisonCloseRequest,
  ComparisonOpenRequest,
  ComparisonRequest,
} from './protocol/comparison';
import { CompleteRequest } from './protocol/completion';
import { AliveRequest } from './protocol/devices';
import { DocumentCloseNotification, DocumentSyncNotification } from './protocol/documents';
import { InspectChunkRequest, InspectRangeRequest, VoterRangeRequest, VoterTileRequest } from './protocol/inspection';
import { LesionRequest } from './protocol/lesions';
import {
  ExportModelRequest,
  LoadRequest,
  ModelActivityRequest,
  ModelOverviewRequest,
  UnloadRequest,
} from './protocol/models';
import {
  StatisticsProgressNotification,
  StatisticsReadRequest,
  StatisticsRequest,
  VoterStatisticsRequest,
} from './protocol/statistics';
import {
  CorpusContentsRequest,
  CorpusNotification,
  PresetsRequest,
  TrainingReportNotification,
  TrainingSavedNotification,
  TrainingWarningNotification,
  TrainRequest,
} from './protocol/training';
import {
  AgreementSearchRequest,
  AnalysisProgressType,
  ConceptSearchRequest,
  SpecializationMapRequest,
} from './protocol/voterAnalyses';
import { SetVoterNoteRequest, VoterNotesRequest } from './protocol/voterNotes';
import type { DeviceLostError } from './runtime/onnxSession';
import { isDeviceLostError } from './runtime/onnxSession';
import { performTrial } from './training/trials';

// Two processes run this program, so that training never makes a hover wait: `--role answer` and `--role train`.

/** A device that was lost may take what comes next with it: whoever started this process goes on elsewhere. */
function endProcess({ message }: DeviceLostError): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Registers a request whose token becomes an abort signal and whose errors become one code and one sentence. */
function onRequest<P, R>(
  connection: MessageConnection,
  type: RequestType<P, R, void>,
  answer: (params: P, signal: AbortSignal) => R | Promise<R>,
): void {
  // By the method's name, because the library's types cannot follow a type that is itself a parameter.
  connection.onRequest(type.method, async (params: P, token: CancellationToken): Promise<R | ResponseError> => {
    const controller = new AbortController();
    token.onCancellationRequested(() => {
      controller.abort();
    });
    if (token.isCancellationRequested) controller.abort();
    try {
      return await answer(params, controller.signal);
    } catch (error) {
      if (isDeviceLostError(error)) endProcess(error);
      return responseError(error);
    }
  });
}

function answerRole(connection: MessageConnection): () => Promise<void> {
  const answers = new Answers();
  onRequest(connection, LoadRequest, (params, signal) => answers.load(params, signal));
  onRequest(connection, UnloadRequest, () => answers.unload());
  connection.onNotification(DocumentSyncNotification, (document) => {
    answers.sync(document);
  });
  connection.onNotification(DocumentCloseNotification, ({ uri }) => {
    answers.close(uri);
  });
  onRequest(connection, InspectChunkRequest, (params, signal) => answers.inspectChunk(params, signal));
  onRequest(connection, InspectRangeRequest, (params, signal) => answers.inspectRange(params, signal));
  onRequest(connection, LesionRequest, (params, signal) => answers.lesion(params, signal));
  onRequest(connection, CompleteRequest, (params, signal) => answers.complete(params, signal));
  onRequest(connection, VoterRangeRequest, (params, signal) => answers.voterRange(params, signal));
  onRequest(connection, VoterTileRequest, (params, signal) => answers.voterTile(params, signal));
  onRequest(connection, ExportModelRequest, (params, signal) => answers.exportModel(params, signal));
  onRequest(connection, ModelOverviewRequest, (_, signal) => answers.overview(signal));
  onRequest(connection, ModelActivityRequest, (params, signal) => answers.activity(params, signal));
  onRequest(connection, StatisticsReadRequest, () => answers.statistics());
  onRequest(connection, VoterStatisticsRequest, (params) => answers.voter(params));
  const progress = (token: string | undefined) => (value: AnalysisProgress) => {
    if (token !== undefined) void connection.sendProgress(AnalysisProgressType, token, value);
  };
  onRequest(connection, SpecializationMapRequest, (params, signal) =>
    answers.specializationMap(params, signal, progress(params.progressToken)),
  );
  onRequest(connection, ConceptSearchRequest, (params, signal) =>
    answers.searchConcept(params, signal, progress(params.progressToken)),
  );
  onRequest(connection, AgreementSearchRequest, (params, signal) =>
    answers.searchAgreement(params, signal, progress(params.progressToken)),
  );
  onRequest(connection, ComparisonOpenRequest, (params, signal) => answers.openComparison(params, signal));
  onRequest(connection, ComparisonCloseRequest, () => answers.closeComparison());
  onRequest(connection, ComparisonRequest, (params, signal) =>
    answers.compareTexts(params, signal, progress(params.progressToken)),
  );
  onRequest(connection, ComparedChunkRequest, (params, signal) => answers.compareChunk(params, signal));
  onRequest(connection, VoterNotesRequest, () => answers.voterNotes());
  onRequest(connection, SetVoterNoteRequest, (params) => answers.setVoterNote(params));
  // Nothing that it holds is worth saving.
  return () => Promise.resolve();
}

function trainRole(connection: MessageConnection): () => Promise<void> {
  // Training takes what the editor leaves.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const trainings = new Trainings();
  onRequest(connection, CorpusContentsRequest, (params, signal) => corpusContents(params, signal));
  onRequest(connection, TrainRequest, (params, signal) =>
    trainings.run(params, signal, {
      corpus: (summary) => {
        void connection.sendNotification(CorpusNotification, summary);
      },
      report: (report) => {
        void connection.sendNotification(TrainingReportNotification, report);
      },
      saved: (step) => {
        void connection.sendNotification(TrainingSavedNotification, { folder: params.out, step });
      },
      warning: (message) => {
        void connection.sendNotification(TrainingWarningNotification, { message });
      },
    }),
  );
  onRequest(connection, StatisticsRequest, (params, signal) =>
    computeStatistics(params, signal, (progress) => {
      void connection.sendNotification(StatisticsProgressNotification, progress);
    }),
  );
  return () => trainings.stop();
}

function main(): void {
  const options = { role: { type: 'string' }, trial: { type: 'string' } } as const;
  const { role, trial } = parseArgs({ options, strict: true }).values;
  if (process.send !== undefined && trial !== undefined) {
    void performTrial(trial, process.send.bind(process));
    return;
  }
  if (process.send === undefined || (role !== 'answer' && role !== 'train')) {
    process.stderr.write(
      'This program is started by the SMUGGLER extension, with --role answer, --role train or --trial.\n',
    );
    process.exitCode = 2;
    return;
  }
  process.title = `smuggler ${role}`;
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  // The channel fails when the parent is gone, and then the process ends.
  connection.onError(() => undefined);
  onRequest(connection, PresetsRequest, presetSummaries);
  onRequest(connection, AliveRequest, () => null);
  endWithParent(role === 'answer' ? answerRole(connection) : trainRole(connection));
  connection.listen();
}

main();
