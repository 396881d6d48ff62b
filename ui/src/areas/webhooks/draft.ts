import type { HeaderForm, HeaderInput, HiddenState, ProjectRef, ValueInput, WebhookForm, WebhookInput } from "../../lib/ipc";
import { credentialsIn, movesAway, originOf } from "./target";

/** Where a hidden value comes from: it stays at PlanRadar, is sent again from the keychain, or is typed. */
export type Source = "keep" | "kept" | "typed";

/** A value that PlanRadar hides: the typed text lives here only, and only until it is saved. */
export type HiddenDraft = {
  source: Source;
  text: string;
  stored: HiddenState;
  /** The new destination to which the person sends the value that is kept here. */
  agreedFor: string | null;
};

export type HeaderDraft = HiddenDraft & {
  /** Names the row while it moves. */
  key: number;
  name: string;
  hidden: boolean;
  /** The name under which a value is stored; null for a new row. */
  storedName: string | null;
  /** Hidden at PlanRadar: only a new value makes it visible again. */
  wasHidden: boolean;
};

/** What the editor shows and changes. */
export type Draft = {
  id: string | null;
  base: string | null;
  copyOf: string | null;
  description: string;
  active: boolean;
  targetUrl: string;
  allProjects: boolean;
  /** Remembered also while all are taken, so that a look around costs nothing. */
  projects: ProjectRef[];
  events: string[];
  authentication: "none" | "basic" | "other";
  username: string;
  password: HiddenDraft;
  headers: HeaderDraft[];
  keepValues: boolean;
};

const UNSET: HiddenState = { set: false, setHereAt: null, keptHere: false };
let lastKey = 0;

/** Where a stored value comes from unless somebody says otherwise. */
export function firstSource(stored: HiddenState): Source {
  if (stored.set) return "keep";
  return stored.keptHere ? "kept" : "typed";
}

export function newHeader(name = "", text = ""): HeaderDraft {
  return { key: ++lastKey, name, hidden: false, text, source: "typed", stored: { ...UNSET }, agreedFor: null, storedName: null, wasHidden: false };
}

function headerDraft(form: HeaderForm): HeaderDraft {
  return { key: ++lastKey, name: form.name, hidden: form.hidden, text: form.value ?? "", source: form.hidden ? firstSource(form.stored) : "typed", stored: { ...form.stored }, agreedFor: null, storedName: form.hidden ? form.name : null, wasHidden: form.hidden };
}

export function draftOf(form: WebhookForm, copyOf: string | null = null): Draft {
  const basic = form.authentication.kind === "basic" ? form.authentication : null;
  const stored = { ...(basic?.password ?? UNSET) };
  return {
    id: form.id,
    base: form.base,
    copyOf,
    description: form.description,
    active: form.active,
    targetUrl: form.targetUrl,
    allProjects: form.projects === null,
    projects: [...(form.projects ?? [])],
    events: [...form.events],
    authentication: form.authentication.kind,
    username: basic?.username ?? "",
    password: { source: firstSource(stored), text: "", stored, agreedFor: null },
    headers: form.headers.map(headerDraft),
    keepValues: form.keepValues,
  };
}

/** The new origin when what is stored belongs to another one; null = the destination stays. */
export function destination(draft: Draft, first: Draft): string | null {
  return movesAway(first.targetUrl, draft.targetUrl) ? originOf(draft.targetUrl) : null;
}

/** A stored value belongs to its name: under another name it is another header, whose value must be typed. */
export function renamed(header: HeaderDraft): boolean {
  return header.storedName !== null && header.storedName.toLowerCase() !== header.name.trim().toLowerCase();
}

/** Where a value comes from now: nothing stored follows to a new destination, unless that is agreed to for it. */
export function sourceOf(value: HiddenDraft, to: string | null): Source {
  if (value.source === "typed" || to === null) return value.source;
  return value.stored.keptHere && value.agreedFor === to ? "kept" : "typed";
}

/** The same for a header: hidden, and under its stored name. */
export function headerSource(header: HeaderDraft, to: string | null): Source {
  return header.hidden && !renamed(header) ? sourceOf(header, to) : "typed";
}

function valueInput(value: HiddenDraft, source: Source): ValueInput {
  if (source !== "typed") return { kind: source };
  // Nothing entered in its place yet: Rust then says why the stored one can't stay.
  if (value.source === "keep" && value.text === "") return { kind: "keep" };
  return { kind: "replace", value: value.text };
}

export function inputOf(draft: Draft, first: Draft): WebhookInput {
  const to = destination(draft, first);
  return {
    id: draft.id,
    base: draft.base,
    copyOf: draft.copyOf,
    description: draft.description,
    active: draft.active,
    targetUrl: draft.targetUrl,
    projectIds: draft.allProjects ? null : draft.projects.map(({ id }) => id),
    events: [...draft.events],
    authentication: draft.authentication === "basic" ? { kind: "basic", username: draft.username, password: valueInput(draft.password, sourceOf(draft.password, to)) } : { kind: draft.authentication },
    headers: draft.headers.map((header): HeaderInput => ({ name: header.name, hidden: header.hidden, value: header.hidden ? valueInput(header, headerSource(header, to)) : { kind: "replace", value: header.text } })),
    keepValues: draft.keepValues,
  };
}

/** What tells two drafts apart. A typed hidden value only counts as typed: its text is not spelt out once more. */
function essence(draft: Draft): string {
  const hidden = (value: HiddenDraft) => (value.source === "typed" ? ["typed", value.text.length] : [value.source]);
  return JSON.stringify([
    [draft.description, draft.active, draft.targetUrl, draft.keepValues],
    draft.allProjects ? null : draft.projects.map(({ id }) => id).sort(),
    [...draft.events].sort(),
    draft.authentication === "basic" ? [draft.username, hidden(draft.password)] : draft.authentication,
    draft.headers.map((header) => [header.name, header.hidden, header.hidden ? hidden({ ...header, source: headerSource(header, null) }) : header.text]),
  ]);
}

export function isChanged(draft: Draft, first: Draft): boolean {
  return essence(draft) !== essence(first);
}

function withoutCredentials(url: string): string {
  return url.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
}

/** A copy that may be kept for later: nothing in it that PlanRadar would hide. */
export function withoutSecrets(draft: Draft): Draft {
  return {
    ...draft,
    targetUrl: withoutCredentials(draft.targetUrl),
    projects: [...draft.projects],
    events: [...draft.events],
    password: { ...draft.password, text: "" },
    headers: draft.headers.map((header) => ({ ...header, text: header.hidden || header.wasHidden ? "" : header.text })),
  };
}

/** Whether something typed went with the secrets, so that it can be said. */
export function losesSecrets(draft: Draft): boolean {
  return (
    (draft.authentication === "basic" && draft.password.source === "typed" && draft.password.text !== "") ||
    draft.headers.some((header) => header.text !== "" && (header.hidden || header.wasHidden)) ||
    withoutCredentials(draft.targetUrl) !== draft.targetUrl
  );
}

/** Not yet at PlanRadar: a new one, or one that was set up by hand and is only remembered here. */
export function isNew(draft: Draft): boolean {
  return draft.id === null || draft.id.startsWith("hand-");
}

/** Moves user name and password out of the target URL to where they belong; false when there are none. */
export function credentialsToBasic(draft: Draft): boolean {
  const parted = credentialsIn(draft.targetUrl);
  if (!parted) return false;
  draft.targetUrl = parted.url;
  draft.authentication = "basic";
  draft.username = parted.username;
  Object.assign(draft.password, { source: "typed", text: parted.password });
  return true;
}

/** Takes one row up or down; the index it then has. */
export function moved<T>(rows: readonly T[], index: number, by: -1 | 1): T[] {
  const to = index + by;
  if (to < 0 || to >= rows.length) return [...rows];
  const next = [...rows];
  const [row] = next.splice(index, 1);
  if (row !== undefined) next.splice(to, 0, row);
  return next;
}
