import { expect, it } from 'vitest';
import { ended, serverSays } from './says';

it('puts a full stop behind what the platform says, unless it says one itself', () => {
  expect(serverSays(' No such instance ')).toBe('The platform says: “No such instance”.');
  expect(serverSays('It is gone.')).toBe('The platform says: “It is gone.”');
  expect(serverSays('Really?')).toBe('The platform says: “Really?”');
  expect(serverSays('(see the log.)')).toBe('The platform says: “(see the log.)”');
});

it('ends a text that another sentence follows', () => {
  expect(ended('2 instances cleaned')).toBe('2 instances cleaned.');
  expect(ended('Done.')).toBe('Done.');
});
