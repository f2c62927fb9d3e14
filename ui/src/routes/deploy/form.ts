/**
 * What a person types into the wizard, and the request it makes. Pure.
 * Belongs here: fields, steps, the draft's text form, warnings, where a platform's complaint lands.
 * Does not belong here: elements, calls, words (the components and the message catalogue).
 */
import type { FieldProblem, NewInstance } from '$lib/ipc/bindings';

/** The wizard's fields, named as the platform names them. */
export interface DeployForm {
  region_id: string;
  tier_id: string;
  preset_id: string;
  manifest_id: string;
  recipe_id: string;
  agent_name: string;
  user_display_name: string;
  customer_id: string;
  workflow_slugs: string[];
  website_template_slug: string;
}
export type FieldName = keyof DeployForm;
export type Step = 'where' | 'what' | 'who' | 'extras' | 'review';

/** The steps in order. */
export const STEPS: readonly Step[] = ['where', 'what', 'who', 'extras', 'review'];

/** The fields of each step, in the order they are shown. */
export const FIELDS: Record<Exclude<Step, 'review'>, readonly FieldName[]> = {
  where: ['region_id', 'tier_id'],
  what: ['preset_id', 'manifest_id', 'recipe_id'],
  who: ['agent_name', 'user_display_name', 'customer_id'],
  extras: ['workflow_slugs', 'website_template_slug'],
};

const NAMES = Object.values(FIELDS).flat();
const REQUIRED: readonly FieldName[] = ['region_id', 'tier_id'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SLUG = /^[a-z0-9][a-z0-9_-]{0,99}$/;

/** A form with nothing typed. */
export function emptyForm(): DeployForm {
  return {
    region_id: '', tier_id: '', preset_id: '', manifest_id: '', recipe_id: '', agent_name: '',
    user_display_name: '', customer_id: '', workflow_slugs: [], website_template_slug: '',
  };
}

/** Whether nothing was typed at all. */
export function isEmpty(form: DeployForm): boolean {
  return NAMES.every((name) => form[name].length === 0);
}

/** The request: only what was filled in, trimmed; what is left out is left to the platform. */
export function toRequest(form: DeployForm): NewInstance {
  const request: NewInstance = { region_id: form.region_id.trim(), tier_id: form.tier_id.trim() };
  for (const name of NAMES) {
    if (name === 'workflow_slugs' || name === 'region_id' || name === 'tier_id') continue;
    const value = form[name].trim();
    if (value) request[name] = value;
  }
  if (form.workflow_slugs.length > 0) request.workflow_slugs = [...form.workflow_slugs];
  return request;
}

/** The form that makes this request again. */
export function fromRequest(request: NewInstance): DeployForm {
  const form = emptyForm();
  for (const name of NAMES) {
    if (name === 'workflow_slugs') form.workflow_slugs = [...(request.workflow_slugs ?? [])];
    else form[name] = request[name] ?? '';
  }
  return form;
}

/** A draft as text: the form and nothing else. */
export function draftText(form: DeployForm): string | null {
  return isEmpty(form) ? null : JSON.stringify(form);
}

/** The form of a draft. Whatever is not a field of the right kind is left empty: a draft is never an error. */
export function fromDraft(text: string | null): DeployForm | null {
  if (!text) return null;
  let draft: unknown;
  try { draft = JSON.parse(text); } catch { return null; }
  if (typeof draft !== 'object' || draft === null) return null;
  const form = emptyForm();
  for (const name of NAMES) {
    const value: unknown = (draft as Record<string, unknown>)[name];
    if (name === 'workflow_slugs') {
      if (Array.isArray(value)) form.workflow_slugs = value.filter((slug) => typeof slug === 'string');
    } else if (typeof value === 'string') form[name] = value;
  }
  return isEmpty(form) ? null : form;
}

/** Something the person should know about a field before the platform says it. */
export type Warning = 'tierIsNoUuid' | 'notASlug';

/** Doubts about what was typed. They never hold anything back. */
export function warnings(form: DeployForm): Partial<Record<FieldName, Warning>> {
  const found: Partial<Record<FieldName, Warning>> = {};
  if (form.tier_id.trim() && !UUID.test(form.tier_id.trim())) found.tier_id = 'tierIsNoUuid';
  if (form.workflow_slugs.some((slug) => !isSlug(slug))) found.workflow_slugs = 'notASlug';
  if (form.website_template_slug.trim() && !isSlug(form.website_template_slug.trim())) found.website_template_slug = 'notASlug';
  return found;
}

/** Whether a text has the form of a slug. */
export function isSlug(text: string): boolean {
  return SLUG.test(text);
}

/** The required fields that are still empty: these do hold the deploy back. */
export function missing(form: DeployForm): FieldName[] {
  return REQUIRED.filter((name) => String(form[name]).trim() === '');
}

/** The step a field is on. */
export function stepOf(name: FieldName): Step {
  return STEPS.find((step) => step !== 'review' && FIELDS[step].includes(name)) ?? 'review';
}

/** The platform's complaints, each at its field; the ones about no field of ours are kept apart. */
export interface Complaints {
  fields: Partial<Record<FieldName, string>>;
  others: string[];
  /** The first field to mend, in the order of the steps. */
  first: FieldName | null;
}

/** Sorts a 422's problems by the field their place names. */
export function complaints(problems: readonly FieldProblem[]): Complaints {
  const fields: Complaints['fields'] = {};
  const others: string[] = [];
  for (const { loc, msg } of problems) {
    const name = NAMES.find((candidate) => loc.includes(candidate));
    if (!name) others.push(loc.length > 0 ? `${loc.join('.')}: ${msg}` : msg);
    else fields[name] = fields[name] ? `${fields[name]}; ${msg}` : msg;
  }
  return { fields, others, first: NAMES.find((name) => fields[name] !== undefined) ?? null };
}

/** The step a text names, or the first. */
export function stepNamed(text: string | null): Step {
  return STEPS.find((step) => step === text) ?? 'where';
}
