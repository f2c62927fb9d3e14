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
  keys: readonly string[];
  separated?: boolean;
  run: (row: InstanceSummary, ways: Ways) => void;
}

const address = (row: InstanceSummary, tab = '') => `/instances/${encodeURIComponent(row.id)}${tab}`;

/** All acts, in the order of the menu. */
export const ROW_ACTS: readonly RowAct[] = [
  { id: 'fleet-open', label: m.fleet_act_open, keys: ['enter'], run: (row, { go }) => { go(address(row)); } },
  { id: 'fleet-chat', label: m.fleet_act_chat, keys: ['m'], run: (row, { go }) => { go(address(row, '/chat')); } },
  { id: 'fleet-copy-id', label: m.fleet_act_copy_id, keys: ['c'], separated: true, run: (row, { copy }) => { copy(row.id, m.fleet_copied_id()); } },
  { id: 'fleet-copy-row', label: m.fleet_act_copy_row, keys: ['shift+c'], run: (row, { copy }) => { copy(rowText(row), m.fleet_copied_row()); } },
];
