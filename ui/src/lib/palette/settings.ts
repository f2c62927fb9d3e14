/** The sections of the settings by name, with the words a person may look for them by. A test holds them against the screen. */
import { m } from '$lib/paraglide/messages';

export interface SettingsFacts {
  profile: boolean;
  /** The open profile is this computer. */
  here: boolean;
  /** Something is known of what the key may do. */
  access: boolean;
}

export interface SettingsSection {
  /** The place on the screen that takes the keyboard: `/settings#…`. */
  anchor: string;
  title: () => string;
  words: () => string;
  /** What has to be there for it to be on the screen. */
  needs?: keyof SettingsFacts;
}

export const SETTINGS: readonly SettingsSection[] = [
  { anchor: 'appearance', title: m.settings_appearance, words: m.palette_words_appearance },
  { anchor: 'profiles', title: m.settings_profiles, words: m.palette_words_profiles },
  { anchor: 'security', title: m.security_title, words: m.palette_words_security },
  { anchor: 'agents', title: m.local_settings, words: m.palette_words_agents, needs: 'here' },
  { anchor: 'storage', title: m.settings_storage, words: m.palette_words_storage, needs: 'profile' },
  { anchor: 'access', title: m.settings_access, words: m.palette_words_access, needs: 'access' },
  { anchor: 'news', title: m.news_settings_title, words: m.palette_words_news, needs: 'profile' },
  { anchor: 'labels', title: m.labels_settings_title, words: m.palette_words_labels, needs: 'profile' },
  { anchor: 'catalog', title: m.settings_catalog, words: m.palette_words_catalog, needs: 'profile' },
  { anchor: 'keyboard', title: m.settings_keys, words: m.palette_words_keyboard },
  { anchor: 'support', title: m.support_title, words: m.palette_words_support },
  { anchor: 'about', title: m.settings_about, words: m.palette_words_about },
];
