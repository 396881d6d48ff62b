// Webhooks of the fake door: enough of Rust's rules that each state of the editor can be looked at.
import type { AppError, DeliveryRow, EventChoice, FieldProblem, HiddenChange, ProjectRef, WebhookForm, WebhookInput, WebhookPick, WebhookRow, WebhooksView } from "../src/lib/ipc";
import { failure } from "./fake-scenes";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

const GROUPS: [string, [string, string][]][] = [
  ["Tickets", [["ticket_created", "Ticket created"], ["ticket_updated", "Ticket updated"], ["ticket_status_changed", "Ticket status changed"], ["ticket_assigned", "Ticket assigned"], ["ticket_deleted", "Ticket deleted"]]],
  ["Comments", [["comment_added", "Comment added"]]],
  ["Attachments", [["photo_attached", "Photo attached"], ["document_attached", "Document attached"], ["audio_attached", "Voice memo attached"], ["video_attached", "Video attached"], ["attachment_deleted", "Attachment deleted"]]],
  ["Projects", [["project_created", "Project created"], ["project_updated", "Project updated"], ["project_archived", "Project archived"]]],
  ["Plans", [["plan_uploaded", "Plan uploaded"], ["plan_replaced", "Plan replaced by a new version"], ["plan_deleted", "Plan deleted"]]],
];
const EVENTS: EventChoice[] = GROUPS.flatMap(([group, events]) => events.map(([name, title]) => ({ name, title, group, example: null })));

const NAMES = ["Hafenstraße Nord", "Schulzentrum West", "Wohnpark Lindenhof", "Klinikum Haus C", "Parkhaus Am Wall", "Brücke B7"];
const PROJECTS: ProjectRef[] = Array.from({ length: 260 }, (_, index) => ({ id: `p${index + 1}`, name: NAMES[index] ?? `Baustelle ${String(index + 1).padStart(3, "0")}` }));

const SET = { set: true, setHereAt: ago(96 * DAY), keptHere: false };
const KEPT = { set: true, setHereAt: ago(12 * DAY), keptHere: true };
const FOREIGN = { set: true, setHereAt: null, keptHere: false };
const NOT = { set: false, setHereAt: null, keptHere: false };

type Stored = WebhookForm & { id: string; byHand: boolean; changed: string | null };
const project = (index: number): ProjectRef => PROJECTS[index] ?? { id: "gone", name: null };

function demo(): Stored[] {
  return [
    { id: "w1", base: "b1", description: "Mängel an SAP", active: true, targetUrl: "https://sap.nordbau.example/planradar/tickets", projects: null, events: ["ticket_created", "ticket_updated", "ticket_status_changed"], authentication: { kind: "basic", username: "planradar", password: SET }, headers: [], keepValues: false, byHand: false, changed: ago(96 * DAY) },
    { id: "w2", base: "b2", description: "Fotos ins Bautagebuch", active: true, targetUrl: "https://bautagebuch.nordbau.example/hooks/planradar", projects: [project(0), project(1)], events: ["photo_attached", "document_attached", "comment_added", "sensor_alarm"], authentication: { kind: "none" }, headers: [{ name: "X-Source", hidden: false, value: "planradar-demo", stored: NOT }, { name: "X-Api-Key", hidden: true, value: null, stored: KEPT }, { name: "X-Tenant-Token", hidden: true, value: null, stored: FOREIGN }], keepValues: true, byHand: false, changed: ago(12 * DAY) },
    { id: "w3", base: "b3", description: "Meldungen an das alte Leitstandsystem der Bauüberwachung", active: true, targetUrl: "http://leitstand.nordbau.example:8080/in?token=•••", projects: [project(3)], events: ["ticket_created"], authentication: { kind: "none" }, headers: [{ name: "X-Site", hidden: false, value: "C", stored: NOT }], keepValues: false, byHand: false, changed: ago(3 * DAY) },
    { id: "w4", base: "b4", description: "Test Müller", active: false, targetUrl: "https://xn--mller-kva.example/hook", projects: null, events: ["plan_uploaded", "plan_replaced"], authentication: { kind: "none" }, headers: [], keepValues: false, byHand: false, changed: null },
  ];
}

function hostOf(url: string): string {
  const host = URL.parse(url)?.hostname ?? "";
  return host === "xn--mller-kva.example" ? "müller.example" : host;
}

function rowOf(form: Stored): WebhookRow {
  return {
    id: form.id,
    description: form.description,
    target: form.targetUrl,
    host: hostOf(form.targetUrl),
    querySecret: form.targetUrl.includes("token="), plainHttp: form.targetUrl.startsWith("http:"),
    events: form.events,
    projects: form.projects,
    authentication: form.authentication.kind,
    headers: form.headers.length,
    hiddenHeaders: form.headers.filter(({ hidden }) => hidden).length,
    active: form.active,
    createdOn: ago(400 * DAY),
    updatedOn: form.changed,
    byHand: form.byHand,
    base: form.base ?? "",
  };
}

const query = new URLSearchParams(location.search);
const scene = query.get("webhooks") ?? "";
let list: Stored[] = demo();
let state: WebhooksView["state"] = { kind: "offered" };
let conflict = scene === "conflict";
let asOf: string | null = ago(12 * MINUTE);
let viewError: AppError | null = null;

if (scene === "empty") list = [];
if (scene === "many") list = Array.from({ length: 150 }, (_, index): Stored => ({ ...(demo()[index % 4] as Stored), id: `m${index}`, base: `b${index}`, description: `Integration ${index + 1}`, changed: ago(index * DAY) }));
if (scene === "not-offered") {
  state = { kind: "not_offered", checkedAt: ago(MINUTE) };
  list = [{ ...(demo()[0] as Stored), id: "hand-1", byHand: true, changed: null }];
}
if (scene === "refused") {
  state = { kind: "refused", reason: "account_holder_only", checkedAt: ago(MINUTE) };
  list = [];
}
if (scene === "failed") {
  state = { kind: "unknown" };
  asOf = null;
  list = [];
  viewError = failure("offline");
}
if (scene === "offline") viewError = failure("offline");
if (scene === "slow") {
  state = { kind: "unknown" };
  asOf = null;
  list = [];
}

const view = (account: string): WebhooksView => ({ account, state, rows: list.map(rowOf), asOf, error: viewError });

function find(id: unknown): Stored {
  const found = list.find((form) => form.id === id);
  if (!found) throw failure("gone");
  return found;
}

function problemsOf(input: WebhookInput, moved: boolean): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const add = (field: string, code: FieldProblem["code"]) => problems.push({ field, code, message: `Said by the fake for ${code}.` });
  if (input.description.trim() === "") add("description", "empty");
  if (input.targetUrl.trim() === "") add("target_url", "empty");
  else if (!/^https?:\/\/[^@]+$/.test(input.targetUrl)) add("target_url", input.targetUrl.includes("@") ? "url_credentials" : "not_a_url");
  if (input.events.length === 0) add("events", "nothing_chosen");
  if (input.projectIds?.length === 0) add("projects", "nothing_chosen");
  const value = (field: string, given: WebhookInput["headers"][number]["value"]) => {
    if (given.kind === "keep" && moved) add(field, "enter_again");
    if (given.kind !== "replace") return;
    if (given.value === "") add(field, moved ? "enter_again" : "empty");
    else if (/^[*•.]+$/.test(given.value)) add(field, "masked");
    else if (given.value !== given.value.trim()) add(field, "outer_space");
  };
  if (input.authentication.kind === "basic") {
    if (input.authentication.username === "") add("username", "empty");
    else if (input.authentication.username.includes(":")) add("username", "bad_characters");
    value("password", input.authentication.password);
  }
  input.headers.forEach((header, index) => {
    if (header.name === "") add(`headers/${index}/name`, "empty");
    else if (/^(host|content-length|content-type|user-agent)$/i.test(header.name)) add(`headers/${index}/name`, "reserved");
    else if (/[^!#$%&'*+\-.^_`|~0-9a-z]/i.test(header.name)) add(`headers/${index}/name`, "bad_characters");
    else if (input.headers.some((other, before) => before < index && other.name.toLowerCase() === header.name.toLowerCase())) add(`headers/${index}/name`, "duplicate");
    value(`headers/${index}/value`, header.value);
  });
  return problems;
}

const text = (hidden: boolean, value: string | null) => (hidden ? "(hidden)" : (value ?? ""));

function plan(input: WebhookInput) {
  const old = list.find((form) => form.id === input.id && !form.byHand) ?? null;
  const origin = (url: string) => URL.parse(url)?.origin ?? "";
  const moved = old !== null && origin(old.targetUrl) !== origin(input.targetUrl);
  const changes: { field: string; old: string | null; new: string | null }[] = [];
  const compare = (field: string, was: string | null, is: string | null) => was !== is && changes.push({ field, old: was, new: is });
  const hidden: HiddenChange[] = [];
  const fate = (name: string, value: WebhookInput["headers"][number]["value"]) => hidden.push({ name, what: value.kind === "replace" ? "replace" : value.kind === "kept" ? "from_keychain" : moved ? "enter_again" : "keep" });
  if (input.authentication.kind === "basic") fate(":password", input.authentication.password);
  else if (old?.authentication.kind === "basic") hidden.push({ name: ":password", what: "remove" });
  for (const header of input.headers) if (header.hidden) fate(header.name, header.value);
  if (old) {
    compare("description", old.description, input.description);
    compare("active", String(old.active), String(input.active));
    compare("target_url", old.targetUrl, input.targetUrl);
    compare("projects", old.projects?.map(({ id }) => id).sort().join(", ") ?? null, input.projectIds?.toSorted().join(", ") ?? null);
    compare("events", old.events.toSorted().join(", "), input.events.toSorted().join(", "));
    compare("username", old.authentication.kind === "basic" ? old.authentication.username : null, input.authentication.kind === "basic" ? input.authentication.username : null);
    for (const header of old.headers) {
      const next = input.headers.find(({ name }) => name === header.name);
      compare(`header ${header.name}`, text(header.hidden, header.value), next ? text(next.hidden, next.value.kind === "replace" ? next.value.value : null) : null);
      if (header.hidden && !next) hidden.push({ name: header.name, what: "remove" });
    }
    for (const header of input.headers) if (!old.headers.some(({ name }) => name === header.name)) compare(`header ${header.name}`, null, text(header.hidden, header.value.kind === "replace" ? header.value.value : null));
  }
  return {
    problems: problemsOf(input, moved),
    changes,
    hidden,
    destination: moved && old ? [origin(old.targetUrl), origin(input.targetUrl)] : null,
    plainHttp: input.targetUrl.startsWith("http:"),
    hostForms: input.targetUrl.includes("müller") ? ["müller.example", "xn--mller-kva.example"] : null,
    querySecrets: input.targetUrl.includes("token=") ? ["token"] : [],
    conflict: conflict && old && input.base === old.base ? { ...old, base: "elsewhere", description: "Fotos ins Bautagebuch (neu)", events: ["photo_attached", "document_attached"], active: false } : null,
  };
}

function save(input: WebhookInput): Stored {
  const id = input.id && !input.id.startsWith("hand-") ? input.id : `new${list.length}`;
  const kept = { set: true, setHereAt: ago(0), keptHere: input.keepValues };
  const old = list.find((form) => form.id === id);
  const stored: Stored = {
    id,
    base: `${id}-${Date.now()}`,
    description: input.description.trim(),
    active: input.active,
    targetUrl: input.targetUrl,
    projects: input.projectIds?.map((one) => PROJECTS.find((known) => known.id === one) ?? { id: one, name: null }) ?? null,
    events: input.events,
    authentication: input.authentication.kind === "basic" ? { kind: "basic", username: input.authentication.username, password: kept } : { kind: "none" },
    headers: input.headers.map((header) => ({ name: header.name, hidden: header.hidden, value: header.hidden || header.value.kind !== "replace" ? null : header.value.value, stored: !header.hidden ? NOT : header.value.kind === "replace" ? kept : (old?.headers.find(({ name }) => name === header.name)?.stored ?? kept) })),
    keepValues: input.keepValues,
    byHand: false,
    changed: ago(0),
  };
  list = list.some((form) => form.id === id) ? list.map((form) => (form.id === id ? stored : form)) : [...list, stored];
  return stored;
}

const REQUEST = (event: string) => `POST /hooks/planradar HTTP/1.1\nContent-Type: application/json\nX-Source: planradar-demo\nX-Api-Key: (hidden)\n\n{\n  "demo": true,\n  "event": "${event}",\n  "ticket": { "id": "demo-4711", "subject": "Riss in der Wand" }\n}`;
const DELIVERIES: DeliveryRow[] = Array.from({ length: 24 }, (_, index) => {
  const event = ["photo_attached", "comment_added", "document_attached"][index % 3] ?? "";
  const failed = index % 7 === 2;
  const silent = index % 11 === 5;
  return { id: `d${900 - index}`, event, at: ago(index * 47 * MINUTE + 2 * MINUTE), status: silent ? null : failed ? 503 : 200, durationMs: silent ? 10_000 : failed ? 1840 : 180 + index, attempt: failed || silent ? 2 : 1, error: silent ? "no answer within 10 s" : null, request: REQUEST(event), answer: silent ? null : failed ? "HTTP/1.1 503 Service Unavailable\n\nplease try again" : 'HTTP/1.1 200 OK\n\n{"ok":true}' };
});

type Args = Record<string, unknown>;

export const webhookAnswers: Record<string, (args: Args) => unknown> = {
  webhooks_view: (args) => view(String(args.account)),
  webhooks_refresh: async (args) => {
    await wait(scene === "slow" ? 600_000 : 300);
    if (!viewError && state.kind === "offered") asOf = ago(0);
    return view(String(args.account));
  },
  webhook_form: async (args) => {
    await wait(100);
    if (args.id !== null) return find(args.id);
    return { id: null, base: null, description: "", active: true, targetUrl: "", projects: null, events: [], authentication: { kind: "none" }, headers: [], keepValues: false } satisfies WebhookForm;
  },
  webhook_duplicate: (args) => {
    const form = find(args.id);
    return { ...form, id: null, base: null, active: false, headers: form.headers.map((header) => ({ ...header, stored: { ...header.stored, set: false } })) };
  },
  webhook_check: async (args) => {
    await wait(200);
    return plan(args.input as WebhookInput);
  },
  webhook_check_by_hand: (args) => plan(args.input as WebhookInput),
  webhook_save: async (args) => {
    await wait(400);
    if (scene === "save-refused") throw failure("invalid", { details: { kind: "fields", fields: [{ pointer: "target_url", message: "this host is not allowed" }, { pointer: "headers/0/name", message: "too many headers" }] } });
    if (scene === "save-lost") throw failure("lost_answer");
    conflict = false;
    const form = save(args.input as WebhookInput);
    return { form, keepError: scene === "keep-fails" ? failure("keychain_refused") : null, differs: scene === "keep-fails" ? [{ field: "active", old: "false", new: "true" }] : [] };
  },
  webhook_remember_by_hand: (args) => {
    const stored = save(args.input as WebhookInput);
    list = list.map((form) => (form === stored ? { ...form, id: `hand-${list.length}`, byHand: true, changed: null } : form));
    return view(String(args.account));
  },
  webhook_copy_field: () => ({ clearsInS: 120, clearsAt: ahead(120_000) }),
  webhook_copy_value: () => ({ clearsInS: 120, clearsAt: ahead(120_000) }),
  webhooks_set_active: async (args) => {
    await wait(400);
    const picks = args.picks as WebhookPick[];
    const bad = scene === "bulk-fails" ? picks[0]?.id : undefined;
    list = list.map((form) => (picks.some(({ id }) => id === form.id && id !== bad) ? { ...form, active: args.active as boolean } : form));
    return picks.map(({ id }) => ({ id, error: id === bad ? failure("stale") : null }));
  },
  webhooks_delete: async (args) => {
    await wait(400);
    const picks = args.picks as WebhookPick[];
    list = list.filter((form) => !picks.some(({ id }) => id === form.id));
    return picks.map(({ id }) => ({ id, error: null }));
  },
  webhook_events: async () => {
    await wait(100);
    return EVENTS;
  },
  projects_page: async (args) => {
    await wait(250);
    const found = PROJECTS.filter(({ name }) => (name ?? "").toLowerCase().includes(String(args.search).toLowerCase()));
    const page = Number(args.page);
    return { rows: found.slice((page - 1) * 100, page * 100), count: found.length, page, more: found.length > page * 100 };
  },
  webhook_deliveries: async () => {
    await wait(200);
    if (scene === "no-deliveries") return { offered: false, rows: [], asOf: ago(0) };
    return { offered: true, rows: scene === "undelivered" ? [] : DELIVERIES, asOf: ago(0) };
  },
  demo_page_open: () => null,
};
