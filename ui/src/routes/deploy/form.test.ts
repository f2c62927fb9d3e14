import { describe, expect, it } from 'vitest';
import { complaints, draftText, emptyForm, fromDraft, fromRequest, isSlug, missing, stepOf, toRequest, warnings } from './form';

const TIER = '6f1c2a00-1111-4222-8333-444455556666';

describe('the request', () => {
  it('carries only what was filled in, trimmed', () => {
    const form = { ...emptyForm(), region_id: ' eu-central ', tier_id: TIER, agent_name: ' Orchard ', customer_id: '  ' };
    expect(toRequest(form)).toEqual({ region_id: 'eu-central', tier_id: TIER, agent_name: 'Orchard' });
  });

  it('keeps the order of the workflows', () => {
    const form = { ...emptyForm(), workflow_slugs: ['b', 'a'] };
    expect(toRequest(form).workflow_slugs).toEqual(['b', 'a']);
  });

  it('never carries a key of its own', () => {
    expect(toRequest(fromRequest({ region_id: 'r', tier_id: 't', idempotency_key: 'k' }))).toEqual({ region_id: 'r', tier_id: 't' });
  });

  it('comes back as the form it was typed in', () => {
    const form = { ...emptyForm(), region_id: 'eu', tier_id: TIER, workflow_slugs: ['x'], website_template_slug: 'shop' };
    expect(fromRequest(toRequest(form))).toEqual(form);
  });
});

describe('the draft', () => {
  it('is what was typed, and nothing when nothing was', () => {
    const form = { ...emptyForm(), agent_name: 'Orchard', workflow_slugs: ['daily'] };
    expect(fromDraft(draftText(form))).toEqual(form);
    expect(draftText(emptyForm())).toBeNull();
  });

  it.each(['', 'no json', '[]', 'null', '7', '{"agent_name":3,"workflow_slugs":"x"}'])('ignores what is no draft: %s', (text) => {
    expect(fromDraft(text)).toBeNull();
  });

  it('takes what it can from a draft of another kind', () => {
    expect(fromDraft('{"agent_name":"A","workflow_slugs":["x",3],"__proto__":{"region_id":"evil"},"later":1}'))
      .toEqual({ ...emptyForm(), agent_name: 'A', workflow_slugs: ['x'] });
  });
});

describe('doubts', () => {
  it('warns of a tier that is no UUID, and still lets it be sent', () => {
    const form = { ...emptyForm(), region_id: 'eu', tier_id: 'Starter' };
    expect(warnings(form).tier_id).toBe('tierIsNoUuid');
    expect(missing(form)).toEqual([]);
    expect(warnings({ ...form, tier_id: TIER }).tier_id).toBeUndefined();
  });

  it('warns of slugs of an unusual form', () => {
    expect(warnings({ ...emptyForm(), workflow_slugs: ['fine', 'Not Fine'] }).workflow_slugs).toBe('notASlug');
    expect(warnings({ ...emptyForm(), website_template_slug: '-x' }).website_template_slug).toBe('notASlug');
    expect(isSlug('a'.repeat(100))).toBe(true);
    expect(isSlug('a'.repeat(101))).toBe(false);
  });

  it('holds back only what the platform can not do without', () => {
    expect(missing(emptyForm())).toEqual(['region_id', 'tier_id']);
  });
});

describe('what the platform complains of', () => {
  it('lands at its field, and leads to the first one', () => {
    const found = complaints([
      { loc: ['body', 'workflow_slugs', '0'], msg: 'unknown workflow', type: 'x' },
      { loc: ['body', 'tier_id'], msg: 'not a UUID', type: 'x' },
      { loc: ['body', 'tier_id'], msg: 'not sold', type: 'x' },
    ]);
    expect(found.fields).toEqual({ tier_id: 'not a UUID; not sold', workflow_slugs: 'unknown workflow' });
    expect(found.first).toBe('tier_id');
    expect(stepOf('tier_id')).toBe('where');
  });

  it('is kept when it is about no field of the form', () => {
    expect(complaints([{ loc: ['body', 'moon'], msg: 'is full', type: 'x' }, { loc: [], msg: 'no', type: 'x' }]))
      .toEqual({ fields: {}, others: ['body.moon: is full', 'no'], first: null });
  });
});
