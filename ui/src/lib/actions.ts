/**
 * What can be done, in ONE table: the palette, the menus, the buttons, the keys and the shortcut sheet all read it.
 * Belongs here: the acts of the frame, and how a screen adds its own while it is open. How an act is done is the store's.
 */
import { m } from '$lib/paraglide/messages';
import { onDestroy } from 'svelte';
import type { FoundInstance, Profile, Theme } from './ipc/bindings';
import type { PaletteStep } from './palette/item';
import { instanceStep, listStep } from './palette/steps';
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
  /** Further words the palette finds it by. */
  words?: string;
  /** What the palette asks for before it is done; `run` leads there, too. */
  step?: PaletteStep;
  /** Few choices: the palette offers each of them by name. */
  few?: boolean;
  run: () => unknown;
}

/** What the frame's acts need done for them. */
export interface FrameActs {
  go: (address: string) => unknown;
  /** At a step, or at its beginning. */
  openPalette: (step?: PaletteStep) => void;
  openShortcuts: () => void;
  lookNow: () => unknown;
  setTheme: (theme: Theme) => unknown;
  lock: () => unknown;
  findInstances: (text: string, limit: number) => Promise<FoundInstance[]>;
  copyId: (id: string) => unknown;
  /** All but the open one. */
  otherProfiles: () => readonly Profile[];
  openProfile: (profile: Profile) => unknown;
  /** Whether a platform is open: without one there is nowhere to go. */
  connected: () => boolean;
  /** Whether a look can find anything: without a key there is none. */
  mayLook: () => boolean;
}

export function frameActions(acts: FrameActs): Action[] {
  const { connected } = acts;
  const asking = (action: Omit<Action, 'run'> & { step: PaletteStep }): Action => ({ ...action, run: () => { acts.openPalette(action.step); } });
  const ofInstance = (id: string, title: string, run: (instance: string) => unknown): Action =>
    asking({ id, title, group: 'act', when: connected, step: instanceStep(title, acts.findInstances, run) });
  const tab = (name: string) => (instance: string) => acts.go(`/instances/${encodeURIComponent(instance)}${name}`);
  const themes: [Theme, string][] = [['system', m.settings_theme_system()], ['light', m.settings_theme_light()], ['dark', m.settings_theme_dark()]];
  return [
    { id: 'go-fleet', title: m.app_action_fleet(), group: 'go', keys: ['g f'], when: connected, run: () => acts.go('/instances') },
    { id: 'go-needs', title: m.needs_action_go(), group: 'go', keys: ['g n'], when: connected, run: () => acts.go('/instances/needs-you') },
    { id: 'go-deploys', title: m.app_action_deploys(), group: 'go', keys: ['g d'], when: connected, run: () => acts.go('/deploys') },
    { id: 'go-usage', title: m.app_action_usage(), group: 'go', keys: ['g u'], when: connected, run: () => acts.go('/usage') },
    { id: 'go-activity', title: m.ledger_action_go(), group: 'go', keys: ['g a'], when: connected, run: () => acts.go('/activity') },
    { id: 'go-settings', title: m.app_action_settings(), group: 'go', keys: ['g s'], run: () => acts.go('/settings') },
    { id: 'go-baselines', title: m.baselines_action_go(), group: 'go', when: connected, run: () => acts.go('/instances/baselines') },
    { id: 'go-compare', title: m.palette_action_compare(), group: 'go', when: connected, run: () => acts.go('/compare') },
    { id: 'deploy', title: m.app_action_deploy(), group: 'act', keys: ['n'], when: connected, run: () => acts.go('/deploy') },
    { id: 'look-now', title: m.app_action_look(), group: 'act', keys: ['r'], when: () => connected() && acts.mayLook(), run: acts.lookNow },
    ofInstance('open-instance', m.palette_action_open(), tab('')),
    ofInstance('open-chat', m.palette_action_chat(), tab('/chat')),
    ofInstance('open-logs', m.palette_action_logs(), tab('/logs')),
    ofInstance('open-config', m.palette_action_config(), tab('/config')),
    ofInstance('open-platform', m.palette_action_platform(), tab('/platform')),
    ofInstance('open-models', m.palette_action_models(), tab('/models')),
    ofInstance('open-conversations', m.palette_action_conversations(), tab('/conversations')),
    ofInstance('open-usage', m.palette_action_usage(), tab('/usage')),
    ofInstance('open-drift', m.baselines_action_drift(), tab('/drift')),
    ofInstance('copy-id', m.palette_action_copy_id(), acts.copyId),
    { id: 'connect', title: m.app_action_connect(), group: 'act', run: () => acts.go('/welcome') },
    { id: 'palette', title: m.palette_title(), group: 'general', keys: ['mod+k'], keyOnly: true, run: () => { acts.openPalette(); } },
    { id: 'shortcuts', title: m.app_action_shortcuts(), group: 'general', keys: ['?'], run: acts.openShortcuts },
    asking({
      id: 'switch-profile', title: m.palette_action_profile(), group: 'general', few: true, when: () => acts.otherProfiles().length > 0,
      step: listStep(m.palette_action_profile(), m.palette_profile_placeholder(), () => acts.otherProfiles().map((profile) => ({ id: `profile-${profile.id}`, title: profile.name, note: profile.kind === 'platform' ? profile.baseUrl : '', run: () => acts.openProfile(profile) }))),
    }),
    asking({
      id: 'theme', title: m.palette_action_theme(), group: 'general', few: true,
      step: listStep(m.palette_action_theme(), m.palette_theme_placeholder(), () => themes.map(([theme, title]) => ({ id: `theme-${theme}`, title, run: () => acts.setTheme(theme) }))),
    }),
    { id: 'lock', title: m.security_lock_now(), group: 'general', run: acts.lock },
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
