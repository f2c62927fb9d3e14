/** The app is one page, rendered where it is seen; before anything shows, the door to the core is opened. */
import type { Ipc } from '$lib/ipc/ipc';
import type { LayoutLoad } from './$types';

export const ssr = false;
export const prerender = false;

/** One door for as long as the page lives, however often a screen is loaded. */
let door: Promise<Ipc> | undefined;

async function openDoor(scenario: string | null): Promise<Ipc> {
  if (window.__TAURI_INTERNALS__ !== undefined) return (await import('$lib/ipc/tauri')).createTauriIpc();
  if (!import.meta.env.DEV) throw new Error('This page belongs to the app and has no core here.');
  const { createFakeIpc, fakeOptions } = await import('$lib/ipc/fake');
  return createFakeIpc(fakeOptions(scenario));
}

export const load: LayoutLoad = async () => {
  door ??= openDoor(new URLSearchParams(location.search).get('fake'));
  return { ipc: await door };
};
