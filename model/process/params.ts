/** @file What the parameters of each request must be, as schemas that are checked at the door; each describes exactly its type. */
import { isAbsolute } from 'node:path';
import * as v from 'valibot';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { MEMORY_VOTERS } from '../measures/memoryVoters';
import { EXPERIMENT_NAMES } from '../measures/experimentText';
import type { AttentionParams } from '../protocol/attention';
import type { CausesParams } from '../protocol/causes';
import type {
  ComparedChunkParams,
  ComparisonOpenParams,
  ComparisonTexts,
  ContinuationsParams,
} from '../protocol/comparison';
import type { CompleteRequestParams } from '../protocol/completion';
import type { DepthParams } from '../protocol/depth';
import type { DocumentRef, DocumentSync } from '../protocol/documents';
import type { ExperimentFolders, ExperimentParams } from '../protocol/experiments';
import type { InspectChunkParams, InspectRangeParams, VoterRangeParams, VoterTileParams } from '../protocol/inspection';
import type { LesionParams } from '../protocol/lesions';
import type {
  MemoryChunkParams,
  MemoryRangeParams,
  MemoryReadParams,
  MemoryVotersParams,
  MemoryWorkspaceParams,
} from '../protocol/memory';
import type { ActivityParams, ExportModelParams, LoadParams } from '../protocol/models';
import type { NoParams } from '../protocol/requests';
import type { StatisticsParams, StatisticsVoterParams } from '../protocol/statistics';
import type { CorpusParams, TrainParams } from '../protocol/training';
import type {
  AgreementSearchParams,
  AnalysisParams,
  ConceptSearchParams,
  SpecializationMapParams,
} from '../protocol/voterAnalyses';
import type { SetVoterNoteParams } from '../protocol/voterNotes';
import { MOST_THREADS } from '../runtime/device';

// Each message of a schema says what was expected, as it stands behind "expected" in the sentence of a refusal. Numbers are bounded by
// what can be answered soon; that a voter exists in the loaded model, or a file on the disk, is for the handlers to say.

/** A schema of parameters of type `T`, whatever it is made of. */
export type ParamsSchema<T> = v.GenericSchema<unknown, T>;

/** `T` with all that it holds read-only, as one object type in place of an intersection. */
type Frozen<T> = T extends Uint8Array
  ? Uint8Array
  : T extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Frozen<T[Key]> }
      : T;

// Two types are the same where no `T` tells them apart.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/**
 * Takes a schema whose type is exactly `T`: with one key more, fewer or of another type, this does not compile. `T` has a call of its
 * own, since it is given, while the schema's type is inferred.
 */
function exactly<T>() {
  return <Schema extends v.GenericSchema>(
    schema: Schema & (IsSame<Frozen<v.InferOutput<Schema>>, Frozen<T>> extends true ? ParamsSchema<T> : never),
  ): ParamsSchema<T> => schema;
}

const MOST = Number.MAX_SAFE_INTEGER;
/** Chunks on either side of one that are looked at in depth: what is seen at once. */
const MOST_AROUND = 64;

function integer(from: number, to: number) {
  const expected = to === MOST ? `an integer of at least ${from}` : `an integer from ${from} to ${to}`;
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(from, expected), v.maxValue(to, expected));
}

function number(from: number, to: number) {
  const expected = to === MOST ? `a number of at least ${from}` : `a number from ${from} to ${to}`;
  return v.pipe(v.number(expected), v.minValue(from, expected), v.maxValue(to, expected));
}

function oneOf<const Options extends readonly string[]>(...options: Options) {
  return v.picklist(options, `one of ${options.join(', ')}`);
}

function object<const Entries extends v.ObjectEntries>(entries: Entries) {
  // What is missing or too much is said of the key; this is for a value that is no object at all.
  return v.strictObject(entries, 'an object');
}

const text = v.string('a text');
const absolutePath = v.pipe(v.string('an absolute path'), v.check(isAbsolute, 'an absolute path'));
const paths = v.array(absolutePath, 'a list of absolute paths');
const flag = v.boolean('true or false');
/** Of files that are left out; longer ones the library that matches them refuses. */
const patterns = v.array(
  v.pipe(text, v.maxLength(65_536, 'a pattern of at most 65536 characters')),
  'a list of patterns',
);
const bytes = v.instance(Uint8Array, 'bytes');
const count = integer(0, MOST);
const seed = integer(-MOST, MOST);
const threads = integer(0, MOST_THREADS);
const bit = integer(0, CHUNK_BITS - 1);
/** Bytes to decode, as the setting of completions allows. */
const decodedBytes = integer(0, 1024);

const ref = { uri: text, version: count };
const place = { ...ref, offset: count };
const chunks = { ...ref, firstChunk: count, count };
const voter = { bit, voter: count };
const share = number(0, 1);
const changes = v.array(object({ ...voter, vote: v.nullable(share) }), 'a list of changed voters');
const corpus = { text: paths, exclude: patterns, maxFileBytes: number(0, MOST) };
const model = { folder: absolutePath, device: text, threads };
const comparedText = object({ ...ref, changes });
const compared = { a: comparedText, b: comparedText, secondModel: flag };
const sources = object({
  documents: v.array(object({ ...ref, languageId: v.exactOptional(text) }), 'a list of documents'),
  paths,
  exclude: patterns,
  maxFileBytes: corpus.maxFileBytes,
  maxChunks: count,
});
const conceptPlace = oneOf('overlaps', 'begins');
const concept = v.variant(
  'kind',
  [
    object({ kind: v.literal('regex'), pattern: text, flags: text, place: conceptPlace }),
    object({
      kind: v.literal('context'),
      dimension: oneOf('character', 'characterBefore', 'linePosition', 'indentation', 'syntax', 'language'),
      name: text,
    }),
    object({
      kind: v.literal('selection'),
      ranges: v.array(object({ name: text, start: count, end: count }), 'a list of ranges'),
      place: conceptPlace,
    }),
  ],
  'regex, context or selection',
);

// An empty object is typed as one with any keys.
export const noParams = exactly<NoParams>()(v.strictObject({}, 'an object') as v.GenericSchema<NoParams>);
export const loadParams = exactly<LoadParams>()(object({ ...model, findings: v.exactOptional(absolutePath) }));
export const activityParams = exactly<ActivityParams>()(object(place));
export const exportModelParams = exactly<ExportModelParams>()(
  object({ format: oneOf('onnx', 'float32', 'float16'), place: absolutePath }),
);
export const inspectChunkParams = exactly<InspectChunkParams>()(object({ ...place, alternatives: integer(0, 64) }));
export const inspectRangeParams = exactly<InspectRangeParams>()(object({ ...chunks, changes }));
export const voterRangeParams = exactly<VoterRangeParams>()(object({ ...chunks, ...voter }));
export const voterTileParams = exactly<VoterTileParams>()(object({ ...chunks, quantity: oneOf('vote', 'weight') }));
export const statisticsVoterParams = exactly<StatisticsVoterParams>()(
  object({ ...voter, of: oneOf('gathered', 'texts') }),
);
export const analysisParams = exactly<AnalysisParams>()(object({ sources }));
export const lesionParams = exactly<LesionParams>()(
  object({
    ...place,
    changes,
    continuation: decodedBytes,
  }),
);
export const causesParams = exactly<CausesParams>()(
  object({
    ...place,
    target: v.variant(
      'kind',
      [
        object({ kind: v.literal('chunk') }),
        object({ kind: v.literal('byte'), byte: integer(0, CHUNK_BYTES - 1) }),
        object({ kind: v.literal('bit'), bit }),
        object({ kind: v.literal('voter'), ...voter }),
      ],
      'chunk, byte, bit or voter',
    ),
    method: oneOf('occlusion', 'gradient', 'integrated'),
    unit: oneOf('byte', 'chunk', 'word', 'line'),
    changes,
  }),
);
export const attentionParams = exactly<AttentionParams>()(object(place));
export const depthParams = exactly<DepthParams>()(
  object({
    ...place,
    before: integer(0, MOST_AROUND),
    after: integer(0, MOST_AROUND),
    fill: flag,
    reading: oneOf('fitted', 'direct'),
    changes,
    sample: absolutePath,
  }),
);
const memory = { ...ref, scope: oneOf('document', 'workspace') };
const silenced = v.array(oneOf(...MEMORY_VOTERS), 'a list of memory voters');
const memoryQuestion = { ...memory, changes, silenced };
export const memoryReadParams = exactly<MemoryReadParams>()(
  object({ ...memory, others: v.array(object(ref), 'a list of documents') }),
);
export const memoryRangeParams = exactly<MemoryRangeParams>()(object({ ...memoryQuestion, firstChunk: count, count }));
export const memoryChunkParams = exactly<MemoryChunkParams>()(object({ ...memoryQuestion, offset: count }));
export const memoryVotersParams = exactly<MemoryVotersParams>()(object({ ...memory, silenced }));
export const memoryWorkspaceParams = exactly<MemoryWorkspaceParams>()(
  object({ paths, exclude: patterns, without: paths, maxFileBytes: corpus.maxFileBytes, maxBytes: count }),
);
export const completeParams = exactly<CompleteRequestParams>()(
  object({
    prefix: bytes,
    suffix: bytes,
    maxBytes: decodedBytes,
    until: oneOf('line', 'statement', 'paragraph'),
    minConfidence: share,
    end: oneOf('sure', 'saving'),
    changes,
    memory: v.nullable(object({ ...memory, offset: count, silenced })),
  }),
);
export const specializationMapParams = exactly<SpecializationMapParams>()(object({ sources, bit: v.nullable(bit) }));
export const conceptSearchParams = exactly<ConceptSearchParams>()(object({ sources, concept, seed }));
export const agreementSearchParams = exactly<AgreementSearchParams>()(
  object({
    sources,
    origin: object(place),
    voters: v.nullable(v.pipe(v.array(count, 'a list of voters'), v.maxLength(65_535, 'at most 65535 voters'))),
    bit: v.nullable(bit),
    threshold: share,
    minAgreement: share,
    limit: count,
  }),
);
export const comparisonOpenParams = exactly<ComparisonOpenParams>()(object(model));
export const comparisonTexts = exactly<ComparisonTexts>()(object(compared));
export const comparedChunkParams = exactly<ComparedChunkParams>()(object({ ...compared, offset: count }));
export const continuationsParams = exactly<ContinuationsParams>()(
  object({ ...compared, offset: count, maxBytes: decodedBytes }),
);
export const setVoterNoteParams = exactly<SetVoterNoteParams>()(object({ ...voter, name: text, note: text }));
export const corpusParams = exactly<CorpusParams>()(object(corpus));
export const trainParams = exactly<TrainParams>()(
  object({
    ...corpus,
    out: absolutePath,
    preset: text,
    resume: flag,
    steps: v.nullable(count),
    seconds: v.nullable(number(0, MOST)),
    seed,
    device: text,
    threads,
  }),
);
export const statisticsParams = exactly<StatisticsParams>()(
  object({ ...model, ...corpus, findings: v.exactOptional(absolutePath), seed }),
);
export const documentSync = exactly<DocumentSync>()(object({ ...ref, bytes }));
export const documentRef = exactly<DocumentRef>()(object(ref));
export const documentClose = exactly<Pick<DocumentRef, 'uri'>>()(object({ uri: text }));
export const experimentParams = exactly<ExperimentParams>()(
  object({
    experiment: oneOf(...EXPERIMENT_NAMES),
    quick: flag,
    seeds: v.nullable(integer(1, 1000)),
    texts: paths,
    out: absolutePath,
    threads,
  }),
);
export const experimentFolders = exactly<ExperimentFolders>()(object({ folders: paths }));
