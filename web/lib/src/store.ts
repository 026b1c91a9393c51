/** A state and who wants to know when it changes. */
export class Store<State extends object> {
  private readonly watchers: ((state: State) => void)[] = [];
  constructor(public state: State) {}

  update(changes: Partial<State>): void {
    this.state = { ...this.state, ...changes };
    for (const watcher of this.watchers) watcher(this.state);
  }

  /** Calls back now and whenever what `select` picks out has changed. */
  watch<T>(select: (state: State) => T, changed: (picked: T) => void): void {
    let last: string | undefined;
    const look = (state: State) => {
      const picked = select(state);
      const text = JSON.stringify(picked) ?? '';
      if (text === last) return;
      last = text;
      changed(picked);
    };
    this.watchers.push(look);
    look(this.state);
  }
}
