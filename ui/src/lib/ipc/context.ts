/** How a component reaches the core: the root layout sets the door once, everything below it asks here. */
import { createContext } from 'svelte';
import type { Ipc } from './ipc';

const [get, set] = createContext<Ipc>();

export const getIpc = get;
export const setIpc = set;
