/** @file Entry point of the Attention panel. */
import { Host } from '../shared/page/host';
import { AttentionView } from './attentionView';

new AttentionView(new Host(1)).start();
