import { app } from "../../lib/app.svelte";

/** The token that an integration is set up with; outlives the page, so that a token's menu can choose it. */
class Chosen {
  token = $state<string | null>(null);

  /** Opens the page for one token. */
  open(token: string): void {
    this.token = token;
    app.go("integration");
  }
}

export const chosen = new Chosen();
