/** @file Maps that were exported when a concept search told means and places of agreement no least share, brought to today's form. Pure. */
import type { AgreementList, ConceptRanking, SpecializationReady } from '../../model/protocol/panels/specialization';

/** What was exported then; of a search only that it lacks today's groups is looked at. */
type OlderReady = Omit<SpecializationReady, 'ranking' | 'agreement'> & {
  readonly ranking: ConceptRanking | object | null;
  readonly agreement: AgreementList | Omit<AgreementList, 'minAgreement'> | null;
};

/** The share that was needed then, always. */
const LEAST_SHARE = 0.8;

/** The same panel. The medians that a search has today cannot be found again: one of then is left out. */
export function todaysForm({ ranking, agreement, ...data }: SpecializationReady | OlderReady): SpecializationReady {
  return {
    ...data,
    ranking: ranking !== null && 'higher' in ranking ? ranking : null,
    agreement: agreement === null ? null : { minAgreement: LEAST_SHARE, ...agreement },
  };
}
