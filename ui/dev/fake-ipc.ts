// A stand-in for Rust while the page is drawn: `vite --mode fake`. Scenes by address: /?scene=refused&theme=dark&lang=de
import { emit } from "@tauri-apps/api/event";
import { mockIPC } from "@tauri-apps/api/mocks";
import type { AccountView, CreatedToken, Notice, OperationView, TokensView } from "../src/lib/ipc";
import { account, accountDocumented, KEPT_PLACES, ROUTES, rows, SETTINGS, USERS } from "./fake-data";
import { failure, scene } from "./fake-scenes";
import { userAnswers } from "./fake-users";
import { inventoryAnswers } from "./fake-inventory";
import { connectAnswers } from "./fake-connect";
import { overviewAnswers } from "./fake-overview";
import { webhookAnswers } from "./fake-webhooks";

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();

const it = scene(new URLSearchParams(location.search));
let accounts: AccountView[] = it.accounts;
let active = accounts[0]?.id ?? null;
let list = it.rows ?? rows();
let operations: OperationView[] = it.operations;
let used = it.limit.used;
let prefs = it.prefs;
let settings = structuredClone(SETTINGS);
let routes = structuredClone(ROUTES);
let keychain = it.keychain;
let last = 900;
let holdsUnsaved = false;
const secrets = new Map<string, string>();

function tell(notice: Notice): void {
  void emit("notice", notice);
}

function limit() {
  return { ...it.limit, used, free: Math.max(it.limit.share - used, 0), nextFreeInMs: used > 0 ? 8000 : null };
}

function view(): TokensView {
  return { account: active ?? "", state: it.state, rows: it.state.kind === "refused" ? [] : list, asOf: it.asOf, error: it.viewError };
}

function create(name: string, kept: "keychain" | "session" | "no"): CreatedToken {
  const id = String(++last);
  const handle = `handle-${id}`;
  secrets.set(handle, `demo-${"9f2c41ab77e0c3d518f622b90a4e6d71bb385ce2f914a06d3e8751c099da4b26e8f377152c9ad04b6fe183b71d5ca2f840e697b3".slice(0, 104)}`);
  const refused = it.keepFails && kept === "keychain";
  list = [...list, { id, name, createdOn: ago(0), lastUsedOn: null, usage: "never", kept: refused ? "no" : kept, own: "no", pasted: false, gone: false, verifiedAt: null, replacement: null }];
  used += 2;
  if (active) tell({ kind: "limit_changed", account: active, status: limit() });
  return { operation: `op-${id}`, account: active ?? "", tokenId: id, name, handle, revealUntil: ahead(120_000), kept: refused ? "no" : kept, keepError: refused ? failure("keychain_refused") : null };
}

type Args = Record<string, unknown>;
const text = (args: Args, key: string) => String(args[key] ?? "");

const answers: Record<string, (args: Args) => unknown> = {
  ...userAnswers,
  ...inventoryAnswers,
  ...webhookAnswers,
  ...overviewAnswers,
  ...connectAnswers,
  app_start: () => ({ version: "0.1.0", accounts, activeAccount: active, keychain, storeNotice: it.storeNotice, prefs }),
  account_add: async (args) => {
    await wait(600);
    if (it.addFails) throw it.addFails;
    const input = args.input as { customerId: string; label: string | null };
    const added = { ...account, id: `account-${++last}`, label: input.label ?? `Account ${input.customerId}`, customerId: input.customerId };
    accounts = [...accounts, added];
    active = added.id;
    return added;
  },
  account_add_same_token: (args) => {
    const added = { ...account, id: `account-${++last}`, label: text(args, "label") || `Account ${text(args, "customerId")}`, customerId: text(args, "customerId") };
    accounts = [...accounts, added];
    return added;
  },
  account_activate: (args) => {
    active = text(args, "id");
    return accounts.find((known) => known.id === active);
  },
  account_rename: (args) => {
    accounts = accounts.map((known) => (known.id === args.id ? { ...known, label: text(args, "label") } : known));
    return accounts.find((known) => known.id === args.id);
  },
  account_remove: (args) => {
    accounts = accounts.filter((known) => known.id !== args.id);
    active = accounts[0]?.id ?? null;
    return null;
  },
  account_sign_in_again: (args) => {
    accounts = accounts.map((known) => (known.id === args.id ? { ...known, signIn: "keychain" as const } : known));
    it.viewError = null;
    return accounts.find((known) => known.id === args.id);
  },
  account_user_choices: async (args) => {
    await wait(200);
    return USERS.filter((user) => user.name.toLowerCase().includes(text(args, "search").toLowerCase()));
  },
  account_set_identity: (args) => {
    const user = USERS.find((known) => known.id === args.userId);
    accounts = accounts.map((known) => (known.id === args.id && user ? { ...known, user: { ...user, userType: null } } : known));
    return accounts.find((known) => known.id === args.id) ?? accountDocumented;
  },
  demo_start: async () => {
    await wait(500);
    accounts = [...accounts, account];
    active = account.id;
    return account;
  },
  tokens_view: () => ({ ...view(), ...(it.slow ? { state: { kind: "unknown" }, rows: [], asOf: null } : {}) }),
  tokens_refresh: async () => {
    await wait(it.slow ? 600_000 : it.refreshMs);
    if (it.refreshFails) throw it.refreshFails;
    if (!it.viewError) it.asOf = ago(0);
    return view();
  },
  capabilities_check_again: async () => {
    await wait(400);
    return view();
  },
  token_create: async (args) => {
    await wait(500);
    if (it.createFails) throw it.createFails;
    return create(text(args, "name"), args.keep as "keychain");
  },
  token_reveal: (args) => secrets.get(text(args, "handle")),
  token_copy_created: () => ({ clearsInS: 120, clearsAt: ahead(120_000) }),
  token_copy_kept: () => ({ clearsInS: 120, clearsAt: ahead(120_000) }),
  token_keep: (args) => (args.sessionOnly ? "session" : "keychain"),
  token_close: (args) => {
    if (args.how === "delete_token") list = list.filter((row) => `handle-${row.id}` !== args.handle);
    return null;
  },
  token_delete: async (args) => {
    await wait(400);
    if (it.deleteFails && !args.withoutLimit) throw it.deleteFails;
    list = list.filter((row) => row.id !== args.tokenId);
    return null;
  },
  token_verify: async (args) => {
    await wait(400);
    list = list.map((row) => (row.id === args.tokenId ? { ...row, verifiedAt: ago(0) } : row));
    return view();
  },
  token_forget: (args) => {
    list = list.map((row) => (row.id === args.tokenId ? { ...row, kept: "no" as const } : row));
    return view();
  },
  token_paste: async (args) => {
    await wait(400);
    list = [...list, { id: `pasted-${++last}`, name: text(args, "name"), createdOn: null, lastUsedOn: null, usage: "unknown", kept: args.sessionOnly ? "session" : "keychain", own: "no", pasted: true, gone: false, verifiedAt: ago(0), replacement: null }];
    return view();
  },
  token_mark_own: (args) => {
    list = list.map((row) => ({ ...row, own: row.id === args.tokenId ? ("yes" as const) : ("no" as const) }));
    return view();
  },
  replace_start: async (args) => {
    await wait(500);
    const made = create(text(args, "name"), args.keep as "keychain");
    list = list.map((row) => (row.id === args.tokenId ? { ...row, replacement: { operation: made.operation, isNew: false } } : row.id === made.tokenId ? { ...row, replacement: { operation: made.operation, isNew: true } } : row));
    const old = list.find((row) => row.id === args.tokenId) ?? null;
    const fresh = list.find((row) => row.id === made.tokenId) ?? null;
    operations = [...operations, { id: made.operation, account: made.account, kind: "replace_token", state: "stored", subject: old?.name ?? "", startedAt: ago(0), lost: null, replacement: { step: 2, old, new: fresh, enteredAt: null, newUsedSince: null, oldLastUsed: old?.lastUsedOn ?? null, checkedAt: null } }];
    return made;
  },
  replace_entered: (args) => step(text(args, "operation"), 3),
  replace_check: async (args) => {
    await wait(400);
    return step(text(args, "operation"), 4);
  },
  replace_finish: (args) => {
    const gone = operations.find((known) => known.id === args.operation)?.replacement?.old?.id;
    list = list.filter((row) => row.id !== gone).map((row) => ({ ...row, replacement: null }));
    operations = operations.filter((known) => known.id !== args.operation);
    return null;
  },
  replace_stop: (args) => {
    operations = operations.filter((known) => known.id !== args.operation);
    list = list.map((row) => ({ ...row, replacement: null }));
    return null;
  },
  replace_sign_in: async () => {
    await wait(800);
    return view();
  },
  operations_list: () => operations,
  operation_check: (args) => {
    operations = operations.map((known) => (known.id === args.id && known.lost ? { ...known, lost: { ...known.lost, checkedAt: ago(0), nextCheckAt: ahead(60_000) } } : known));
    return operations.find((known) => known.id === args.id);
  },
  operation_delete_candidate: (args) => {
    operations = operations.filter((known) => known.id !== args.id);
    return null;
  },
  operation_dismiss: (args) => {
    operations = operations.filter((known) => known.id !== args.id);
    return null;
  },
  limit_status: () => {
    if (!it.limitStays) used = Math.max(used - 1, 0);
    return limit();
  },
  limit_set: (args) => Object.assign(it.limit, { limit: args.limit, share: args.share }) && limit(),
  routes_list: () => routes,
  route_set: (args) => {
    const template = args.template as string | null;
    if (template?.includes("//")) throw { ...failure("bad_route"), field: text(args, "name") };
    routes = routes.map((row) => (row.name === args.name ? { ...row, overrideTemplate: template, verdict: "unknown" as const } : row));
    return routes;
  },
  route_test: async (args) => {
    await wait(300);
    const row = routes.find((known) => known.name === args.name);
    return { name: args.name, verdict: row?.verdict ?? "unknown", pathOnly: row?.method !== "GET", error: row?.verdict === "not_offered" ? failure("not_offered") : null };
  },
  routes_export: () => "/home/kim/gatehouse-routes.json",
  routes_import: () => ({ file: "gatehouse-routes.json", changes: [
    { name: "tokens.list", old: null, new: "/api/v2/{customer_id}/access_tokens", problem: null },
    { name: "tokens.create", old: null, new: "/api/v2/{customer_id}/access_tokens", problem: null },
    { name: "me", old: null, new: null, problem: null },
    ...(it.badImport ? [{ name: "tokens.delete", old: null, new: "//evil.example/{token_id}", problem: "must start with /api/v" }] : []),
  ] }),
  routes_import_apply: () => routes,
  settings_get: () => settings,
  settings_set: (args) => (settings = args.settings as typeof settings),
  pick_ca_file: () => "/etc/ssl/company/nordbau-root.pem",
  open_data_folder: () => null,
  kept_places: () => KEPT_PLACES,
  remove_everything: () => null,
  prefs_set: (args) => {
    prefs = args.prefs as typeof prefs;
    return null;
  },
  open_page: () => null,
  keychain_retry: async () => {
    await wait(500);
    return keychain;
  },
  keychain_choose: (args) => {
    if (args.choice === "go_on_without") keychain = { ...keychain, status: "waiting" };
    return null;
  },
  quit: (args) => {
    if (!args.anyway && holdsUnsaved) tell({ kind: "quit_asked", unkept: false, unsaved: true, deletions: 0 });
    return null;
  },
  unsaved_set: (args) => {
    holdsUnsaved = args.unsaved === true;
    return null;
  },
};

function step(id: string, to: number): OperationView | undefined {
  operations = operations.map((known) => {
    if (known.id !== id || !known.replacement) return known;
    const seen = to === 4;
    return { ...known, replacement: { ...known.replacement, step: to, enteredAt: ago(0), newUsedSince: seen ? ago(20_000) : null, oldLastUsed: known.replacement.oldLastUsed, checkedAt: seen ? ago(0) : null } };
  });
  return operations.find((known) => known.id === id);
}

mockIPC(
  async (command, args) => {
    const answer = answers[command];
    if (!answer) throw { code: "internal", message: `no fake for ${command}`, field: null, retryAt: null, details: null };
    return structuredClone(await answer(args as Args));
  },
  { shouldMockEvents: true },
);

for (const notice of it.notices) setTimeout(() => tell(notice), 400);
