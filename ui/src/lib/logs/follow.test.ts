import { expect, it } from 'vitest';
import { Follow } from './follow.svelte';

/** A view of 100 of 1,000, at its end. */
function atEnd() {
  const follow = new Follow();
  follow.scrolled(900, 0);
  return follow;
}

it('follows until the person looks back, and counts what comes then', () => {
  const follow = atEnd();
  follow.grew(3);
  expect(follow).toMatchObject({ following: true, fresh: 0 });
  follow.scrolled(700, 200);
  follow.grew(5);
  follow.grew(7);
  expect(follow).toMatchObject({ following: false, fresh: 12 });
});

it('growth alone is not looking back', () => {
  const follow = atEnd();
  follow.scrolled(900, 220);
  expect(follow.following).toBe(true);
});

it('follows again at the end, or when told to', () => {
  const follow = atEnd();
  follow.scrolled(700, 200);
  follow.grew(5);
  follow.scrolled(1_000, 10);
  expect(follow).toMatchObject({ following: true, fresh: 0 });
  follow.scrolled(700, 200);
  follow.catchUp();
  expect(follow.following).toBe(true);
});

it('holds still while something is selected, and goes on afterwards', () => {
  const follow = atEnd();
  follow.hold();
  follow.grew(4);
  follow.scrolled(901, 30);
  expect(follow).toMatchObject({ following: false, fresh: 4 });
  expect(follow.release()).toBe(true);
  expect(follow).toMatchObject({ following: true, fresh: 0 });
});

it('a selection made while looking back changes nothing', () => {
  const follow = atEnd();
  follow.scrolled(700, 200);
  follow.hold();
  expect(follow.release()).toBe(false);
  expect(follow.following).toBe(false);
});

it('whoever selects and then looks back is not taken to the end', () => {
  const follow = atEnd();
  follow.hold();
  follow.scrolled(500, 400);
  expect(follow.release()).toBe(false);
});

it('going somewhere on purpose ends following', () => {
  const follow = atEnd();
  follow.leave();
  expect(follow.following).toBe(false);
});
