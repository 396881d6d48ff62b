// Users of the fake door: enough of Rust's rules that each state of the area can be looked at.
import { emit } from "@tauri-apps/api/event";
import type { CutOffReport, JobView, NewUserForm, NewUserInput, Notice, UserDetail, UserPick, UserRow, UsersView, UserToken, UserTokens } from "../src/lib/ipc";
import { failure } from "./fake-scenes";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
const tell = (notice: Notice) => void emit("notice", notice);

function user(id: string, name: string, more: Partial<UserRow> = {}): UserRow {
  const mail = `${name.toLowerCase().replaceAll("ü", "ue").replaceAll(" ", ".")}@nordbau.example`;
  return { id, name, mail, userType: "in_house", active: true, apiAccess: false, locked: null, lastLoginOn: ago(3 * DAY), lastLoginKnown: true, tokens: null, tokensAsOf: null, ...more };
}

const FIXED = { apiAccess: false, locked: "fixed_permissions" as const };
const PEOPLE: UserRow[] = [
  user("338609", "Kim Demo", { userType: "account_holder", apiAccess: true, locked: "account_holder", lastLoginOn: ago(5 * MINUTE) }),
  user("11", "Lee Sample", { apiAccess: true, tokens: 5, tokensAsOf: ago(20 * MINUTE) }),
  user("12", "Robin Muster", { lastLoginOn: ago(40 * DAY) }),
  user("13", "Integration SAP", { apiAccess: true, mail: "sap-integration@nordbau.example", lastLoginOn: null, tokens: 1, tokensAsOf: ago(2 * DAY) }),
  user("14", "Ute Beispiel-Oberwaldmeisterin", { active: false, apiAccess: true, lastLoginOn: ago(300 * DAY) }),
  user("15", "Elektro Nord", { ...FIXED, userType: "subcontractor", mail: "office@elektro-nord.example" }),
  user("16", "Bank Prüfer", { ...FIXED, userType: "watcher", mail: null, lastLoginOn: null }),
  user("17", "Jo Neumann", { lastLoginOn: null, lastLoginKnown: false }),
];

const query = new URLSearchParams(location.search);
const scene = query.get("users") ?? "";
let rows: UserRow[] = PEOPLE.map((row) => ({ ...row }));
let state: UsersView["state"] = { kind: "offered" };
let tokensState: UsersView["state"] = { kind: "offered" };
let asOf: string | null = ago(2 * MINUTE);
let count: number | null = rows.length;
let viewError: UsersView["error"] = null;
const big = scene === "large";
const many = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => user(`m${from + index}`, `Person ${String(from + index + 1).padStart(5, "0")}`, { apiAccess: (from + index) % 40 === 0 }));

if (big) [rows, count] = [many(0, 500), 10_000];
if (scene === "refused") [state, rows, asOf] = [{ kind: "refused", reason: "permission_users", checkedAt: ago(MINUTE) }, [], null];
if (scene === "not-offered") [state, rows, asOf] = [{ kind: "not_offered", checkedAt: ago(MINUTE) }, [], null];
if (scene === "failed") [state, rows, asOf, viewError] = [{ kind: "unknown" }, [], null, failure("offline")];
if (scene === "slow") [state, rows, asOf] = [{ kind: "unknown" }, [], null];
if (scene === "documented") {
  tokensState = { kind: "not_offered", checkedAt: ago(MINUTE) };
  rows = rows.map((row) => ({ ...row, userType: null, lastLoginOn: null, lastLoginKnown: false, apiAccess: row.id === "12" ? null : row.apiAccess, locked: row.id === "12" ? "unknown" : row.locked, tokens: null, tokensAsOf: null }));
}

const view = (account: unknown): UsersView => ({ account: String(account), state, rows, count, complete: rows.length >= (count ?? 0), requestsLeft: count === null ? null : Math.ceil(Math.max(count - rows.length, 0) / 500), asOf, earlier: 0, earlierAsOf: null, tokensState, error: viewError });

function find(id: unknown): UserRow {
  const found = rows.find((row) => row.id === id) ?? many(0, 10_000).find((row) => row.id === id);
  if (!found) throw failure("gone");
  return found;
}

const tokensOf = new Map<string, UserToken[]>();
function tokens(id: string): UserToken[] {
  const names = id === "11" ? ["Power BI", "Excel-Auswertung", "Zapier", "Test", "Mängelbericht an Bauherrschaft, wöchentlich"] : id === "13" ? ["SAP Abgleich"] : id === "338609" ? ["Tagesbericht", "Gatehouse"] : [];
  const known = tokensOf.get(id) ?? names.map((name, index): UserToken => ({ id: `${id}${index}`, name, createdOn: ago((index + 1) * 90 * DAY), lastUsedOn: index === 3 ? null : ago(index * 5 * DAY + 2 * MINUTE), usage: index === 3 ? "never" : "used" }));
  tokensOf.set(id, known);
  return known;
}

function update(account: unknown, id: string, change: Partial<UserRow>): void {
  rows = rows.map((row) => (row.id === id ? { ...row, ...change } : row));
  tell({ kind: "users_changed", account: String(account) });
}

let last = 0;
let jobs: JobView[] = [];
const picksOf = new Map<string, UserPick[]>();
if (scene === "job") jobs = [{ id: "j0", account: "demo", kind: "revoke_api", state: "paused", total: 12, done: 5, unchanged: 0, failures: [], halted: failure("offline"), secondsLeft: 60, startedAt: ago(DAY), elsewhere: false }];

function tellJob(id: string, change: Partial<JobView>): void {
  jobs = jobs.map((job) => (job.id === id ? { ...job, ...change } : job));
  const job = jobs.find((one) => one.id === id);
  if (job) tell({ kind: "job_changed", job: structuredClone(job) });
  jobs = jobs.filter((one) => one.state === "running" || one.state === "paused");
}

async function work(id: string): Promise<void> {
  for (;;) {
    await wait(scene === "job-slow" ? 600_000 : 350);
    const job = jobs.find((one) => one.id === id);
    const pick = picksOf.get(id)?.[job?.done ?? 0];
    if (!job || job.state !== "running") return;
    if (!pick) return tellJob(id, { state: "finished", secondsLeft: 0 });
    const fails = scene === "job-fails" && pick.id === "12";
    if (!fails) update(job.account, pick.id, { apiAccess: job.kind === "grant_api" });
    tellJob(id, { done: job.done + 1, failures: fails ? [...job.failures, { user: pick, error: failure("gone") }] : job.failures });
  }
}

type Args = Record<string, unknown>;
const held = new Map<string, ReturnType<typeof setTimeout>>();

export const userAnswers: Record<string, (args: Args) => unknown> = {
  users_view: (args) => view(args.account),
  users_refresh: async (args) => {
    await wait(scene === "slow" ? 600_000 : 300);
    if (!viewError && state.kind === "offered") asOf = ago(0);
    return view(args.account);
  },
  users_more: async (args) => {
    await wait(500);
    rows = [...rows, ...many(rows.length, Math.min(rows.length + 500, 10_000))];
    return view(args.account);
  },
  users_search: async (args) => {
    await wait(300);
    const text = String(args.search).toLowerCase();
    const found = (big ? many(0, 10_000) : rows).filter(({ name, mail }) => `${name} ${mail ?? ""}`.toLowerCase().includes(text));
    const page = Number(args.page);
    return { rows: found.slice((page - 1) * 100, page * 100), count: found.length, page, more: found.length > page * 100 };
  },
  user_detail: async (args): Promise<UserDetail> => {
    await wait(200);
    const row = find(args.user);
    const all = row.locked === "account_holder";
    const permissions = row.locked === "unknown" ? null : ["accounts", "api_documentation_access", "categories", "defects", "groups", "limited_projects", "projects", "report_templates", "roles", "site_view", "statistics", "sub_users", "user_metrics", "users"].map((key) => ({ key, on: all || key === "defects" || key === "projects" || (key === "api_documentation_access" && row.apiAccess === true) }));
    return { row, permissions, isMe: row.id === "338609" && scene !== "other", asOf: ago(0) };
  },
  user_tokens: async (args): Promise<UserTokens> => {
    const id = String(args.user);
    const offered = tokensState.kind === "offered";
    if (args.ask) {
      await wait(300);
      if (offered) update(args.account, id, { tokens: tokens(id).length, tokensAsOf: ago(0) });
    }
    const asked = find(id).tokensAsOf;
    return { state: tokensState, rows: offered && asked ? tokens(id) : [], asOf: offered ? asked : null, protected: id === "338609", error: null };
  },
  users_set_api: (args): JobView => {
    const picks = args.users as UserPick[];
    const job: JobView = { id: `j${++last}`, account: String(args.account), kind: args.grant ? "grant_api" : "revoke_api", state: "running", total: picks.length, done: 0, unchanged: 0, failures: [], halted: null, secondsLeft: picks.length > 6 ? 60 : 0, startedAt: ago(0), elsewhere: false };
    jobs = [...jobs, job];
    picksOf.set(job.id, picks);
    void work(job.id);
    return job;
  },
  user_tokens_delete: (args) => {
    const [operation, pick, gone] = [`h${++last}`, args.user as UserPick, args.tokens as UserToken[]];
    held.set(
      operation,
      setTimeout(() => {
        tokensOf.set(pick.id, tokens(pick.id).filter(({ id }) => !gone.some((one) => one.id === id)));
        update(args.account, pick.id, { tokens: tokens(pick.id).length, tokensAsOf: ago(0) });
        tell({ kind: "user_tokens_deleted", account: String(args.account), operation, user: pick, error: null });
      }, 10_000),
    );
    return { operation, account: String(args.account), user: pick, tokens: gone, sentAt: ahead(10_000) };
  },
  operation_undo: (args) => {
    clearTimeout(held.get(String(args.id)));
    return null;
  },
  user_cut_off: async (args): Promise<CutOffReport> => {
    await wait(900);
    const pick = args.user as UserPick;
    const [all, fails] = [tokens(pick.id), scene === "cut-off-fails"];
    const left = fails ? all.slice(-1) : [];
    tokensOf.set(pick.id, left);
    update(args.account, pick.id, { apiAccess: false, active: args.deactivate ? false : true, tokens: left.length, tokensAsOf: ago(0) });
    return {
      user: pick,
      steps: [
        { what: "api_access", error: null },
        ...(args.deactivate ? [{ what: "deactivate" as const, error: null }] : []),
        { what: "tokens", error: fails ? failure("server_error") : null },
        { what: "proof", error: fails ? failure("stale") : null },
      ],
      deleted: all.length - left.length,
      left,
      canSignIn: !args.deactivate,
    };
  },
  user_create_form: async (): Promise<NewUserForm> => {
    await wait(scene === "new-slow" ? 600_000 : 300);
    return {
      input: { firstName: "Integration", lastName: "Nordbau GmbH", mail: "", company: "Nordbau GmbH", position: "Integration", apiAccess: true, memberships: [] },
      roles: scene === "no-roles" ? [] : [["r1", "Projektleitung", true], ["r2", "Bauleitung", false], ["r3", "Nur lesen", false]].map(([id, name, admin]) => ({ id: String(id), name: String(name), admin: Boolean(admin) })),
      licencesUsed: scene === "no-roles" ? null : scene === "no-licence" ? 20 : 12,
      licencesTotal: scene === "no-roles" ? null : 20,
    };
  },
  user_create: async (args): Promise<UserRow> => {
    await wait(scene === "new-sent" ? 600_000 : 400);
    const input = args.input as NewUserInput;
    const refused = (pointer: string, message: string) => ({ field: pointer, details: { kind: "fields" as const, fields: [{ pointer, message }] } });
    if (scene === "no-licence") throw failure("invalid", refused("/data", "All in-house licences of the account's plan are in use."));
    if (rows.some(({ mail }) => mail === input.mail)) throw failure("invalid", refused("mail", "is taken by another user of this account"));
    if (input.mail.endsWith("@elsewhere.example.com")) throw failure("invite_instead", refused("mail", "can only be invited"));
    const made = user(`n${++last}`, `${input.firstName} ${input.lastName}`, { mail: input.mail, apiAccess: input.apiAccess, lastLoginOn: null });
    rows = [...rows, made];
    tell({ kind: "users_changed", account: String(args.account) });
    return made;
  },
  user_invite: async (args) => {
    await wait(400);
    const input = args.input as NewUserInput;
    rows = [...rows, user(`n${++last}`, `${input.firstName} ${input.lastName}`, { mail: input.mail, apiAccess: input.apiAccess, lastLoginOn: null })];
    return null;
  },
  jobs_list: () => jobs,
  jobs_unread: () => [],
  job_read: () => null,
  job_pause: (args) => {
    tellJob(String(args.id), { state: "paused" });
    return jobs.find(({ id }) => id === args.id);
  },
  job_resume: (args) => {
    tellJob(String(args.id), { state: "running", halted: null });
    void work(String(args.id));
    return jobs.find(({ id }) => id === args.id);
  },
  job_cancel: (args) => {
    tellJob(String(args.id), { state: "ended" });
    return null;
  },
};
