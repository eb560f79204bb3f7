/** @file Entry point of the Voter votes view. */
import { Host } from '../shared/page/host';
import type { VotesState } from '../../model/protocol/panels/votes';
import type { VotesSaved } from './votesView';
import { VotesView } from './votesView';

new VotesView(new Host<VotesState, VotesSaved>(1)).start();
