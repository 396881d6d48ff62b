import { asError, ipc, type AppError, type Overview } from "./ipc";

/** What the Overview shows, from what is known: looking costs no request. */
class OverviewState {
  account = $state<string | null>(null);
  view = $state.raw<Overview | null>(null);
  /** The other accounts, by id: one line each. */
  others = $state.raw<ReadonlyMap<string, Overview>>(new Map());
  error = $state<AppError | null>(null);

  /** The figures as known now. */
  async look(account: string): Promise<void> {
    if (this.account !== account) {
      this.account = account;
      this.view = null;
      this.error = null;
    }
    await this.change(account, (id) => ipc.overview(id));
  }

  async lookAtOthers(accounts: readonly string[]): Promise<void> {
    const found = await Promise.all(accounts.map((id) => ipc.overview(id).catch(() => null)));
    this.others = new Map(found.filter((one) => one !== null).map((one) => [one.account, one]));
  }

  /** Runs what answers with the figures as they are then; whether it did. */
  async change(account: string, work: (account: string) => Promise<Overview>): Promise<boolean> {
    try {
      const view = await work(account);
      if (this.account === account) {
        this.view = view;
        this.error = null;
      }
      return true;
    } catch (thrown) {
      if (this.account === account) this.error = asError(thrown);
      return false;
    }
  }
}

export const overview = new OverviewState();
