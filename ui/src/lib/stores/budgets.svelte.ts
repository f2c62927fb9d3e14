/**
 * The monthly budgets of the open profile. Belongs here: reading and setting them, and noticing once when one reaches a
 * higher level while the app is open. They warn; they stop nothing. Words are in lib/usage/budgetWords.ts.
 * It outlives every screen, so what follows from its state is a getter: a `$derived` ends with the screen that made it.
 */
import type { Budget, Failure } from '$lib/ipc/bindings';
import { getIpc } from '$lib/ipc/context';
import type { Ipc } from '$lib/ipc/ipc';
import { toast } from '$lib/parts/toast';
import { asFailure } from '$lib/text/failure';
import { crossings, crossingText, FLEET, rank, type Crossing } from '$lib/usage/budgetWords';
import { showHidden } from '$lib/markdown/visible';
import { m } from '$lib/paraglide/messages';
import { whenProfileChanges } from './chat.svelte';

type BudgetsIpc = Pick<Ipc, 'listBudgets' | 'setBudget' | 'getInstance' | 'getSession' | 'onEvent'>;

export type BudgetAlarm = 'bad' | 'warn' | null;

export class Budgets {
  /** Null until they were read. */
  list = $state.raw<readonly Budget[] | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What instances with a budget are called, as far as is known. */
  names = $state.raw<ReadonlyMap<string, string>>(new Map());

  /** How many budgets are at 80 % or more, or burn chronically. */
  get pressing(): readonly Budget[] {
    return (this.list ?? []).filter((budget) => rank(budget.level) >= rank('most') || budget.chronic);
  }
  /** For a mark beside the way to the usage: the worst of them. */
  get alarm(): BudgetAlarm {
    const { pressing } = this;
    return pressing.some(({ level }) => level === 'over') ? 'bad' : pressing.length > 0 ? 'warn' : null;
  }

  readonly #ipc: BudgetsIpc;
  readonly #tell: (crossing: Crossing, name: string) => void;
  #asked = 0;

  constructor(ipc: BudgetsIpc, tell: (crossing: Crossing, name: string) => void) {
    this.#ipc = ipc;
    this.#tell = tell;
    whenProfileChanges(ipc, () => this.#startOver());
    ipc.onEvent((event) => {
      if (event.type === 'fleetUsageChanged' && event.run === null) void this.load();
    });
  }

  of(scope: string): Budget | null {
    return this.list?.find((budget) => budget.scope === scope) ?? null;
  }

  /** Looks how they stand. An answer that was overtaken is dropped. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const list = await this.#ipc.listBudgets();
      if (asked === this.#asked) await this.#take(list);
    } catch (thrown) {
      if (asked === this.#asked) this.failure = asFailure(thrown);
    }
  }

  /** Sets one, or removes it with null. Null when it is done, otherwise why not. */
  async set(scope: string, monthlyUsd: string | null): Promise<Failure | null> {
    const asked = ++this.#asked;
    try {
      const list = await this.#ipc.setBudget(scope, monthlyUsd);
      if (asked === this.#asked) await this.#take(list);
      return null;
    } catch (thrown) {
      return asFailure(thrown);
    }
  }

  /** The first look tells nothing: what was crossed before the app was opened is on the screens. */
  async #take(list: readonly Budget[]): Promise<void> {
    const news = this.list === null ? [] : crossings(this.list, list);
    this.list = list;
    this.failure = null;
    await this.#name(list);
    for (const crossing of news) this.#tell(crossing, this.nameOf(crossing.scope));
  }

  nameOf(scope: string): string {
    return scope === FLEET ? m.usage_budget_fleet() : (this.names.get(scope) ?? scope);
  }

  async #name(list: readonly Budget[]): Promise<void> {
    const unknown = list.map(({ scope }) => scope).filter((scope) => scope !== FLEET && !this.names.has(scope));
    if (unknown.length === 0) return;
    const found = await Promise.all(unknown.map(async (id) => {
      const view = await this.#ipc.getInstance(id).catch(() => null);
      const known = view?.detail?.value ?? view?.summary ?? null;
      return [id, showHidden(known?.agent_name?.trim() || known?.hostname?.trim() || '')] as const;
    }));
    this.names = new Map([...this.names, ...found.filter(([, name]) => name !== '')]);
  }

  #startOver(): void {
    this.#asked += 1;
    this.list = null;
    this.failure = null;
    this.names = new Map();
    void this.load();
  }
}

function tell(crossing: Crossing, name: string): void {
  const { title, detail } = crossingText(crossing, name);
  const show = crossing.level === 'over' ? toast.bad : toast.warn;
  show(title, { detail, id: `budget-${crossing.scope}` });
}

const known = new WeakMap<Ipc, Budgets>();

/** The budgets of the door in context; one for all screens, so that nothing is told twice. */
export function useBudgets(ipc: Ipc = getIpc()): Budgets {
  const budgets = known.get(ipc) ?? new Budgets(ipc, tell);
  known.set(ipc, budgets);
  return budgets;
}
