/** @file Entry point of the Specialization map. */
import { Host } from '../shared/page/host';
import { SpecializationView } from './specializationView';

new SpecializationView(new Host(1)).start();
