/** @file Entry point of the Specialization map. */
import { Host } from '../shared/page/host';
import type { SpecializationState } from '../../model/protocol/panels/specialization';
import type { SpecializationSaved } from './specializationView';
import { SpecializationView } from './specializationView';

new SpecializationView(new Host<SpecializationState, SpecializationSaved>(1)).start();
