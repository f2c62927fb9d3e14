/**
 * A JSON value as rows. Belongs here: which rows there are when some are open, where a text is found, and a row's path.
 * Nodes are made when they are first seen, so that opening a large document costs nothing. Does not belong here: drawing.
 */
export interface TreeNode {
  id: number;
  /** The key or position in its parent; null for the whole. */
  key: string | number | null;
  value: unknown;
  parent: TreeNode | null;
  /** 1 for the whole. */
  level: number;
  /** Position among its siblings, from 0, and how many there are. */
  index: number;
  siblings: number;
  children?: TreeNode[];
}

export const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null;
export const sizeOf = (value: object): number => (Array.isArray(value) ? value.length : Object.keys(value).length);

/** What is written for a value that has nothing below it. */
export const leafText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

const PLAIN = /^[A-Za-z_$][\w$-]*$/;

/** `agents.list[0]["odd key"]`. */
export function pathOf(node: TreeNode): string {
  const keys: (string | number)[] = [];
  for (let at: TreeNode | null = node; at && at.key !== null; at = at.parent) keys.unshift(at.key);
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    if (!PLAIN.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path ? `${path}.${key}` : key;
  }, '');
}

export class Tree {
  readonly root: TreeNode;
  #next = 0;
  /** What the person opened, and what a search opens for as long as it lasts. */
  #open = new Set<TreeNode>();
  #revealed = new Set<TreeNode>();

  /** A newer value of the same document keeps open what was open in the `earlier` one. */
  constructor(value: unknown, expandTo: number, earlier?: Tree) {
    this.root = this.#node(null, value, null, 0, 1);
    if (earlier) this.#openLike(this.root, earlier.root, earlier);
    else this.#openTo(this.root, expandTo);
  }

  #node(key: string | number | null, value: unknown, parent: TreeNode | null, index: number, siblings: number): TreeNode {
    return { id: this.#next++, key, value, parent, level: (parent?.level ?? 0) + 1, index, siblings };
  }

  #openTo(node: TreeNode, levels: number): void {
    if (levels <= 0 || !isBranch(node.value)) return;
    this.#open.add(node);
    if (levels > 1) for (const child of this.children(node)) this.#openTo(child, levels - 1);
  }

  #openLike(node: TreeNode, before: TreeNode, earlier: Tree): void {
    if (!earlier.#open.has(before) || !isBranch(node.value)) return;
    this.#open.add(node);
    const now = new Map(this.children(node).map((child) => [child.key, child]));
    for (const old of before.children ?? []) {
      const child = now.get(old.key);
      if (child) this.#openLike(child, old, earlier);
    }
  }

  /** This tree's node at the place of another tree's. */
  same(node: TreeNode): TreeNode | undefined {
    if (!node.parent) return this.root;
    const parent = this.same(node.parent);
    return parent && this.children(parent).find((child) => child.key === node.key);
  }

  children(node: TreeNode): TreeNode[] {
    if (!isBranch(node.value)) return [];
    if (!node.children) {
      const entries: [string | number, unknown][] = Array.isArray(node.value) ? node.value.map((value, index) => [index, value]) : Object.entries(node.value);
      node.children = entries.map(([key, value], index) => this.#node(key, value, node, index, entries.length));
    }
    return node.children;
  }

  isOpen = (node: TreeNode): boolean => this.#open.has(node) || this.#revealed.has(node);

  setOpen(node: TreeNode, open: boolean): void {
    if (open && isBranch(node.value)) this.#open.add(node);
    else {
      this.#open.delete(node);
      this.#revealed.delete(node);
    }
  }

  /** The rows on show, in order. */
  rows(): TreeNode[] {
    const rows: TreeNode[] = [];
    const stack = [this.root];
    for (let node = stack.pop(); node; node = stack.pop()) {
      rows.push(node);
      if (!this.isOpen(node)) continue;
      const children = this.children(node);
      for (let i = children.length - 1; i >= 0; i -= 1) {
        const child = children[i];
        if (child) stack.push(child);
      }
    }
    return rows;
  }

  /** The nodes whose key or value holds the text, in order; what leads to them is open until the next search. */
  search(text: string): TreeNode[] {
    this.#revealed = new Set();
    const wanted = text.trim().toLowerCase();
    if (!wanted) return [];
    const found: TreeNode[] = [];
    const stack = [this.root];
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (holds(node, wanted)) {
        found.push(node);
        for (let above = node.parent; above && !this.#revealed.has(above); above = above.parent) this.#revealed.add(above);
      }
      const children = this.children(node);
      for (let i = children.length - 1; i >= 0; i -= 1) {
        const child = children[i];
        if (child) stack.push(child);
      }
    }
    return found;
  }

  /** Opens all that leads to a node. */
  reveal(node: TreeNode): void {
    for (let above = node.parent; above; above = above.parent) this.#open.add(above);
  }
}

function holds(node: TreeNode, wanted: string): boolean {
  if (typeof node.key === 'string' && node.key.toLowerCase().includes(wanted)) return true;
  return !isBranch(node.value) && leafText(node.value).toLowerCase().includes(wanted);
}
