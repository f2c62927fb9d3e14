import { expect, it } from 'vitest';
import { startAddress } from './start';

it('a start leads to the last view', () => expect(startAddress('/instances/abc/chat?x=1')).toBe('/instances/abc/chat?x=1'));
it('a start without a last view leads to the fleet', () => expect(startAddress(null)).toBe('/instances'));
it.each(['https://evil.example', '//evil.example', '/welcome', '/instancesx', 'javascript:x', ''])('%s is no view to start from', (address) => expect(startAddress(address)).toBe('/instances'));
