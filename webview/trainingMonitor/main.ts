/** @file Entry point of the Training Monitor. */
import { Host } from '../shared/page/host';
import type { MonitorState } from '../shared/trainingMonitorMessages';
import type { MonitorSaved } from './trainingMonitorView';
import { TrainingMonitorView } from './trainingMonitorView';

new TrainingMonitorView(new Host<MonitorState, MonitorSaved>(1)).start();
