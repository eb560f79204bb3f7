/** @file Entry point of the Voter votes view. */
import { Host } from '../shared/page/host';
import { VotesView } from './votesView';

new VotesView(new Host(1)).start();
