import { expect, it } from 'vitest';
import { markIn, placesOf } from './mark';

const page = (html: string) => { const root = document.createElement('div'); root.innerHTML = html; return root; };

it('finds a text wherever it stands, in any case', () => {
  const root = page('<p>The Gateway is a gateway.</p><p>no <b>GATEWAY</b></p>');
  expect(placesOf(root, ' gateway ').map(({ node, from, to }) => node.data.slice(from, to))).toEqual(['Gateway', 'gateway', 'GATEWAY']);
  expect(placesOf(root, '  ')).toEqual([]);
});

it('does nothing where the engine can not mark', () => {
  expect(() => markIn(page('a'), 'a')()).not.toThrow();
});
