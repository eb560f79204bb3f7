/** @file A list of places in texts, each a button that opens it there. */
import { element } from '../shared/dom';
import type { TextPlace } from '../../model/protocol/panels/specialization';
import { formatCount } from '../shared/text';

export interface PlaceRow {
  readonly place: TextPlace;
  /** What stands in front of it. */
  readonly value: string;
}

/** `onOpen` gets the place whose button was pressed. */
export function placeList(
  label: string,
  rows: readonly PlaceRow[],
  onOpen: (place: TextPlace) => void,
): HTMLUListElement {
  return element(
    'ul',
    { class: 'places', 'aria-label': label },
    ...rows.map(({ place, value }) => {
      const where = `${place.file}, byte ${formatCount(place.offset)}`;
      const button = element(
        'button',
        { type: 'button', class: 'place', title: `Go to ${where}`, 'data-live': '' },
        element('span', { class: 'place-value' }, value),
        element(
          'span',
          { class: 'place-text' },
          element('span', { class: 'context' }, place.before),
          element('mark', {}, place.text),
          element('span', { class: 'context' }, place.after),
        ),
        element('span', { class: 'place-file' }, where),
      );
      button.addEventListener('click', () => {
        onOpen(place);
      });
      return element('li', {}, button);
    }),
  );
}
