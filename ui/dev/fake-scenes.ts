import type { AccountView, AppError, Code, KeychainState, LimitView, Notice, OperationView, Prefs, StoreNotice, TokenRow, TokensView } from "../src/lib/ipc";
import { account, accountDocumented, accountReal, many, pasted, rows } from "./fake-data";

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();

export function failure(code: Code, more: Partial<AppError> = {}): AppError {
  return { code, message: `Said by the fake for ${code}.`, field: null, retryAt: null, details: null, ...more };
}

type Scene = {
  accounts: AccountView[];
  rows: TokenRow[] | null;
  state: TokensView["state"];
  asOf: string | null;
  viewError: AppError | null;
  operations: OperationView[];
  limit: LimitView;
  limitStays: boolean;
  prefs: Prefs;
  keychain: KeychainState;
  storeNotice: StoreNotice | null;
  notices: Notice[];
  slow: boolean;
  refreshMs: number;
  keepFails: boolean;
  badImport: boolean;
  addFails: AppError | null;
  createFails: AppError | null;
  deleteFails: AppError | null;
  refreshFails: AppError | null;
};

const LIMIT: LimitView = { limit: 30, share: 20, used: 6, free: 14, nextFreeInMs: 8000, pausedForMs: null, pausedUntil: null, waiting: 0, available: true };

function lost(more: Partial<NonNullable<OperationView["lost"]>>): OperationView {
  return { id: "op-lost", account: "demo", kind: "create_token", state: "unknown", subject: "Power BI", startedAt: ago(90_000), lost: { candidates: [], checkedAt: ago(20_000), nextCheckAt: ahead(40_000), created: false, ...more }, replacement: null };
}

function replacing(step: number): OperationView {
  const [old] = rows();
  const fresh = { ...rows()[0], id: "5301", name: "Power BI Tagesbericht 2026-11-24", createdOn: ago(3 * 60 * 60_000), kept: "keychain" } as TokenRow;
  return { id: "op-replace", account: "demo", kind: "replace_token", state: "stored", subject: "Power BI Tagesbericht", startedAt: ago(3 * 60 * 60_000), lost: null, replacement: { step, old: old ?? null, new: fresh, enteredAt: step > 2 ? ago(60 * 60_000) : null, newUsedSince: step > 3 ? ago(50 * 60_000) : null, oldLastUsed: ago(2 * 60_000), checkedAt: step > 2 ? ago(60_000) : null } };
}

/** A scene of the window, by its name in the address. */
export function scene(query: URLSearchParams): Scene {
  const it: Scene = {
    accounts: [account, accountReal],
    rows: null,
    state: { kind: "offered" },
    asOf: ago(12 * 60_000),
    viewError: null,
    operations: [],
    limit: { ...LIMIT },
    limitStays: query.has("still"),
    prefs: { theme: (query.get("theme") ?? "system") as Prefs["theme"], language: (query.get("lang") ?? "en") as Prefs["language"], density: (query.get("density") ?? "compact") as Prefs["density"], lastArea: query.get("area"), tokensSort: null },
    keychain: { kind: "secret_service", status: "ready" },
    storeNotice: null,
    notices: [],
    slow: false,
    refreshMs: 300,
    keepFails: false,
    badImport: false,
    addFails: null,
    createFails: null,
    deleteFails: null,
    refreshFails: null,
  };
  switch (query.get("scene")) {
    case "first":
      it.accounts = [];
      break;
    case "first-fails":
      it.accounts = [];
      it.addFails = failure("redirect", { details: { kind: "target", target: "https://login.example.com" } });
      break;
    case "first-keychain":
      it.accounts = [];
      it.keychain.status = "no_service";
      break;
    case "first-refused":
      it.accounts = [];
      it.addFails = failure("keychain_refused");
      break;
    case "empty":
      it.rows = [];
      break;
    case "many":
      it.rows = many(420);
      break;
    case "slow":
      it.slow = true;
      break;
    case "refused":
      it.accounts = [accountReal];
      it.state = { kind: "refused", reason: "permission_api_access", checkedAt: ago(60_000) };
      break;
    case "plan":
      it.accounts = [{ ...accountReal, accountHolderName: null }];
      it.state = { kind: "refused", reason: "plan", checkedAt: ago(60_000) };
      break;
    case "documented":
      it.accounts = [accountDocumented];
      it.rows = pasted();
      it.state = { kind: "not_offered", checkedAt: ago(60_000) };
      break;
    case "offline":
      it.asOf = ago(30 * 24 * 60 * 60_000);
      it.viewError = failure("offline", { details: { kind: "reason", reason: "dns error: failed to lookup address information" } });
      break;
    case "failed":
      it.rows = [];
      it.state = { kind: "unknown" };
      it.asOf = null;
      it.viewError = failure("html", { details: { kind: "server", status: 502, excerpt: "<title>Bad gateway</title>" } });
      break;
    case "signin":
      it.accounts = [{ ...accountReal, signIn: "missing" }];
      it.viewError = failure("sign_in_missing");
      break;
    case "maybe":
      it.rows = rows().map((row) => (row.own === "yes" || row.id === "5120" ? { ...row, own: "maybe" as const } : row));
      break;
    case "lost":
      it.operations = [lost({ candidates: [{ ...(rows()[3] as TokenRow), id: "5302", name: "Power BI", createdOn: ago(85_000) }] })];
      break;
    case "lost-none":
      it.operations = [lost({})];
      break;
    case "replacing":
      it.operations = [replacing(Number(query.get("step") ?? 3))];
      it.rows = rows().map((row) => (row.id === "5120" ? { ...row, replacement: { operation: "op-replace", isNew: false } } : row));
      break;
    case "paused":
      it.limit = { ...LIMIT, used: 20, free: 0, pausedForMs: 252_000, pausedUntil: ahead(252_000), waiting: 3 };
      break;
    case "few":
      it.limit = { ...LIMIT, used: 18, free: 2, waiting: 2 };
      break;
    case "big-limit":
      it.limit = { ...LIMIT, limit: 120, share: 90, used: 41, free: 49 };
      break;
    case "idle":
      it.limit = { ...LIMIT, used: 0, free: 20, nextFreeInMs: null };
      break;
    case "no-limit-file":
      it.limit = { ...LIMIT, available: false };
      it.deleteFails = failure("limit_unavailable");
      break;
    case "keychain-wait":
      it.notices = [{ kind: "keychain_waiting", waitId: "w1", action: "put" }];
      break;
    case "keychain-none":
      it.keychain.status = "no_service";
      break;
    case "keep-fails":
      it.keepFails = true;
      break;
    case "create-lost":
      it.createFails = failure("lost_answer");
      it.operations = [lost({ checkedAt: null })];
      break;
    case "damaged":
      it.storeNotice = { kind: "damaged_kept_aside", path: "/home/kim/.local/share/gatehouse/gatehouse.db.damaged-2026-11-24" };
      break;
    case "bad-import":
      it.badImport = true;
      break;
  }
  return it;
}
