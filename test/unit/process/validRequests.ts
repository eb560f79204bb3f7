/** @file A valid example of every request, each answered or refused within milliseconds. */
import { join } from 'node:path';
import type { ParamsOf, RequestName } from '../../../model/protocol/requests';

export const DOCUMENT = { uri: 'file:///a.ts', version: 3 };

/** @param folder holds a model in `model`, and no texts; what is written goes there */
export function validRequests(folder: string): { readonly [Name in RequestName]: ParamsOf<Name> } {
  const model = { folder: join(folder, 'model'), device: 'cpu', threads: 1 };
  const place = { ...DOCUMENT, offset: 9 };
  const chunks = { ...DOCUMENT, firstChunk: 1, count: 4 };
  const voter = { bit: 3, voter: 2 };
  const changes = [{ ...voter, vote: 0.25 }];
  const compared = { a: { ...DOCUMENT, changes }, b: { ...DOCUMENT, changes: [] }, secondModel: false };
  const corpus = { text: [join(folder, 'missing')], exclude: ['*.log'], maxFileBytes: 1e6 };
  const sources = {
    documents: [{ ...DOCUMENT, languageId: 'typescript' }],
    paths: [],
    exclude: ['*.log'],
    maxFileBytes: 1e6,
    maxChunks: 64,
  };
  return {
    'process/alive': {},
    'model/load': { ...model, findings: join(folder, 'findings') },
    'model/unload': {},
    'model/overview': {},
    'model/activity': place,
    'model/export': { format: 'float32', place: join(folder, 'exported') },
    'inspect/chunk': { ...place, alternatives: 3 },
    'inspect/range': { ...chunks, changes },
    'inspect/voter': { ...chunks, ...voter },
    'inspect/voters': { ...chunks, quantity: 'weight' },
    'inspect/lesion': { ...place, changes, continuation: 8 },
    'inspect/causes': { ...place, target: { kind: 'voter', ...voter }, method: 'integrated', unit: 'word', changes },
    'inspect/attention': place,
    'inspect/heads': DOCUMENT,
    'memory/read': { ...DOCUMENT, scope: 'document', others: [DOCUMENT] },
    'inspect/depth': {
      ...place,
      before: 2,
      after: 1,
      fill: true,
      reading: 'direct',
      changes,
      sample: join(folder, 'missing'),
    },
    'memory/range': { ...chunks, scope: 'workspace', changes, silenced: ['match'] },
    'memory/voters': { ...DOCUMENT, scope: 'document', silenced: ['word'] },
    'memory/chunk': { ...place, scope: 'document', changes, silenced: ['order 3'] },
    'memory/workspace': {
      paths: corpus.text,
      exclude: ['*.log'],
      without: corpus.text,
      maxFileBytes: 1e6,
      maxBytes: 1e6,
    },
    complete: {
      prefix: new TextEncoder().encode('let a = '),
      suffix: new Uint8Array(),
      maxBytes: 8,
      until: 'line',
      minConfidence: 0.5,
      end: 'saving',
      changes,
      memory: { ...place, scope: 'document', silenced: ['match'] },
    },
    'statistics/read': {},
    'statistics/texts': { sources },
    'statistics/voter': { ...voter, of: 'texts' },
    'specialization/map': { sources, bit: 4 },
    'concept/search': { sources, concept: { kind: 'regex', pattern: 'a', flags: 'i', place: 'begins' }, seed: 1 },
    'agreement/search': {
      sources,
      origin: place,
      voters: [1, 2, 3],
      bit: 0,
      threshold: 0.5,
      minAgreement: 0.9,
      limit: 10,
    },
    'comparison/open': model,
    'comparison/close': {},
    'comparison/texts': compared,
    'comparison/chunk': { ...compared, offset: 5 },
    'comparison/continuations': { ...compared, offset: 5, maxBytes: 8 },
    'voters/notes': {},
    'voters/note': { ...voter, name: 'digits', note: 'high before numbers' },
    'train/presets': {},
    'train/contents': corpus,
    'train/run': {
      ...corpus,
      out: join(folder, 'trained'),
      preset: 'tiny',
      resume: false,
      steps: 2,
      seconds: 10,
      seed: 1,
      device: 'cpu',
      threads: 1,
    },
    'experiment/run': {
      experiment: 'sparsity',
      quick: true,
      seeds: 1,
      texts: corpus.text,
      out: join(folder, 'experiment'),
      threads: 1,
    },
    'experiment/model': DOCUMENT,
    'experiment/read': { folders: [join(folder, 'experiment')] },
    'statistics/compute': { ...model, ...corpus, findings: join(folder, 'findings'), seed: 1 },
  };
}
