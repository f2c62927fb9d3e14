/** A reply as it is read, without the signs of Markdown. Pure. */
import { readMarkdown } from '$lib/markdown/read';
import type { Block, Inline } from '$lib/markdown/tree';

export function plainOf(markdown: string): string {
  return blocksOf(readMarkdown(markdown)).trim();
}

const blocksOf = (blocks: readonly Block[]): string => blocks.map(blockOf).filter((text) => text !== '').join('\n\n');

function blockOf(block: Block): string {
  switch (block.type) {
    case 'paragraph': case 'heading': return inlinesOf(block.children);
    case 'code': case 'plain': return block.value;
    case 'list': return block.items.map((item, at) => {
      const sign = item.checked === null ? (block.ordered ? `${block.start + at}.` : '-') : item.checked ? '[x]' : '[ ]';
      return `${sign} ${blocksOf(item.children).replace(/\n+/g, '\n  ')}`;
    }).join('\n');
    case 'table': return [block.head, ...block.rows].map((row) => row.map(inlinesOf).join('\t')).join('\n');
    case 'quote': return blocksOf(block.children);
    case 'note': return `${block.label}: ${blocksOf(block.children)}`;
    case 'rule': return '';
  }
}

const inlinesOf = (nodes: readonly Inline[]): string => nodes.map(inlineOf).join('');

function inlineOf(node: Inline): string {
  switch (node.type) {
    case 'text': case 'code': return node.value;
    case 'break': return '\n';
    case 'image': return node.alt;
    case 'note': return `[${node.label}]`;
    case 'link': {
      const words = inlinesOf(node.children);
      return words === node.url || `https://${words}` === node.url || node.url.startsWith('mailto:') ? words : `${words} (${node.url})`;
    }
    default: return inlinesOf(node.children);
  }
}
