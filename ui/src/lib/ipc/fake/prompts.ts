/** Prompts in memory, and files that go nowhere. Belongs here: the core's limits and its order. */
import type { Failure, Prompt } from '../bindings';
import type { Ipc } from '../ipc';
import type { FakeCore } from './core';

const BEGIN: [title: string, text: string][] = [
  ['Deposits that are missing', 'Which of tomorrow’s bookings still have no deposit? Draft a reminder for each, in the language the guest wrote in.'],
  ['Morning brief', 'Give me a short brief for {{day}}:\n\n- what happened overnight\n- what is due until noon\n- what only a person can decide'],
  ['Say no kindly', 'Write to {{guest}} that {{date}} is fully booked. Offer {{alternative}} instead. Two sentences, warm, no exclamation marks.'],
  ['What can you do', 'List your tools and skills as a table: name, what it is for, when you last used it.'],
];

const refused = (name: 'title' | 'text', most: number): Failure => {
  const msg = `a ${name} has 1 to ${most} characters`;
  return { code: { type: 'invalid', message: null, fields: [{ loc: [name], msg, type: 'length' }] }, detail: msg };
};

export function fakePrompts(core: FakeCore): Pick<Ipc, 'listPrompts' | 'savePrompt' | 'deletePrompt' | 'saveText' | 'savePicture'> {
  const prompts = new Map<string, Prompt>(BEGIN.map(([title, text], at) => {
    const id = `prompt-${at + 1}`;
    return [id, { id, title, text, updatedAt: new Date(Date.now() - (at + 1) * 86_400_000).toISOString() }];
  }));
  const all = (): Prompt[] => [...prompts.values()].sort((a, b) => a.title.localeCompare(b.title) || a.id.localeCompare(b.id));
  const fits = (text: string, most: number): boolean => text.trim() !== '' && [...text].length <= most;

  return {
    listPrompts: () => core.answer(all),
    savePrompt: (prompt) => core.answer(() => {
      if (!fits(prompt.title, 120)) throw refused('title', 120);
      if (!fits(prompt.text, 8_000)) throw refused('text', 8_000);
      if (/disk full/i.test(prompt.title)) throw { code: { type: 'storage' }, detail: 'database or disk is full' } satisfies Failure;
      prompts.set(prompt.id, { ...prompt, title: prompt.title.trim(), updatedAt: new Date().toISOString() });
      return all();
    }),
    deletePrompt: (id) => core.answer(() => {
      prompts.delete(id);
      return all();
    }),
    saveText: () => core.answer(() => true),
    savePicture: () => core.answer(() => true),
  };
}
