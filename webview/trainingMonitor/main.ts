/** @file Entry point of the Training Monitor. */
import { Host } from '../shared/page/host';
import type { MonitorState } from '../../model/protocol/panels/trainingMonitor';
import type { MonitorSaved } from './trainingMonitorView';
import { TrainingMonitorView } from './trainingMonitorView';

new TrainingMonitorView(new Host<MonitorState, MonitorSaved>(1)).start();
