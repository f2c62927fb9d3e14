import { expect, it } from 'vitest';
import { redact } from './redact';

it('takes secrets and people out', () => {
  const text = 'key hc_live_0123456789abcdef, Authorization: Bearer abcdef123456, mail mara@example.org, card 4111 1111 1111 1111, bot 1234567:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
  const clean = redact(text);
  for (const secret of ['0123456789abcdef', 'abcdef123456', 'mara@', '4111', 'AAHdq']) expect(clean).not.toContain(secret);
});

it('keeps the name of what it takes', () => expect(redact('{"apiKey": "sk-ant-0123456789"}')).toMatch(/apiKey.+\[redacted\]/));

it('leaves the rest as it is', () => {
  const harmless = 'bootstrap 3 of 4 took 120 ms, seq 123456, 2026-11-24T08:00:00Z, 10.0.0.7';
  expect(redact(harmless)).toBe(harmless);
});

it('reads a long line in time that grows with its length alone', () => {
  const before = performance.now();
  for (const piece of ['a', 'a.', '1 ', 'token ', 'a@', 'eyJ']) redact(piece.repeat(20_000));
  expect(performance.now() - before).toBeLessThan(2_000);
});
