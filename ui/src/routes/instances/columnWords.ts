/** What the fleet's columns are called. Pure. */
import { m } from '$lib/paraglide/messages';
import type { Head } from './columns';

export const headLabel = (head: Head): string => m[`fleet_column_${head}`]();
