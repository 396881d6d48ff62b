import { ipc, type LimitView } from "./ipc";

const LOOK_EVERY_MS = 2000;
/** While nothing is taken: another program on this computer may begin. */
const LOOK_IDLE_MS = 10_000;
const WINDOW_S = 60;

/** The request limit of the account that is shown. Looking costs no request. */
class Limit {
  account = $state<string | null>(null);
  status = $state<LimitView | null>(null);
  /** When `status` came: its figures count from here. */
  at = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  async open(account: string | null): Promise<void> {
    this.account = account;
    this.status = null;
    await this.look();
  }

  take(status: LimitView): void {
    this.status = status;
    this.at = Date.now();
    // While something is taken or paused the figures move by themselves.
    clearTimeout(this.#timer);
    const moves = status.used > 0 || status.pausedForMs !== null;
    this.#timer = setTimeout(() => void this.look(), moves ? LOOK_EVERY_MS : LOOK_IDLE_MS);
  }

  async look(): Promise<void> {
    const account = this.account;
    if (account === null) return;
    try {
      const status = await ipc.limitStatus(account);
      if (this.account === account) this.take(status);
    } catch {
      if (this.account === account) this.status = null;
    }
  }

  /** What is left of the next slot's wait. */
  nextInMs(now: number): number | null {
    const next = this.status?.nextFreeInMs ?? null;
    return next === null ? null : Math.max(next - Math.max(now - this.at, 0), 0);
  }

  /** How long until so many further requests are sent: an estimate, as others use the account too. */
  secondsFor(requests: number, now: number): number {
    const status = this.status;
    if (!status) return 0;
    const paused = (this.pausedMs(now) ?? 0) / 1000;
    const over = requests + status.waiting - status.free;
    if (over <= 0) return paused;
    return paused + Math.max((this.nextInMs(now) ?? WINDOW_S * 1000) / 1000, (over / status.share) * WINDOW_S);
  }

  /** What is left of the cooldown. */
  pausedMs(now: number): number | null {
    const paused = this.status?.pausedForMs ?? null;
    return paused === null ? null : Math.max(paused - Math.max(now - this.at, 0), 0);
  }
}

export const limit = new Limit();
