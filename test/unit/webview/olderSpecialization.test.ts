/** @file Maps that were exported before searches told medians and places their least share: drawn without what is not known. */
import { expect, it } from 'vitest';
import type { SpecializationReady } from '../../../model/protocol/panels/specialization';
import { todaysForm } from '../../../webview/specialization/olderExport';
import { provenance } from '../../webview/page/sample';
import { specialization } from '../../webview/page/specialization';

it('has no search, and places of the share that was needed then', () => {
  const ranking = { concept: '/await /', firing: {}, silent: {} };
  const agreement = { bit: 3, places: [] };
  const older = { ...specialization(provenance(16)), ranking, agreement } as unknown as SpecializationReady;
  const { bit, map, ...today } = todaysForm(older);
  expect(today.ranking).toBeNull();
  expect(today.agreement).toEqual({ ...agreement, minAgreement: 0.8 });
  expect([bit, map]).toEqual([older.bit, older.map]);
});

it('leaves one of today as it is', () => {
  const ranking = { concept: '/await /', higher: {}, lower: {} };
  const agreement = { bit: 3, places: [], minAgreement: 0.9 };
  const today = { ...specialization(provenance(16)), ranking, agreement } as unknown as SpecializationReady;
  expect(todaysForm(today)).toEqual(today);
});
