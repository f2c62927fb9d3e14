/**
 * Reads one chunk of Markdown into the closed tree of tree.ts. Belongs here: the limits that keep hostile text cheap and
 * harmless, and the translation. Does not belong here: cutting (split.ts), growing replies (reader.ts), looks.
 */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { List, Nodes, PhrasingContent, RootContent, Table } from 'mdast';
import { imageHost, readLink } from './links';
import type { Block, Inline } from './tree';
import { showHidden } from './visible';

/** How deep quotes and lists may lie in each other. */
const DEPTH_LIMIT = 12;
/** A chunk longer than this is shown as it is. */
const CHUNK_LIMIT = 100_000;
/** More marks than this in one chunk are no writing: reading them costs the square of their number. */
const MARK_LIMIT = 3_000;
/** Marks of quotes and lists that open in one line. */
const DEEP_LINE = /^(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){20}/m;
const MARKS = /[*_~[\]!`<>&\\@]/g;

const extensions = [gfm()];
const mdastExtensions = [gfmFromMarkdown()];

/** The blocks of a chunk. `definitions` are the link definitions of the whole reply. Never throws. */
export function readMarkdown(source: string, definitions = ''): Block[] {
  if (source.length > CHUNK_LIMIT || DEEP_LINE.test(source) || (source.match(MARKS)?.length ?? 0) > MARK_LIMIT) {
    return [plain(source)];
  }
  try {
    const whole = definitions !== '' && source.includes('[') ? `${source}\n\n${definitions}` : source;
    const root = fromMarkdown(whole, { extensions, mdastExtensions });
    const targets = new Map<string, string>();
    for (const node of root.children) {
      if (node.type === 'definition' && !targets.has(node.identifier)) targets.set(node.identifier, node.url);
    }
    const own = root.children.filter((node) => (node.position?.start.offset ?? 0) < source.length);
    return new Reading(whole, targets).blocks(own, 0);
  } catch {
    return [plain(source)];
  }
}

/** Text as it is. */
export function plain(source: string): Block {
  return { type: 'plain', value: showHidden(source.replace(/\n+$/, '')) };
}

class Reading {
  constructor(
    private readonly source: string,
    private readonly targets: Map<string, string>,
  ) {}

  blocks(nodes: RootContent[], depth: number): Block[] {
    return nodes.flatMap((node) => this.block(node, depth));
  }

  private block(node: RootContent, depth: number): Block[] {
    switch (node.type) {
      case 'paragraph':
        return [{ type: 'paragraph', children: this.inlines(node.children, 0) }];
      case 'heading': {
        const level = Math.min(node.depth + 2, 6) as 3 | 4 | 5 | 6;
        return [{ type: 'heading', level, children: this.inlines(node.children, 0) }];
      }
      case 'code':
        return [{ type: 'code', language: node.lang ?? null, value: showHidden(node.value) }];
      case 'blockquote':
        if (depth >= DEPTH_LIMIT) return [plain(this.sourceOf(node))];
        return [{ type: 'quote', children: this.blocks(node.children, depth + 1) }];
      case 'list':
        if (depth >= DEPTH_LIMIT) return [plain(this.sourceOf(node))];
        return [this.list(node, depth)];
      case 'table':
        return [this.table(node)];
      case 'footnoteDefinition':
        if (depth >= DEPTH_LIMIT) return [plain(this.sourceOf(node))];
        return [{ type: 'note', label: showHidden(node.label ?? node.identifier), children: this.blocks(node.children, depth + 1) }];
      case 'thematicBreak':
        return [{ type: 'rule' }];
      case 'definition':
        return [];
      default:
        // Raw HTML above all: its words are shown, it is never interpreted.
        return [plain(this.sourceOf(node))];
    }
  }

  private list(node: List, depth: number): Block {
    return {
      type: 'list',
      ordered: node.ordered === true,
      start: node.start ?? 1,
      loose: node.spread === true || node.children.some((item) => item.spread === true),
      items: node.children.map((item) => ({ checked: item.checked ?? null, children: this.blocks(item.children, depth + 1) })),
    };
  }

  private table(node: Table): Block {
    const [head, ...rows] = node.children.map((row) => row.children.map((cell) => this.inlines(cell.children, 0)));
    return { type: 'table', align: node.align ?? [], head: head ?? [], rows };
  }

  private inlines(nodes: PhrasingContent[], depth: number): Inline[] {
    return nodes.map((node) => this.inline(node, depth));
  }

  private inline(node: PhrasingContent, depth: number): Inline {
    switch (node.type) {
      case 'text':
        return { type: 'text', value: showHidden(node.value) };
      case 'inlineCode':
        return { type: 'code', value: showHidden(node.value) };
      case 'break':
        return { type: 'break' };
      case 'emphasis':
      case 'strong':
      case 'delete':
        if (depth >= DEPTH_LIMIT) return this.asText(node);
        return { type: node.type, children: this.inlines(node.children, depth + 1) };
      case 'link':
        return this.link(node.url, this.inlines(node.children, depth + 1));
      case 'linkReference': {
        const target = this.targets.get(node.identifier);
        return target === undefined ? this.asText(node) : this.link(target, this.inlines(node.children, depth + 1));
      }
      case 'image':
        return { type: 'image', alt: showHidden(node.alt ?? ''), host: imageHost(node.url) };
      case 'imageReference': {
        const target = this.targets.get(node.identifier) ?? '';
        return { type: 'image', alt: showHidden(node.alt ?? ''), host: imageHost(target) };
      }
      case 'footnoteReference':
        return { type: 'note', label: showHidden(node.label ?? node.identifier) };
      default:
        return this.asText(node);
    }
  }

  private link(address: string, children: Inline[]): Inline {
    const link = readLink(address);
    return link.type === 'open' ? { type: 'link', url: link.url, host: link.host, children } : { type: 'refusedLink', target: link.target, children };
  }

  private asText(node: Nodes): Inline {
    return { type: 'text', value: showHidden(this.sourceOf(node)) };
  }

  private sourceOf(node: Nodes): string {
    return this.source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
  }
}
