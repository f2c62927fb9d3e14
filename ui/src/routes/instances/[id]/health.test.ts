import { expect, it } from 'vitest';
import { healthTone, healthToneNow } from './health';

it('only a known good word is green, and only while it is new', () => {
  expect(['healthy', ' OK ', 'fine?', '', null].map(healthTone)).toEqual(['ok', 'ok', 'unknown', 'unknown', 'unknown']);
  expect(healthTone('starting')).toBe('busy');
  expect(healthToneNow('healthy', true)).toBe('ok');
  expect(healthToneNow('healthy', false)).toBe('unknown');
});

it('bad news stays bad when it grows old', () => {
  expect([healthToneNow('unhealthy', false), healthToneNow('degraded', false)]).toEqual(['bad', 'warn']);
});
