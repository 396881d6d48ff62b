import { ipc, type OperationKind, type OperationView } from "./ipc";

const OF_USERS: readonly OperationKind[] = ["grant_api", "revoke_api", "inventory", "delete_user_tokens", "cut_off", "create_user", "invite_user"];

/** The area in which an operation is shown. */
export function areaOf(kind: OperationKind): "tokens" | "webhooks" | "users" | "connect" {
  if (kind.endsWith("_webhook")) return "webhooks";
  if (kind === "request_connect") return "connect";
  return OF_USERS.includes(kind) ? "users" : "tokens";
}

/** What is unfinished in the account that is shown. */
class Operations {
  account = $state<string | null>(null);
  all = $state<OperationView[]>([]);

  async open(account: string | null): Promise<void> {
    this.account = account;
    this.all = [];
    await this.look();
  }

  async look(): Promise<void> {
    const account = this.account;
    if (account === null) return;
    try {
      const all = await ipc.operationsList(account);
      if (this.account === account) this.all = all;
    } catch {
      // The token list's own error is shown; unfinished operations come back with the next look.
    }
  }

  /** Takes one that a command returned. */
  take(operation: OperationView): void {
    if (operation.account !== this.account) return;
    const ended = operation.state === "done" || operation.state === "abandoned";
    const others = this.all.filter((known) => known.id !== operation.id);
    this.all = ended ? others : [...others, operation].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  }

  drop(id: string): void {
    this.all = this.all.filter((known) => known.id !== id);
  }

  find(id: string): OperationView | null {
    return this.all.find((known) => known.id === id) ?? null;
  }
}

export const operations = new Operations();
