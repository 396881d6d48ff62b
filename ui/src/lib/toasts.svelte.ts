export type Toast = { id: number; text: string; tone: "neutral" | "ok" | "warn" };

const STAYS_MS = 6000;

/** Short words that nobody has to answer. What must be answered is a banner or a dialog. */
class Toasts {
  shown = $state<Toast[]>([]);
  /** The last state change, for screen readers. */
  said = $state("");
  #last = 0;

  show(text: string, tone: Toast["tone"] = "neutral"): void {
    const id = ++this.#last;
    this.shown = [...this.shown.slice(-2), { id, text, tone }];
    this.say(text);
    setTimeout(() => this.close(id), STAYS_MS);
  }

  say(text: string): void {
    // The same words twice are two events: a changed node is what screen readers hear.
    this.said = this.said === text ? `${text} ` : text;
  }

  close(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
