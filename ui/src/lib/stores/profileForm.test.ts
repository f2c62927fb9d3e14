import { createFakeIpc } from '$lib/ipc/fake';
import { HOSTED } from '$lib/ipc/fake/core';
import { describe, expect, it } from 'vitest';
import { ProfileForm } from './profileForm.svelte';

const proxied = { ...HOSTED, proxy: { type: 'manual', url: 'http://proxy.example:3128', hasLogin: true } } as const;

describe('what is typed about a profile', () => {
  it('starts as it is kept, and untouched changes nothing', () => {
    const form = new ProfileForm(createFakeIpc(), proxied);
    expect(form.edit).toMatchObject({ name: proxied.name, hue: proxied.hue, safety: 'full', login: { type: 'keep' }, certificate: { type: 'keep' }, proxy: { type: 'manual', url: proxied.proxy.url } });
    expect(form.hasLogin).toBe(true);
    form.proxyUrl = 'http://other.example:1';
    expect(form.hasLogin).toBe(false);
  });
  it('for support it is read-only from the start', () => {
    const form = new ProfileForm(createFakeIpc());
    form.setPurpose('support');
    expect(form.edit).toMatchObject({ purpose: 'support', safety: 'readOnly' });
  });
  it('sends a login only when one was typed, and forgets one when asked to', () => {
    const form = new ProfileForm(createFakeIpc(), proxied);
    form.forgetLogin = true;
    expect(form.edit.login).toEqual({ type: 'remove' });
    form.user = ' me ';
    form.password = ' keeps its spaces ';
    expect(form.edit.login).toEqual({ type: 'set', user: 'me', password: ' keeps its spaces ' });
  });
  it('takes a picked certificate, and drops one', async () => {
    const form = new ProfileForm(createFakeIpc(), { ...HOSTED, certificate: { count: 1, sha256: '00' } });
    form.dropCertificate();
    expect([form.certificate, form.edit.certificate]).toEqual([null, { type: 'remove' }]);
    await form.pickCertificate();
    expect(form.edit.certificate).toMatchObject({ type: 'set', sha256: form.certificate?.sha256 });
  });
  it('tests the way as it is typed now, and a walk begun anew silences the one before', async () => {
    const form = new ProfileForm(createFakeIpc());
    const first = form.test('https://expired.example', ['apiKey', 'key']);
    await form.test('https://fine.example', ['apiKey', 'key']);
    await first;
    expect(form.steps.map(({ result }) => result)).toEqual(['ok', 'ok', 'skipped', 'ok', 'ok', 'ok']);
    await form.test('https://expired.example', null);
    expect(form.steps.find(({ result }) => result === 'failed')).toMatchObject({ layer: 'tls', finding: 'expired' });
  });
});
