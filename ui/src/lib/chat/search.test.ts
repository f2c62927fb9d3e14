import { describe, expect, it } from 'vitest';
import { rangesOf } from './marks';
import { findHits, newestHit, stepHit } from './search';

const turn = (id: string, message: string, reply: string, open = false) => ({ id, message, reply, open });

describe('searching a conversation', () => {
  const turns = [turn('1', 'Which bookings?', 'Two **boat hires** are open.'), turn('2', 'Boat hires again', 'None.'), turn('3', 'x', 'boat', true)];

  it('finds each side that holds the text, without regard to case', () => {
    expect(findHits(turns, 'BOAT')).toEqual([{ id: '1', side: 'reply' }, { id: '2', side: 'message' }]);
  });
  it('finds words across signs that nobody sees', () => {
    expect(findHits(turns, 'boat hires are')).toEqual([{ id: '1', side: 'reply' }]);
  });
  it('leaves out a reply that still grows, and finds nothing for nothing', () => {
    expect(findHits(turns, 'boat').some((hit) => hit.id === '3')).toBe(false);
    expect(findHits(turns, '  ')).toEqual([]);
  });
  it('begins with the newest and goes round', () => {
    const hits = findHits(turns, 'boat');
    expect(newestHit(hits)).toBe(1);
    expect([stepHit(1, 1, 2), stepHit(0, -1, 2), stepHit(0, -1, 0)]).toEqual([0, 1, 0]);
    expect(newestHit([])).toBe(0);
  });
});

describe('marking words in the page', () => {
  const element = (html: string) => {
    const root = document.createElement('div');
    root.innerHTML = html;
    return root;
  };
  const words = (html: string, query: string) => rangesOf(element(html), query).map((range) => range.toString());

  it('finds each place, also across elements', () => {
    expect(words('<p>a boat and a Boat</p>', 'boat')).toEqual(['boat', 'Boat']);
    expect(words('<p>two <b>bo</b>at <i>hi</i>res</p>', 'boat hires')).toEqual(['boat hires']);
  });
  it('finds every place once, wherever the borders lie', () => {
    for (let cut = 1; cut < 8; cut += 1) {
      const text = 'needle needle';
      expect(words(`<span>${text.slice(0, cut)}</span><span>${text.slice(cut)}</span>`, 'needle')).toEqual(['needle', 'needle']);
    }
  });
  it('marks nothing rather than something else where letters change their length', () => {
    expect(words('<p>İstanbul boat</p>', 'boat')).toEqual([]);
  });
  it('stops where there are too many', () => {
    expect(words(`<p>${'a'.repeat(5_000)}</p>`, 'a')).toHaveLength(500);
  });
});
