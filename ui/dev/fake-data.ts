import type { AccountView, KeptPlace, RouteRow, Settings, TokenRow, UserChoice } from "../src/lib/ipc";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

export const account: AccountView = {
  id: "demo",
  label: "Nordbau Demo",
  server: "http://127.0.0.1:49152",
  customerId: "1484013",
  demo: true,
  user: { id: "338609", name: "Kim Demo", mail: "kim@nordbau.example", userType: "account_holder" },
  isAccountHolder: true,
  accountHolderName: "Kim Demo",
  plan: "enterprise",
  signIn: "keychain",
  documentedOnly: false,
  limit: 30,
  share: 20,
};

export const accountReal: AccountView = { ...account, id: "real", label: "Nordbau GmbH", server: "https://www.planradar.com", customerId: "1290044", demo: false, user: { id: "11", name: "Lee Sample", mail: "lee@nordbau.example", userType: "in_house" }, isAccountHolder: false, accountHolderName: "Kim Demo" };

export const accountDocumented: AccountView = { ...accountReal, id: "documented", label: "Südwerk", customerId: "1377120", user: null, isAccountHolder: null, accountHolderName: null, plan: null, documentedOnly: true };

function row(id: string, name: string, days: number, usedMs: number | null, more: Partial<TokenRow> = {}): TokenRow {
  return { id, name, createdOn: ago(days * DAY), lastUsedOn: usedMs === null ? null : ago(usedMs), usage: usedMs === null ? "never" : "used", kept: "no", own: "no", pasted: false, gone: false, verifiedAt: null, replacement: null, ...more };
}

export function rows(): TokenRow[] {
  return [
    row("5120", "Power BI Tagesbericht", 266, 2 * MINUTE, { kept: "keychain", verifiedAt: ago(3 * DAY) }),
    row("5133", "Zapier – Tickets to Teams", 190, 41 * MINUTE),
    row("5201", "Gatehouse – BUERO-07", 93, 0, { kept: "keychain", own: "yes" }),
    row("5240", "Test Müller", 71, null),
    row("5262", "SAP Abgleich", 820, 5 * 60 * MINUTE, { kept: "keychain" }),
    row("5277", "Mängelbericht an Bauherrschaft, wöchentlich, Projekt Hafenstraße Nord", 34, 6 * DAY),
    row("5284", "Old export", 400, null, { createdOn: null, usage: "unknown", kept: "keychain", gone: true }),
    row("5290", "Site diary export", 12, 3 * DAY, { usage: "only_verified", kept: "session" }),
  ];
}

export function many(count: number): TokenRow[] {
  return Array.from({ length: count }, (_, index) => row(`m${index}`, `Integration ${index + 1}`, index, index % 3 === 0 ? null : index * 60 * MINUTE, { kept: index % 5 === 0 ? "keychain" : "no" }));
}

export function pasted(): TokenRow[] {
  return [
    { id: "pasted-1", name: "Power BI", createdOn: null, lastUsedOn: null, usage: "unknown", kept: "keychain", own: "no", pasted: true, gone: false, verifiedAt: ago(2 * DAY), replacement: null },
    { id: "pasted-2", name: "SAP Abgleich", createdOn: null, lastUsedOn: null, usage: "unknown", kept: "session", own: "no", pasted: true, gone: false, verifiedAt: ago(5 * MINUTE), replacement: null },
  ];
}

export const SETTINGS: Settings = { caFile: null, proxy: { kind: "system" }, clipboardSeconds: 120 };

export const USERS: UserChoice[] = [
  { id: "11", name: "Lee Sample", mail: "lee@nordbau.example" },
  { id: "12", name: "Robin Muster", mail: "robin@nordbau.example" },
  { id: "338609", name: "Kim Demo", mail: "kim@nordbau.example" },
];

export const KEPT_PLACES: KeptPlace[] = [
  { what: "sign_in_tokens", place: "Gatehouse", count: 2 },
  { what: "token_values", place: "Gatehouse", count: 3 },
  { what: "session_secrets", place: "", count: 1 },
  { what: "database", place: "/home/kim/.local/share/gatehouse/gatehouse.db", count: null },
  { what: "preferences", place: "/home/kim/.local/share/gatehouse/window.json", count: null },
  { what: "limit_files", place: "/home/kim/.local/state/gatehouse/limits", count: 2 },
  { what: "demo_data", place: "/home/kim/.local/share/gatehouse/demo", count: null },
  { what: "logs", place: "/home/kim/.local/share/gatehouse/logs", count: 3 },
];

const C = "/api/v1/{customer_id}";
function route(name: string, method: string, template: string, verdict: RouteRow["verdict"], documented = false): RouteRow {
  return { name, method, template, overrideTemplate: null, documented, verdict, checkedAt: verdict === "unknown" ? null : ago(20 * MINUTE) };
}

export const ROUTES: RouteRow[] = [
  route("users.list", "GET", `${C}/users`, "offered", true),
  route("projects.list", "GET", "/api/v2/{customer_id}/projects", "offered", true),
  route("me", "GET", `${C}/users/me`, "offered"),
  route("account", "GET", `${C}/account`, "not_offered"),
  route("tokens.list", "GET", `${C}/personal_access_tokens`, "offered"),
  route("tokens.create", "POST", `${C}/personal_access_tokens`, "unknown"),
  route("tokens.delete", "DELETE", `${C}/personal_access_tokens/{token_id}`, "unknown"),
  { ...route("user_tokens.list", "GET", `${C}/users/{user_id}/personal_access_tokens`, "refused"), overrideTemplate: "/api/v2/{customer_id}/users/{user_id}/access_tokens" },
];
