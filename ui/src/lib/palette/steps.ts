/** What the palette asks for in a second step: one of the instances, one of a short list. */
import type { FoundInstance, InstanceId } from '$lib/ipc/bindings';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { nameOf, statusSign } from '$lib/text/status';
import { closeness, findFuzzy } from './fuzzy';
import type { PaletteItem, PaletteStep } from './item';

/** Most instances offered at once: who wants another one types more of its name. */
export const OFFERED = 8;

export type FindInstances = (text: string, limit: number) => Promise<FoundInstance[]>;

/** An instance as an item; the core has chosen it, so the letters alone decide how near it is. */
export function instanceItem(found: FoundInstance, text: string, run: (id: InstanceId) => unknown): PaletteItem {
  const title = nameOf({ id: found.id, agent_name: found.name, hostname: found.host });
  const host = found.host?.trim() ? showHidden(found.host.trim()) : found.id;
  // What was typed may be the start of the id: then the id is what is worth showing.
  const byId = text.trim().length > 3 && found.id.toLowerCase().startsWith(text.trim().toLowerCase());
  const note = byId ? found.id : host;
  const all = `${title} ${host} ${found.id}`.toLowerCase();
  const whole = text.toLowerCase().split(/\s+/).every((word) => all.includes(word));
  const near = found.exact ? 0 : Math.min(closeness(text, title), closeness(text, note), whole ? 3 : 4);
  return { id: `instance:${found.id}`, title, note, mono: true, near, sign: statusSign(found.status), run: () => run(found.id) };
}

/** Asks which instance; `title` is the action with its dots, as the table has it. */
export function instanceStep(title: string, find: FindInstances, run: (id: InstanceId) => unknown): PaletteStep {
  return {
    title: withoutDots(title),
    placeholder: m.palette_instance_placeholder(),
    none: m.palette_instance_none(),
    find: async (text) => (await find(text, OFFERED)).map((found) => instanceItem(found, text, run)),
  };
}

/** Asks for one of a few. */
export function listStep(title: string, placeholder: string, items: () => PaletteItem[]): PaletteStep {
  return { title: withoutDots(title), placeholder, none: m.palette_none(), find: (text) => Promise.resolve(findFuzzy(items(), text)) };
}

export const withoutDots = (title: string): string => title.replace(/…$/, '');
