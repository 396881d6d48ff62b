// Everyone's tokens of the fake door. Scenes by address: /?area=everyone&inventory=never
import { emit } from "@tauri-apps/api/event";
import type { Inventory, InventoryRow, JobView, Notice } from "../src/lib/ipc";
import { failure } from "./fake-scenes";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const scene = new URLSearchParams(location.search).get("inventory") ?? "";

function row(owner: [string, string], name: string, created: number, used: number | null, more: Partial<InventoryRow> = {}): InventoryRow {
  const [id, who] = owner;
  const mail = `${who.toLowerCase().replaceAll("ü", "ue").replaceAll(" ", ".")}@nordbau.example`;
  return { owner: { id, name: who }, mail, ownerActive: true, holder: false, person: true, token: { id: `${id}-${name}`, name, createdOn: ago(created * DAY), lastUsedOn: used === null ? null : ago(used * DAY + 3 * MINUTE), usage: used === null ? "never" : "used" }, asOf: ago(12 * MINUTE), ...more };
}

const KIM: [string, string] = ["338609", "Kim Demo"];
const LEE: [string, string] = ["11", "Lee Sample"];
const SAP: [string, string] = ["13", "Integration SAP"];
const UTE: [string, string] = ["14", "Ute Beispiel-Oberwaldmeisterin"];
const ROWS: InventoryRow[] = [
  row(KIM, "Tagesbericht", 40, 0, { holder: true }),
  row(KIM, "Gatehouse", 12, 0, { holder: true }),
  row(LEE, "Power BI", 210, 1),
  row(LEE, "Excel-Auswertung", 420, 130),
  row(LEE, "Mängelbericht an Bauherrschaft, wöchentlich", 800, null),
  row(SAP, "SAP Abgleich", 90, 0, { person: false, mail: "sap-integration@nordbau.example" }),
  row(UTE, "Altes Bautagebuch", 900, 300, { ownerActive: false }),
  row(["16", "Bank Prüfer"], "Zahlungsplan", 33, null, { mail: null }),
];
const MANY: InventoryRow[] = Array.from({ length: 300 }, (_, index) => row([`m${Math.floor(index / 5)}`, `Person ${String(Math.floor(index / 5) + 1).padStart(3, "0")}`], `Token ${index + 1}`, (index * 7) % 900, index % 4 === 0 ? null : (index * 3) % 200, { ownerActive: index % 20 < 18 }));

const large = scene === "large" || scene === "pages";
const never = ["never", "pages", "refused", "not-offered", "slow", "failed"].includes(scene);
let asked = never ? 0 : large ? 60 : scene === "partial" ? 2 : 4;
const apiUsers = large ? 60 : 4;

function view(account: unknown): Inventory {
  const complete = scene !== "pages";
  const state: Inventory["state"] = scene === "refused" ? { kind: "refused", reason: "permission_users", checkedAt: ago(MINUTE) } : scene === "not-offered" ? { kind: "not_offered", checkedAt: ago(MINUTE) } : scene === "slow" || scene === "failed" ? { kind: "unknown" } : { kind: "offered" };
  return {
    account: String(account),
    state,
    rows: asked === 0 || scene === "none" ? [] : large ? MANY : ROWS,
    asked: asked === 0 ? 0 : asked + (large ? 0 : 1),
    apiUsers,
    apiUsersAsked: asked,
    others: large ? 9940 : 4,
    othersAsked: asked === 0 || large ? 0 : 1,
    apiSeconds: large ? 120 : 0,
    othersSeconds: large ? 29_760 : 0,
    complete,
    loaded: scene === "slow" || scene === "failed" ? 0 : complete ? (large ? 10_000 : 8) : 500,
    count: large ? 10_000 : 8,
    requestsLeft: complete ? 0 : 19,
    asOf: asked === 0 ? null : ago(12 * MINUTE),
    oldDays: 365,
  };
}

const tell = (notice: Notice) => void emit("notice", notice);

export const inventoryAnswers: Record<string, (args: Record<string, unknown>) => unknown> = {
  inventory_view: (args) => (scene === "slow" ? new Promise(() => undefined) : view(args.account)),
  inventory_export: (args) => `/home/kim/gatehouse-tokens-9000001.${String(args.format)}`,
  inventory_start: (args): JobView => {
    const { kind } = args.whom as { kind: string };
    const total = kind === "others" ? view(args.account).others : apiUsers;
    const job: JobView = { id: "inventory", account: String(args.account), kind: "inventory", state: "running", total, done: 0, unchanged: 0, failures: [], halted: null, secondsLeft: total > 20 ? Math.ceil(total / 20) * 60 : 0, startedAt: ago(0), elsewhere: false };
    const next = { ...job, done: Math.min(total, 12), state: scene === "paused" || scene === "halted" ? ("paused" as const) : job.state, halted: scene === "halted" ? failure("offline") : null };
    setTimeout(() => {
      asked = Math.max(asked, 3);
      if (scene === "fails") tell({ kind: "job_changed", job: { ...job, state: "finished", done: total, secondsLeft: 0, failures: [{ user: { id: "14", name: "Ute Beispiel-Oberwaldmeisterin" }, error: failure("gone") }] } });
      else tell({ kind: "job_changed", job: next });
      tell({ kind: "users_changed", account: job.account });
    }, 400);
    return job;
  },
};
