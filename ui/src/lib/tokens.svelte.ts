import { ipc, type TokenRow, type TokensView } from "./ipc";
import { Known } from "./known.svelte";

/** The token list of the account that is shown. */
class Tokens extends Known<TokensView> {
  protected remembered = (account: string) => ipc.tokensView(account);
  protected asked = (account: string) => ipc.tokensRefresh(account);

  async open(account: string | null): Promise<void> {
    // Adding an account is told twice: by its answer and by a notice.
    if (this.account === account && this.refreshing) return;
    this.forget(account);
    if (account === null) return;
    await this.entering(async () => {
      await this.look();
      await this.refresh();
    });
  }

  async checkAgain(): Promise<void> {
    await this.ask((account) => ipc.capabilitiesCheckAgain(account));
  }

  row(id: string): TokenRow | null {
    return this.view?.rows.find((row) => row.id === id) ?? null;
  }
}

export const tokens = new Tokens();
