/** @file Entry point of the Model overview. */
import { Host } from '../shared/page/host';
import type { OverviewState } from '../../model/protocol/panels/overview';
import type { OverviewSaved } from './overviewView';
import { OverviewView } from './overviewView';

new OverviewView(new Host<OverviewState, OverviewSaved>(1)).start();
