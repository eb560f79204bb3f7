/** @file The table of requests: which process answers each, how urgent it is, what its parameters must be, and its answer. */
import { causes } from '../attribution/causes';
import { makeFolder } from '../checkpoint/atomicWrite';
import { readVoterNotes, setVoterNote } from '../checkpoint/voterNotes';
import { complete } from '../completion/complete';
import { ChangedHead } from '../inspection/lesions';
import { voterRange } from '../inspection/voterRange';
import { voterTile } from '../inspection/voterTile';
import type {
  AnswerOf,
  NotificationName,
  Notifications,
  ParamsOf,
  ProgressOf,
  RequestName,
} from '../protocol/requests';
import { measureModel } from '../experiments/modelMeasurement';
import { readExperiment } from '../experiments/experimentFolder';
import type { Answering } from './answering';
import { makeExperiment } from './experiments';
import { exportModel } from './exportModel';
import type { ParamsSchema } from './params';
import * as params from './params';
import { computeStatistics } from './statistics';
import type { Trainings } from './trainings';
import { corpusContents, presetSummaries } from './trainings';
import type { Urgency } from './workQueue';

/** Two processes run the same program, so that training never makes a hover wait. */
export type Role = 'answer' | 'train';

/** What a process holds between requests. */
export interface Holdings {
  readonly answering: Answering;
  readonly trainings: Trainings;
  /** The folder that this program is in, a checkout or an installation. */
  readonly program: string;
}

/** How one request is carried out. */
export interface Run<Progress> {
  readonly signal: AbortSignal;
  /** For work between two steps: work that is more urgent is done meanwhile. */
  readonly giveWay: () => Promise<void>;
  readonly onProgress: (progress: Progress) => void;
}

export interface RequestRow<Name extends RequestName> {
  readonly role: Role | 'both';
  /** `atOnce` waits for nothing; `load` for other loads only. */
  readonly urgency: 'atOnce' | 'load' | Urgency;
  readonly params: ParamsSchema<ParamsOf<Name>>;
  /** Errors that `requestErrors.ts` knows are told as they are; every other is a defect of ours. */
  readonly answer: (
    holdings: Holdings,
    params: ParamsOf<Name>,
    run: Run<ProgressOf<Name>>,
  ) => AnswerOf<Name> | Promise<AnswerOf<Name>>;
}

export const REQUESTS: { readonly [Name in RequestName]: RequestRow<Name> } = {
  'process/alive': {
    role: 'both',
    urgency: 'atOnce',
    params: params.noParams,
    answer: () => null,
  },
  'model/load': {
    role: 'answer',
    urgency: 'load',
    params: params.loadParams,
    answer: ({ answering }, asked) => answering.load(asked),
  },
  'model/unload': {
    role: 'answer',
    urgency: 'load',
    params: params.noParams,
    answer: ({ answering }) => answering.unload(),
  },
  'model/overview': {
    role: 'answer',
    urgency: 'background',
    params: params.noParams,
    answer: ({ answering }, _, { giveWay }) => answering.model.overview.describe(giveWay),
  },
  'model/activity': {
    role: 'answer',
    urgency: 'now',
    params: params.activityParams,
    answer: ({ answering }, asked) => {
      const { model } = answering;
      const document = answering.document(asked);
      answering.anticipate('overview', document, asked.offset);
      return model.overview.activity(document, asked.offset);
    },
  },
  'model/export': {
    role: 'answer',
    urgency: 'background',
    params: params.exportModelParams,
    answer: ({ answering }, asked) => exportModel(answering.model.folder, answering.model.checkpoint, asked),
  },
  'inspect/chunk': {
    role: 'answer',
    urgency: 'now',
    params: params.inspectChunkParams,
    answer: ({ answering }, asked) => {
      const { model } = answering;
      const document = answering.document(asked);
      answering.anticipate('inspector', document, asked.offset);
      return model.inspector.inspectChunk(document, asked.offset, asked.alternatives);
    },
  },
  'inspect/range': {
    role: 'answer',
    urgency: 'background',
    params: params.inspectRangeParams,
    answer: ({ answering }, asked, run) =>
      answering.model.inspector.inspectRange(answering.document(asked), asked.firstChunk, asked.count, {
        ...run,
        changes: asked.changes,
      }),
  },
  'inspect/voter': {
    role: 'answer',
    urgency: 'background',
    params: params.voterRangeParams,
    answer: ({ answering }, asked, run) => voterRange(answering.model, answering.document(asked), asked, run),
  },
  'inspect/voters': {
    role: 'answer',
    urgency: 'background',
    params: params.voterTileParams,
    answer: ({ answering }, asked, run) => voterTile(answering.model, answering.document(asked), asked, run),
  },
  'inspect/lesion': {
    role: 'answer',
    urgency: 'now',
    params: params.lesionParams,
    answer: ({ answering }, asked, { signal }) =>
      answering.model.inspector.lesion(answering.document(asked), asked, signal),
  },
  'inspect/causes': {
    role: 'answer',
    urgency: 'background',
    params: params.causesParams,
    answer: ({ answering }, asked, run) => causes(answering.model, answering.document(asked), asked, run),
  },
  'inspect/attention': {
    role: 'answer',
    urgency: 'now',
    params: params.attentionParams,
    answer: ({ answering }, asked) => answering.model.attention.at(answering.document(asked), asked.offset),
  },
  'inspect/heads': {
    role: 'answer',
    urgency: 'long',
    params: params.documentRef,
    answer: ({ answering }, asked, { onProgress, ...run }) =>
      answering.model.attention.heads(answering.document(asked), {
        ...run,
        onProgress: (done, total) => {
          onProgress({ phase: 'votes', done, total });
        },
      }),
  },
  'inspect/depth': {
    role: 'answer',
    urgency: 'background',
    params: params.depthParams,
    answer: ({ answering }, asked, { onProgress, ...run }) =>
      answering.model.depth.inspect(answering.document(asked), asked, {
        ...run,
        onProgress: (done, total) => {
          onProgress({ phase: 'votes', done, total });
        },
      }),
  },
  'memory/read': {
    role: 'answer',
    urgency: 'long',
    params: params.memoryReadParams,
    answer: ({ answering }, asked, run) => answering.memories.read(asked, answering.with(run)),
  },
  'memory/range': {
    role: 'answer',
    urgency: 'background',
    params: params.memoryRangeParams,
    answer: ({ answering }, asked, run) => answering.memories.range(asked, answering.with(run)),
  },
  'memory/chunk': {
    role: 'answer',
    urgency: 'now',
    params: params.memoryChunkParams,
    answer: ({ answering }, asked, { signal, giveWay }) =>
      answering.memories.chunk(asked, answering.with({ signal, giveWay })),
  },
  'memory/voters': {
    role: 'answer',
    urgency: 'background',
    params: params.memoryVotersParams,
    answer: ({ answering }, asked, { signal, giveWay }) =>
      answering.memories.voters(asked, answering.with({ signal, giveWay })),
  },
  'memory/workspace': {
    role: 'answer',
    urgency: 'long',
    params: params.memoryWorkspaceParams,
    answer: ({ answering }, asked, run) => answering.memories.learnWorkspace(asked, run),
  },
  complete: {
    role: 'answer',
    urgency: 'now',
    params: params.completeParams,
    answer: async ({ answering }, { memory, changes, ...asked }, { signal, giveWay }) => {
      const { memories, model } = answering;
      const trained = new ChangedHead(model.head, changes);
      const head =
        memory === null ? trained : await memories.headAt(trained, memory, answering.with({ signal, giveWay }));
      return complete({ inference: model.inference, head }, asked, { signal });
    },
  },
  'statistics/read': {
    role: 'answer',
    urgency: 'atOnce',
    params: params.noParams,
    answer: ({ answering: { model, statistics } }) => statistics.summary(model),
  },
  'statistics/texts': {
    role: 'answer',
    urgency: 'long',
    params: params.analysisParams,
    answer: ({ answering }, asked, run) => answering.textStatistics.gather(asked, answering.with(run)),
  },
  'statistics/voter': {
    role: 'answer',
    urgency: 'atOnce',
    params: params.statisticsVoterParams,
    answer: ({ answering: { model, statistics, textStatistics } }, { of, ...asked }) =>
      of === 'gathered' ? statistics.voter(model, asked) : textStatistics.voter(model, asked),
  },
  'specialization/map': {
    role: 'answer',
    urgency: 'long',
    params: params.specializationMapParams,
    answer: ({ answering }, asked, run) => answering.analyses.map(asked, answering.with(run)),
  },
  'concept/search': {
    role: 'answer',
    urgency: 'long',
    params: params.conceptSearchParams,
    answer: ({ answering }, asked, run) => answering.analyses.concept(asked, answering.with(run)),
  },
  'agreement/search': {
    role: 'answer',
    urgency: 'long',
    params: params.agreementSearchParams,
    answer: ({ answering }, asked, run) => answering.analyses.agreement(asked, answering.with(run)),
  },
  'comparison/open': {
    role: 'answer',
    urgency: 'load',
    params: params.comparisonOpenParams,
    answer: ({ answering }, asked) => answering.comparisons.open(asked),
  },
  'comparison/close': {
    role: 'answer',
    urgency: 'load',
    params: params.noParams,
    answer: ({ answering }) => answering.comparisons.close(),
  },
  'comparison/texts': {
    role: 'answer',
    urgency: 'long',
    params: params.comparisonTexts,
    answer: ({ answering }, asked, run) => answering.comparisons.compare(asked, answering.with(run)),
  },
  'comparison/chunk': {
    role: 'answer',
    urgency: 'now',
    params: params.comparedChunkParams,
    answer: ({ answering }, asked, run) => answering.comparisons.chunk(asked, answering.with(run)),
  },
  'comparison/continuations': {
    role: 'answer',
    urgency: 'now',
    params: params.continuationsParams,
    answer: ({ answering }, asked, { signal, giveWay }) =>
      answering.comparisons.continuations(asked, answering.with({ signal, giveWay })),
  },
  'voters/notes': {
    role: 'answer',
    urgency: 'atOnce',
    params: params.noParams,
    answer: async ({ answering: { model, statistics } }) => {
      const { findings, head } = model;
      return {
        folder: findings,
        notes: await readVoterNotes(findings, head.votersPerBit),
        automatic: await statistics.names(model),
      };
    },
  },
  'voters/note': {
    role: 'answer',
    urgency: 'atOnce',
    params: params.setVoterNoteParams,
    answer: async ({ answering: { model, statistics } }, asked) => {
      const { findings, head } = model;
      await makeFolder(findings);
      return {
        folder: findings,
        notes: await setVoterNote(findings, head.votersPerBit, asked),
        automatic: await statistics.names(model),
      };
    },
  },
  'train/presets': {
    role: 'both',
    urgency: 'atOnce',
    params: params.noParams,
    answer: presetSummaries,
  },
  'train/contents': {
    role: 'train',
    urgency: 'atOnce',
    params: params.corpusParams,
    answer: (_, asked, { signal }) => corpusContents(asked, signal),
  },
  'train/run': {
    role: 'train',
    urgency: 'atOnce',
    params: params.trainParams,
    answer: ({ trainings }, asked, run) => trainings.run(asked, run),
  },
  'statistics/compute': {
    role: 'train',
    urgency: 'atOnce',
    params: params.statisticsParams,
    answer: (_, asked, run) => computeStatistics(asked, run),
  },
  'experiment/run': {
    role: 'train',
    urgency: 'atOnce',
    params: params.experimentParams,
    answer: ({ program }, asked, run) => makeExperiment(asked, program, run),
  },
  'experiment/read': {
    role: 'both',
    urgency: 'atOnce',
    params: params.experimentFolders,
    answer: async (_, { folders }) =>
      (await Promise.all(folders.map(readExperiment))).filter((stored) => stored !== null),
  },
  'experiment/model': {
    role: 'answer',
    urgency: 'long',
    params: params.documentRef,
    answer: ({ answering }, asked, run) => measureModel(answering.model.inference, answering.document(asked), run),
  },
};

export interface NotificationRow<Name extends NotificationName> {
  readonly params: ParamsSchema<Notifications[Name]>;
  readonly take: (answering: Answering, params: Notifications[Name]) => void;
}

export const NOTIFICATIONS: { readonly [Name in NotificationName]: NotificationRow<Name> } = {
  'document/sync': {
    params: params.documentSync,
    take: (answering, document) => {
      answering.sync(document);
    },
  },
  'document/close': {
    params: params.documentClose,
    take: (answering, { uri }) => {
      answering.close(uri);
    },
  },
};
