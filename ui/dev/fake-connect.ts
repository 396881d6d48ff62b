// PlanRadar Connect and the audit log of the fake door.
import type { AuditIntegrity, AuditPage, AuditQuery, AuditRow, ConnectCheck, ConnectInput, ConnectView } from "../src/lib/ipc";
import { failure } from "./fake-scenes";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

const query = new URLSearchParams(location.search);
const scene = query.get("connect") ?? "";
const log = query.get("audit") ?? "";

const view: ConnectView = { account: "demo", state: { kind: "offered" }, status: { state: { kind: "not_requested" }, requestedOn: null, decidedOn: null, note: null }, asOf: ago(4 * MINUTE), error: null, unsettled: null };
if (scene === "requested" || scene === "in_review") view.status = { state: { kind: scene }, requestedOn: ago(6 * DAY), decidedOn: null, note: null };
if (scene === "granted") view.status = { state: { kind: "granted" }, requestedOn: ago(20 * DAY), decidedOn: ago(2 * DAY), note: "Welcome aboard. Your workspace is ready." };
if (scene === "declined") view.status = { state: { kind: "declined" }, requestedOn: ago(20 * DAY), decidedOn: ago(2 * DAY), note: "Please name an integration user." };
if (scene === "not-offered") Object.assign(view, { state: { kind: "not_offered", checkedAt: ago(MINUTE) }, status: null, asOf: null });
if (scene === "refused") Object.assign(view, { state: { kind: "refused", reason: "account_holder_only", checkedAt: ago(MINUTE) }, status: null, asOf: null });
if (scene === "unknown") Object.assign(view, { state: { kind: "unknown" }, status: null, asOf: null });

const CHECKS: ConnectCheck[] = [
  { verdict: "good", finding: { kind: "plan", plan: "enterprise" } },
  { verdict: "good", finding: { kind: "permission", allowed: true, accountHolder: true } },
  { verdict: "warn", finding: { kind: "token_works", token: "5290", name: "Site diary export", user: "Kim Demo", personal: true } },
  { verdict: "good", finding: { kind: "room", limit: 30, left: 10, pausedUntil: null } },
];

const LINES: [AuditRow["area"], string, string, string, string | null][] = [
  ["tokens", "token.create", "Power BI Tagesbericht", "done", null],
  ["users", "user.grant_api", "Robin Muster", "done", null],
  ["tokens", "token.delete", "Test Müller", "abandoned", "PlanRadar no longer has it"],
  ["webhooks", "webhook.update", "Fotos ins Bautagebuch", "done", null],
  ["users", "user.delete_tokens", "Altes Power BI (Robin Muster)", "nothing sent", null],
  ["connect", "connect.request", "Microsoft Teams, SAP S/4HANA", "done", null],
  ["accounts", "routes.change", "", "done", null],
  ["other", "future.action", "from a newer version", "done", null],
];

const ALL: AuditRow[] = Array.from({ length: log === "empty" ? 0 : log === "few" ? 8 : 130 }, (_, index): AuditRow => {
  const [area, action, subject, outcome, reason] = LINES[index % LINES.length] ?? ["other", "", "", "", null];
  return { id: 130 - index, at: ago(index * 83 * MINUTE), account: index % 3 === 2 ? "real" : "demo", accountLabel: index % 3 === 2 ? "Nordbau GmbH" : "Nordbau Demo", actor: index % 11 === 4 ? "resume" : index % 13 === 6 ? "cli" : "window", area, action, subject, outcome, reason };
});

const INTEGRITY: Record<string, AuditIntegrity> = {
  broken: { kind: "broken", line: 117, damage: "removed" },
  unverifiable: { kind: "unverifiable", why: "key_missing", unsealed: 12, error: null },
};
let integrity: AuditIntegrity = INTEGRITY[log] ?? { kind: "whole", sealed: ALL.length, unsealed: 0 };

type Args = Record<string, unknown>;

export const connectAnswers: Record<string, (args: Args) => unknown> = {
  connect_view: (args) => ({ ...view, account: String(args.account) }),
  connect_refresh: async (args) => {
    await wait(200);
    if (view.status) view.asOf = ago(0);
    return { ...view, account: String(args.account) };
  },
  connect_preflight: async () => {
    await wait(200);
    return scene === "unready" ? [CHECKS[0], { verdict: "unknown", finding: { kind: "permission", allowed: null, accountHolder: false } }, { verdict: "bad", finding: { kind: "no_token" } }, CHECKS[3]] : CHECKS;
  },
  connect_request: async (args) => {
    await wait(200);
    if (scene === "twice") throw failure("already_requested", { details: { kind: "since", since: ago(3 * DAY) } });
    view.status = { state: { kind: "requested" }, requestedOn: ago(0), decidedOn: null, note: null };
    return { ...view, account: String(args.account) };
  },
  connect_text: (args) => {
    const input = args.input as ConnectInput;
    return `Please give our account access to PlanRadar Connect.\n\nTo integrate: ${input.integrations.join(", ")}\nPurpose: ${input.purpose}\nContact: ${input.contact}`;
  },
  audit_verify: async () => {
    await wait(100);
    return integrity;
  },
  audit_begin_anew: () => (integrity = { kind: "whole", sealed: 0, unsealed: ALL.length }),
  audit_page: (args): AuditPage => {
    const { text, area, account } = args.query as AuditQuery;
    const before = args.before as number | null;
    const rows = ALL.filter((row) => (area === null || row.area === area) && (account === null || row.account === account) && (text === null || JSON.stringify(row).toLowerCase().includes(text.toLowerCase())) && (before === null || row.id < before));
    const page = rows.slice(0, 100);
    return { rows: page, before: rows.length > page.length ? (page.at(-1)?.id ?? null) : null };
  },
  audit_export: (args) => `/home/kim/gatehouse-audit.${String(args.format)}`,
};
