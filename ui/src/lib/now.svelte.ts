/** The time, as the page shows it: one clock for all, so that nothing on a screen contradicts itself. */
class Now {
  /** Moves each second: for countdowns. */
  second = $state(Date.now());
  /** Moves each 15 seconds: for "3 minutes ago". */
  slow = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;

  start(): void {
    this.#timer ??= setInterval(() => this.tick(), 1000);
  }

  tick(): void {
    const now = Date.now();
    this.second = now;
    if (now - this.slow >= 15_000 || now < this.slow) this.slow = now;
  }

  /** Right after something happened, "just now" must not read "in 3 seconds". */
  catchUp(): void {
    this.second = this.slow = Date.now();
  }
}

export const now = new Now();
