import { describe, expect, it } from 'vitest';
import type { BundlePart } from '$lib/ipc/bindings';
import { bundleFile, bundleText } from './bundle';

const parts: BundlePart[] = [{ name: 'versions', text: 'Nineheads: 0.1.0' }, { name: 'log', text: '' }, { name: 'profiles', text: 'Northwind' }];

describe('the text of a support bundle', () => {
  it('has every part under its title, and says where there is nothing', () => {
    expect(bundleText(parts, new Set())).toBe('== Versions ==\nNineheads: 0.1.0\n\n== Log ==\n(nothing)\n\n== Profiles ==\nNorthwind\n');
  });
  it('has nothing of what is left out', () => {
    expect(bundleText(parts, new Set(['profiles', 'log']))).toBe('== Versions ==\nNineheads: 0.1.0\n');
    expect(bundleText(parts, new Set(['profiles', 'log', 'versions']))).toBe('');
  });
  it('is called by its day', () => expect(bundleFile(new Date('2026-11-25T03:00:00Z'))).toBe('nineheads-support-2026-11-25.txt'));
});
