/**
 * A model server as a person describes it, and what is kept of it. Pure.
 * Belongs here: the form, its problems, names, and what a choice of provider and model means. Words do not.
 */
import type { LocalModel, ModelProvider, NewModelProvider } from '$lib/ipc/bindings';

export interface ProviderForm {
  name: string;
  baseUrl: string;
  /** What was typed; empty leaves what is kept. */
  key: string;
  /** The kept key is to be taken away. */
  dropKey: boolean;
  /** Names with spaces between. */
  models: string;
}

export type ProviderField = 'name' | 'baseUrl' | 'models';
export type ProviderProblem = 'empty' | 'name' | 'taken' | 'address' | 'notSecure' | 'userinfo';

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export const emptyProvider = (): ProviderForm => ({ name: '', baseUrl: '', key: '', dropKey: false, models: '' });

/** Every model that a text names, each once. */
export const modelsIn = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

function parse(text: string): URL | null {
  try { return new URL(text.trim()); } catch { return null; }
}

/** A name that may be kept, from the host of an address: `https://api.example.com/v1` is `example`. */
export function suggestedName(baseUrl: string, taken: readonly string[] = []): string {
  const host = parse(baseUrl)?.hostname ?? '';
  if (!host) return '';
  const parts = host.split('.').filter((part) => !['api', 'www'].includes(part));
  const word = LOOPBACK.test(host) ? 'local' : ((parts.length > 1 ? parts.at(-2) : parts[0]) ?? '');
  const stem = word.toLowerCase().replace(/[^a-z0-9-]/g, '').replace(/^[^a-z]+/, '').slice(0, 36) || 'models';
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? stem : `${stem}-${number}`;
    if (!taken.includes(name)) return name;
  }
}

function addressProblem(text: string): ProviderProblem | null {
  const url = parse(text);
  if (!url?.hostname || !['http:', 'https:'].includes(url.protocol)) return 'address';
  if (url.username || url.password) return 'userinfo';
  return url.protocol === 'http:' && !LOOPBACK.test(url.hostname) ? 'notSecure' : null;
}

/** What holds a form back, at its field. `taken`: names that others have. */
export function providerProblems(form: ProviderForm, taken: readonly string[]): Partial<Record<ProviderField, ProviderProblem>> {
  const found: Partial<Record<ProviderField, ProviderProblem>> = {};
  const name = form.name.trim();
  if (!NAME.test(name)) found.name = name === '' ? 'empty' : 'name';
  else if (taken.includes(name)) found.name = 'taken';
  const address = form.baseUrl.trim() === '' ? 'empty' : addressProblem(form.baseUrl);
  if (address) found.baseUrl = address;
  if (modelsIn(form.models).length === 0) found.models = 'empty';
  return found;
}

/** What is kept of a form: numbers that were known of a model stay known. */
export function toProvider(form: ProviderForm, known: readonly LocalModel[] = []): NewModelProvider {
  const models = modelsIn(form.models).map((id) => known.find((model) => model.id === id) ?? { id, context_window: null, max_tokens: null });
  const api_key = form.key.trim() || (form.dropKey ? '' : null);
  return { base_url: form.baseUrl.trim(), models, api_key };
}

/** The form of what is kept. Its key is never told, and stays. */
export function fromProvider(provider: ModelProvider): ProviderForm {
  return { name: provider.name, baseUrl: provider.base_url, key: '', dropKey: false, models: provider.models.map(({ id }) => id).join(' ') };
}

/** What is asked when one model of a provider is tried as it is kept. */
export function trialOf(provider: ModelProvider, model: string): NewModelProvider {
  return { base_url: provider.base_url, models: provider.models.filter(({ id }) => id === model), api_key: null };
}
