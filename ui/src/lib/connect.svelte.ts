import { ipc, type ConnectView } from "./ipc";
import { Known } from "./known.svelte";

/** How the account that is shown stands with PlanRadar Connect. */
class Connect extends Known<ConnectView> {
  protected remembered = (account: string) => ipc.connectView(account);
  /** Because the person wants to know now. */
  protected asked = (account: string) => ipc.connectRefresh(account, true);

  open(account: string | null): void {
    if (this.account !== account) this.forget(account);
  }

  /** The area is opened: what is known at once; Rust asks only when it is time. */
  async enter(): Promise<void> {
    if (this.account === null || this.refreshing) return;
    await this.entering(async () => {
      await this.look();
      if (!this.refreshing) await this.ask((account) => ipc.connectRefresh(account, false));
    });
  }
}

export const connect = new Connect();
