import { describe, expect, it } from 'vitest';
import { m } from '$lib/paraglide/messages';
import { actionOf, causeOf, recognise, SIGNATURES, signatureOf } from './signatures';

const ACTS = ['logs', 'config', 'models', 'rotateKey', 'diagnose', 'delete', 'deploy', 'none'];

describe('the list of signatures', () => {
  it('is long enough to be of use, and names each once', () => {
    expect(SIGNATURES.length).toBeGreaterThanOrEqual(30);
    expect(new Set(SIGNATURES.map(({ id }) => id)).size).toBe(SIGNATURES.length);
  });

  it.each(SIGNATURES.map((signature) => [signature.id, signature] as const))('%s knows its sample and no other', (_, signature) => {
    const pattern = new RegExp(signature.pattern, 'i');
    expect(SIGNATURES.filter(({ sample }) => pattern.test(sample)).map(({ id }) => id)).toEqual([signature.id]);
    expect(signatureOf(signature.sample)?.id).toBe(signature.id);
  });

  it('has words and an act for each', () => {
    for (const signature of SIGNATURES) {
      expect(Object.keys(m)).toContain(signature.cause);
      expect(causeOf(signature)).toMatch(/^[A-Z].+\.$/);
      expect(actionOf(signature)).toMatch(/^[A-Z].+\.$/);
      expect(ACTS).toContain(signature.act);
      expect(['bad', 'warn']).toContain(signature.severity);
    }
  });

  it('has no pattern that can run away: repeats are bounded and never nested', () => {
    for (const { id, pattern } of SIGNATURES) {
      expect(pattern.replace(/\\./g, ''), id).not.toMatch(/[*+]|\{\d+,\}|\)\{/);
    }
  });

  it('reads a line of ten thousand characters in time that grows with its length alone', () => {
    const nasty = ['telegram ', 'the model ', 'image ', 'handshake for peer ', 'securing ', 'agent key ', 'a', 'cron ', '9'];
    const time = (length: number) => {
      const lines = nasty.map((piece) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length));
      const before = performance.now();
      for (const { pattern } of SIGNATURES) for (const line of lines) new RegExp(pattern, 'i').test(line);
      return performance.now() - before;
    };
    time(1_000);
    expect(time(10_000)).toBeLessThan(1_500);
  });
});

describe('recognising', () => {
  it('reads through colours', () => {
    expect(signatureOf('\u001b[31mError\u001b[0m: listen EADDR\u001b[1mINUSE\u001b[0m')?.id).toBe('port_in_use');
  });

  it('knows nothing in what is fine, empty or not there', () => {
    expect(['checksums hold', '', '   ', null, undefined].map(signatureOf)).toEqual([null, null, null, null, null]);
  });

  it('takes what stops the agent before what hinders it, and the more telling text before the other', () => {
    expect(recognise(['memory_high: 91 %', 'ENOSPC'])?.signature.id).toBe('disk_full');
    expect(recognise(['memory_high: 91 %', 'disk_high: 94 %'])?.signature.id).toBe('memory_high');
    expect(recognise(['all is well', null])).toBeNull();
  });

  it.each([
    ['config_rejected: The gateway refused its configuration: models.providers.default has no key', 'model_key_missing'],
    ["runtime_missing: The runtime's package could not be unpacked: no space left on the volume", 'disk_full'],
    ['vpn_unreachable: The private network did not answer within 60 s', 'vpn_handshake'],
    ['securing: certificate could not be issued (timeout after 300 s)', 'certificate_failed'],
  ])('knows what the local platform says: %s', (line, id) => expect(signatureOf(line)?.id).toBe(id));
});
