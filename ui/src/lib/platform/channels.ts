/** Channels that the platform documents, and settings that are usual for each. Pure; names of settings are no contract. */

export const CHANNELS = ['telegram', 'whatsapp', 'voice', 'sms', 'email', 'web_chat'] as const;
export type Channel = (typeof CHANNELS)[number];
export const isKnown = (type: string): type is Channel => (CHANNELS as readonly string[]).includes(type);

/** Usual names: offered to be typed quickly, never filled in. The platform documents none. */
export const USUAL: Record<Channel, readonly string[]> = {
  telegram: ['bot_token', 'bot_username', 'allowed_chats'],
  whatsapp: ['phone_number', 'phone_number_id', 'access_token'],
  voice: ['phone_number', 'language', 'greeting'],
  sms: ['phone_number', 'sender_id', 'auth_token'],
  email: ['address', 'imap_host', 'smtp_host', 'username', 'password'],
  web_chat: ['title', 'greeting', 'allowed_origins'],
};

/** The documented ones first, in their order, then whatever else is there. */
export function channelsOf(channels: Readonly<Record<string, unknown>>, before: Readonly<Record<string, unknown>>): string[] {
  const others = [...new Set([...Object.keys(before), ...Object.keys(channels)])].filter((type) => !isKnown(type));
  return [...CHANNELS, ...others];
}
