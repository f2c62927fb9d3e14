/** What can be done with one turn. Belongs here: the list and when it applies. How it is done is the screen's. */
import { exchangeAsMarkdown } from '$lib/chat/exported';
import { plainOf } from '$lib/chat/plain';
import { m } from '$lib/paraglide/messages';
import type { MenuItem } from '$lib/parts/Menu.svelte';
import type { SpokenForm } from '$lib/shared/copyAct';
import type { Turn } from '$lib/stores/turn.svelte';

export interface TurnDoes {
  /** Sends the same text as a new turn; asks first where the text may have arrived. */
  again: (turn: Turn) => void;
  /** Puts the text into the field; the turn stays. */
  edit: (turn: Turn) => void;
  quote: (text: string) => void;
  copy: (text: string) => void;
  /** The message as somebody would send it from a terminal. */
  copyAs: (turn: Turn, form: SpokenForm) => void;
}

export function turnItems(turn: Turn, name: string, busy: boolean, does: TurnDoes): MenuItem[] {
  const unsure = turn.state.type === 'mayHaveArrived';
  const items: MenuItem[] = [
    { label: unsure ? m.chat_send_again_ask() : m.chat_send_again(), disabled: busy, onselect: () => does.again(turn), ...(busy ? { note: m.chat_end_first() } : {}) },
    { label: m.chat_edit(), onselect: () => does.edit(turn) },
    { label: m.chat_quote_message(), onselect: () => does.quote(turn.message) },
    ...(turn.reply === '' ? [] : [{ label: m.chat_quote_reply(), onselect: () => does.quote(turn.reply) }]),
    { label: m.chat_copy_message_act(), separated: true, onselect: () => does.copy(turn.message) },
    { label: m.acts_spoken_command(), onselect: () => does.copyAs(turn, 'command') },
    { label: m.acts_spoken_curl(), onselect: () => does.copyAs(turn, 'curl') },
  ];
  if (turn.reply === '') return items;
  return [
    ...items,
    { label: m.chat_copy_markdown(), onselect: () => does.copy(turn.reply) },
    { label: m.chat_copy_plain(), onselect: () => does.copy(plainOf(turn.reply)) },
    { label: m.chat_copy_both(), onselect: () => does.copy(exchangeAsMarkdown(name, turn.exchange)) },
  ];
}
