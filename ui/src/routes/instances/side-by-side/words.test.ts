import type { SideCell, SideRow } from '$lib/ipc/bindings';
import { describe, expect, it } from 'vitest';
import { byPart, standingOut } from './words';

const value = (text: string): SideCell => ({ type: 'value', text });
const row = (cells: SideCell[], differs = true): SideRow => ({ part: 'config', path: ['a'], cells, differs });

describe('what stands out', () => {
  it('is what is not as most are', () => expect(standingOut(row([value('1'), value('1'), value('2'), { type: 'absent' }]))).toEqual([false, false, true, true]));
  it('is all where no value is that of most', () => expect(standingOut(row([value('1'), value('2')]))).toEqual([true, true]));
  it('is never what was not read', () => expect(standingOut(row([value('1'), { type: 'unread' }, value('2')]))).toEqual([true, false, true]));
  it('is nothing where all are the same', () => expect(standingOut(row([value('1'), value('1')], false))).toEqual([false, false]));
});

it('rows lie under their part', () => {
  const rows: SideRow[] = [row([]), { ...row([]), part: 'usage' }, { ...row([]), part: 'usage' }];
  expect(byPart(rows).map(({ part, rows: of }) => [part, of.length])).toEqual([['config', 1], ['usage', 2]]);
});
