/** @file Entry point of the Training Monitor. */
import { Host } from '../shared/page/host';
import { TrainingMonitorView } from './trainingMonitorView';

new TrainingMonitorView(new Host(1)).start();
