/** @file Entry point of the Model overview. */
import { Host } from '../shared/page/host';
import { OverviewView } from './overviewView';

new OverviewView(new Host(1)).start();
