import { describe, expect, test } from 'vitest';
import { linkTo, nextStep, readHandedLink } from './handed';

const kind = (text: string) => readHandedLink(text).kind;

describe('a link that the system handed over', () => {
  test('leads to a screen, an instance, a tab or a view', () => {
    expect(readHandedLink('nineheads://instances/inst-1/logs')).toEqual({ kind: 'screen', address: '/instances/inst-1/logs', instance: 'inst-1', profile: null });
    expect(readHandedLink('nineheads://view?status=failed&q=tag%3Avip')).toMatchObject({ address: '/instances?status=failed&q=tag%3Avip', instance: null });
    expect(readHandedLink('nineheads://settings#news')).toMatchObject({ address: '/settings#news' });
  });

  test('may name a profile of this computer, which is no part of the address', () => {
    expect(readHandedLink(linkTo('/instances/inst-1/chat', 'p-2'))).toEqual({ kind: 'screen', address: '/instances/inst-1/chat', instance: 'inst-1', profile: 'p-2' });
    expect(linkTo('/instances', null)).toBe('nineheads://instances');
  });

  test('never carries an address or a key', () => {
    const key = `sk-${'a1B2'.repeat(10)}`;
    for (const [text, why] of [
      ['nineheads://instances?base_url=https%3A%2F%2Fevil.example', 'place'],
      ['nineheads://instances?x=https://evil.example', 'place'],
      ['nineheads://instances?x=https%253A%252F%252Fevil.example', 'place'],
      ['nineheads://settings#url=evil', 'place'],
      ['nineheads://evil@host/instances', 'place'],
      ['nineheads://host:8080/instances', 'place'],
      ['nineheads://instances?HOST=evil', 'place'],
      ['nineheads://instances?token=x', 'secret'],
      ['nineheads://instances?api_key=', 'secret'],
      [`nineheads://instances?q=${key}`, 'secret'],
    ] as const) expect(readHandedLink(text), text).toEqual({ kind: 'refused', why });
  });

  test('that is none, or hostile, leads nowhere', () => {
    for (const text of ['', 'javascript:alert(1)', 'https://example.com', 'nineheads://', 'nineheads://nowhere', 'nineheads://instances/../settings', 'nineheads:////evil', 'nineheads://instances/%', `nineheads://instances?q=${'a'.repeat(9_000)}`, 'nineheads://instances/a\u202eb', 'nineheads://instances/a/delete'])
      expect(kind(text), text).toBe('unknown');
  });

  test('of any shape is read without an end or leads inside the app', () => {
    const parts = ['/', '//', '..', '%2e%2e', '%', '%00', '@', ':', '?', '#', '&', '=', 'instances', 'view', 'profile', 'key', 'https://', '\\', '\u0000', 'é', '+', '%25'];
    let seed = 9;
    const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 4_000; round += 1) {
      const text = `nineheads://${Array.from({ length: next(9) }, () => parts[next(parts.length)]).join('')}`;
      const link = readHandedLink(text);
      if (link.kind !== 'screen') continue;
      const url = new URL(link.address, 'app://here');
      expect(url.host, text).toBe('here');
      expect(url.searchParams.has('profile'), text).toBe(false);
      expect(link.address, text).not.toContain('://');
    }
  });
});

describe('before it is followed', () => {
  const link = (text: string) => {
    const read = readHandedLink(text);
    if (read.kind !== 'screen') throw new Error(text);
    return read;
  };

  test('an unknown instance and another profile are asked about, a known one is not', () => {
    const instance = link('nineheads://instances/a');
    expect(nextStep(instance, 'p', ['p', 'q'], true)).toEqual({ ask: null });
    expect(nextStep(instance, 'p', ['p', 'q'], false)).toEqual({ ask: 'elsewhere' });
    expect(nextStep(link('nineheads://instances/a?profile=q'), 'p', ['p', 'q'], true)).toEqual({ ask: 'switch', profile: 'q' });
    expect(nextStep(link('nineheads://instances/a?profile=p'), 'p', ['p', 'q'], true)).toEqual({ ask: null });
    expect(nextStep(link('nineheads://instances/a?profile=someone'), 'p', ['p', 'q'], true)).toEqual({ ask: null });
  });
});
