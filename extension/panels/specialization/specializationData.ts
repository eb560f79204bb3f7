/** @file The model's answers about voters in the form in which the Specialization map shows them. Pure. */
import type { StatisticsSummary, VoterClass, VoterDashboard, VoterExample } from '../../../model/protocol/statistics';
import type {
  AgreementSearchResult,
  Concept,
  ConceptSearchResult,
  SpecializationMapResult,
} from '../../../model/protocol/voterAnalyses';
import type {
  AgreementList,
  ConceptQuery,
  ConceptRanking,
  FoundVoters,
  RankedVoter,
  VoterClassCount,
  VoterExampleRow,
  VoterFigures,
  VoterMap,
} from '../../../model/protocol/panels/specialization';

/** Voters that a list of found ones names. */
export const RANKED = 50;

/** The map of one bit; voters are counted within the bit. */
export function mapOf(result: SpecializationMapResult, bit: number, measuredOn: string): Omit<VoterMap, 'outdated'> {
  const { contexts, meanVotes, auroc, maxVotes, voterOrder, voterTree, contextOrder, contextTree } = result;
  const { chunks, totalChunks } = result.provenance;
  const clusters = { voterOrder, voterTree, contextOrder, contextTree };
  return { bit, contexts, meanVotes, auroc, maxVotes, ...clusters, chunks, totalChunks, measuredOn };
}

/** The concept for users. */
export function conceptText(concept: ConceptQuery): string {
  switch (concept.kind) {
    case 'regex':
      return `/${concept.pattern}/${concept.ignoreCase ? 'i' : ''}${concept.begins ? ', where it begins' : ''}`;
    case 'context':
      return `“${concept.name}”`;
    case 'selection':
      return 'the selected text';
  }
}

/** The concept as the model process takes it; for a selection, its ranges of bytes in the document `name`. */
export function conceptOf(
  query: ConceptQuery,
  name: string,
  ranges: readonly { readonly start: number; readonly end: number }[],
): Concept {
  switch (query.kind) {
    case 'regex':
      return {
        kind: 'regex',
        pattern: query.pattern,
        flags: query.ignoreCase ? 'imu' : 'mu',
        place: query.begins ? 'begins' : 'overlaps',
      };
    case 'context':
      return query;
    case 'selection':
      return { kind: 'selection', ranges: ranges.map((range) => ({ name, ...range })), place: 'overlaps' };
  }
}

export function rankingOf(result: ConceptSearchResult, concept: string, measuredOn: string): ConceptRanking {
  const M = result.provenance.votersPerBit;
  const row = (voter: number): RankedVoter => ({
    bit: Math.floor(voter / M),
    voter: voter % M,
    auroc: result.auroc[voter]!,
    q: result.q[voter]!,
    information: result.information[voter]!,
    informationQ: result.informationQ[voter]!,
    medianInside: result.medianInside[voter]!,
    medianOutside: result.medianOutside[voter]!,
  });
  const found = (voters: Uint32Array): FoundVoters => ({
    count: voters.length,
    best: Array.from(voters.subarray(0, RANKED), row),
  });
  return {
    concept,
    labelled: result.labelled,
    chunks: result.provenance.chunks,
    voters: result.auroc.length,
    voting: result.voting,
    higher: found(result.higher),
    lower: found(result.lower),
    informed: found(result.informed),
    isSmallSample: result.isSmallSample,
    shuffles: result.shuffles,
    measuredOn,
  };
}

/** @param label a document's or file's name for users */
export function agreementOf(
  result: AgreementSearchResult,
  asked: Pick<AgreementList, 'bit' | 'offset' | 'minAgreement'>,
  measuredOn: string,
  label: (name: string) => string,
): AgreementList {
  return {
    ...asked,
    voters: result.voters.length,
    places: result.places.map(({ name, offset, length, before, text, after, chunks, agreement, isOrigin }) => {
      return { name, file: label(name), offset, length, before, text, after, chunks, agreement, isOrigin };
    }),
    found: result.found,
    matchingChunks: result.matchingChunks,
    chunks: result.provenance.chunks,
    measuredOn,
  };
}

/** What statistics were gathered on, for users. @param label a file's name for users */
export function statisticsText({ title, files }: StatisticsSummary, label: (path: string) => string): string {
  return title ?? (files.length === 1 ? label(files[0]!) : `${files.length} files`);
}

/** @param label a file's name for users */
export function figuresOf(
  dashboard: VoterDashboard,
  summary: StatisticsSummary,
  label: (path: string) => string,
): VoterFigures {
  const example = ({ path, offset, vote, text }: VoterExample): VoterExampleRow => ({
    name: path,
    file: label(path),
    offset,
    before: text?.before ?? '',
    text: text?.chunk ?? 'the file has changed there',
    after: text?.after ?? '',
    vote,
  });
  const all = 32 * summary.votersPerBit;
  const votersOf = (name: VoterClass): number => summary.classes.find((known) => known.name === name)?.voters ?? 0;
  const classOf = (name: VoterClass): VoterClassCount => ({
    name,
    voters: votersOf(name),
    of: name === 'dead' ? all : all - votersOf('dead'),
  });
  return {
    ...dashboard,
    classes: dashboard.classes.map(classOf),
    top: dashboard.top.map(example),
    sample: dashboard.sample.map(example),
    totalChunks: summary.totalChunks,
    measuredOn: statisticsText(summary, label),
  };
}
