import type { ConnectState } from "./ipc";
import { m } from "./paraglide/messages";

/** Where a request is, in a word or two. */
export function stateText(state: ConnectState): string {
  switch (state.kind) {
    case "not_requested":
      return m.connect_not_requested();
    case "requested":
      return m.connect_requested();
    case "in_review":
      return m.connect_in_review();
    case "granted":
      return m.connect_granted();
    case "declined":
      return m.connect_declined();
    case "other":
      return state.word;
  }
}
