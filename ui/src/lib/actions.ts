/**
 * What can be done, in ONE table: the palette, the buttons, the keys and the shortcut sheet all read it.
 * Belongs here: the acts of the frame, and how a screen adds its own while it is open. How an act is done is the store's.
 */
import { m } from '$lib/paraglide/messages';
import { onDestroy } from 'svelte';
import type { Theme } from './ipc/bindings';
import { getActions } from './stores/actions.svelte';

export type ActionGroup = 'go' | 'act' | 'screen' | 'general';

export interface Action {
  id: string;
  title: string;
  group: ActionGroup;
  /** `mod+k`, `g f`, `?`, `arrowdown`; several are alternatives. `mod` is ⌘ on a Mac and Ctrl elsewhere. */
  keys?: readonly string[];
  /** Whether it can be done now; without it, always. */
  when?: () => boolean;
  /** Kept out of the palette: movements that make sense by key alone. The sheet still shows it. */
  keyOnly?: boolean;
  run: () => unknown;
}

/** What the frame's acts need done for them. */
export interface FrameActs {
  go: (address: string) => unknown;
  openPalette: () => void;
  openShortcuts: () => void;
  lookNow: () => unknown;
  setTheme: (theme: Theme) => unknown;
  lock: () => unknown;
  /** Whether a platform is open: without one there is nowhere to go. */
  connected: () => boolean;
  /** Whether a look can find anything: without a key there is none. */
  mayLook: () => boolean;
}

export function frameActions(acts: FrameActs): Action[] {
  const { connected } = acts;
  return [
    { id: 'go-fleet', title: m.app_action_fleet(), group: 'go', keys: ['g f'], when: connected, run: () => acts.go('/instances') },
    { id: 'go-deploys', title: m.app_action_deploys(), group: 'go', keys: ['g d'], when: connected, run: () => acts.go('/deploys') },
    { id: 'go-usage', title: m.app_action_usage(), group: 'go', keys: ['g u'], when: connected, run: () => acts.go('/usage') },
    { id: 'go-activity', title: m.ledger_action_go(), group: 'go', keys: ['g a'], when: connected, run: () => acts.go('/activity') },
    { id: 'go-settings', title: m.app_action_settings(), group: 'go', keys: ['g s'], run: () => acts.go('/settings') },
    { id: 'deploy', title: m.app_action_deploy(), group: 'act', keys: ['n'], when: connected, run: () => acts.go('/deploy') },
    { id: 'look-now', title: m.app_action_look(), group: 'act', keys: ['r'], when: () => connected() && acts.mayLook(), run: acts.lookNow },
    { id: 'connect', title: m.app_action_connect(), group: 'act', run: () => acts.go('/welcome') },
    { id: 'palette', title: m.app_action_palette(), group: 'general', keys: ['mod+k'], keyOnly: true, run: acts.openPalette },
    { id: 'shortcuts', title: m.app_action_shortcuts(), group: 'general', keys: ['?'], run: acts.openShortcuts },
    { id: 'lock', title: m.security_lock_now(), group: 'general', run: acts.lock },
    { id: 'theme-system', title: m.app_action_theme_system(), group: 'general', run: () => acts.setTheme('system') },
    { id: 'theme-light', title: m.app_action_theme_light(), group: 'general', run: () => acts.setTheme('light') },
    { id: 'theme-dark', title: m.app_action_theme_dark(), group: 'general', run: () => acts.setTheme('dark') },
  ];
}

/** A screen's own acts, there while it is mounted. Call it while the component starts; `make` may read state. */
export function useActions(make: () => Action[]): void {
  onDestroy(getActions().add(make));
}

export function groupTitle(group: ActionGroup): string {
  switch (group) {
    case 'go': return m.app_group_go();
    case 'act': return m.app_group_act();
    case 'screen': return m.app_group_screen();
    case 'general': return m.app_group_general();
  }
}
