import type { Due } from './command.ts';

const nameOf = ({ at, order, job, subject }: Due): string => `${at} ${order} ${job} ${subject}`;

/** What becomes of the schedule when rows come and go one after another: the last word on each row counts. */
export class Agenda {
  readonly #rows = new Map<string, { readonly row: Due; readonly isAdded: boolean }>();

  add(row: Due): void {
    this.#rows.set(nameOf(row), { row, isAdded: true });
  }

  remove(row: Due): void {
    this.#rows.set(nameOf(row), { row, isAdded: false });
  }

  get added(): readonly Due[] {
    return this.#all(true);
  }

  get removed(): readonly Due[] {
    return this.#all(false);
  }

  #all(isAdded: boolean): readonly Due[] {
    return [...this.#rows.values()].filter((one) => one.isAdded === isAdded).map(({ row }) => row);
  }
}
