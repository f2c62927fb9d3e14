/**
 * What can be done with a row of the fleet, as a table: its menu and its keys read it.
 * Belongs here: the acts and their keys. Does not belong here: how an act is carried out (the screen gives the ways).
 */
import type { InstanceSummary } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import { rowText } from './status';

/** The ways of a screen to move and to copy. */
export interface Ways {
  go: (address: string) => void;
  copy: (text: string, done: string) => void;
}

/** One act on one row. */
export interface RowAct {
  id: string;
  label: () => string;
  key?: string;
  separated?: boolean;
  run: (row: InstanceSummary, ways: Ways) => void;
}

const address = (row: InstanceSummary, tab = '') => `/instances/${encodeURIComponent(row.id)}${tab}`;

/** All acts, in the order of the menu. */
export const ROW_ACTS: readonly RowAct[] = [
  { id: 'fleet.open', label: m.fleet_act_open, run: (row, { go }) => { go(address(row)); } },
  { id: 'fleet.chat', label: m.fleet_act_chat, run: (row, { go }) => { go(address(row, '/chat')); } },
  { id: 'fleet.copyId', label: m.fleet_act_copy_id, separated: true, run: (row, { copy }) => { copy(row.id, m.fleet_copied_id()); } },
  { id: 'fleet.copyRow', label: m.fleet_act_copy_row, run: (row, { copy }) => { copy(rowText(row), m.fleet_copied_row()); } },
];
