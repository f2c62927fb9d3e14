import type { Recipe } from '$lib/ipc/bindings';
import { expect, it } from 'vitest';
import { CHOICES } from '$lib/ipc/fake/world';
import { partsOf } from './recipe';

const bare: Recipe = { id: 'x', name: null, description: null, manifest_id: null, hosting_mode: ' ', is_active: true, channel_types: [], skills: [], workflow_slugs: [] };
const choices = (recipe: Partial<Recipe>) => ({ ...CHOICES, offers: [{ ...bare, ...recipe }] });

it('a recipe tells its channels and skills, whatever an entry looks like', () => {
  const parts = partsOf(choices({ channel_types: ['voice', { type: 'sms' }, 'voice', 7, null, {}], skills: [{ name: 'mail' }, ''] }), 'x');
  expect([parts?.channels, parts?.skills]).toEqual([['voice', 'sms'], ['mail']]);
});
it('a recipe of which nothing is known shows nothing', () => expect([partsOf(choices({}), 'x'), partsOf(CHOICES, 'typed'), partsOf(null, 'x')]).toEqual([null, null, null]));
it('a platform that lists no recipes shows nothing', () => {
  expect([CHOICES.offers.length, partsOf({ ...CHOICES, offers: [] }, 'front-desk')]).toEqual([1, null]);
});
