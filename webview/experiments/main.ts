/** @file Entry point of the Experiments panel. */
import { Host } from '../shared/page/host';
import { ExperimentsView } from './experimentsView';

new ExperimentsView(new Host(1)).start();
