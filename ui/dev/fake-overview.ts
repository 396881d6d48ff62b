// The Overview of the fake door.
import type { Attention, Overview } from "../src/lib/ipc";

const MINUTE = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();

const query = new URLSearchParams(location.search);
const scene = query.get("overview") ?? "";

function one(kind: Attention["kind"], id: string, subject: string): Attention {
  return { key: `${kind}/${id}`, kind, id, subject };
}

const ATTENTION: Attention[] = [
  one("token_old", "5262", "SAP Abgleich"),
  one("token_of_inactive", "12/7001", "Altes Power BI (Robin Muster)"),
  one("token_of_person", "11/7010", "Zapier – Tickets to Teams (Lee Sample)"),
  one("webhook_plain_http", "w3", "Meldungen an das alte Leitstandsystem der Bauüberwachung"),
  one("webhook_query_secret", "w3", "Meldungen an das alte Leitstandsystem der Bauüberwachung"),
  one("replacement_open", "op-replace", "Power BI Tagesbericht"),
];

let dismissed: string[] = [];
let oldDays = 365;

function figures(account: string): Overview {
  const fresh = scene === "first" || account === "documented";
  const requests = Array.from({ length: 60 }, (_, index) => (scene === "first" || index < 22 ? 0 : [0, 1, 0, 3, 2, 0, 0, 5, 4, 1][index % 10] ?? 0));
  return {
    account,
    oldDays,
    tokens: { total: scene === "first" ? 1 : 7, neverUsed: scene === "first" ? 0 : 1, unused: 1, kept: scene === "first" ? 1 : 4, asOf: ago(12 * MINUTE) },
    webhooks: fresh ? null : { active: 3, paused: 1, failing: 1, asOf: ago(50 * MINUTE) },
    users: fresh ? null : { total: 214, api: 9, complete: true, asOf: ago(26 * 60 * MINUTE) },
    replacements: [],
    attention: scene === "first" || scene === "calm" ? [] : (account === "real" ? ATTENTION.slice(0, 1) : ATTENTION).filter(({ key }) => !dismissed.includes(key)),
    dismissed: dismissed.length,
    requests,
  };
}

type Args = Record<string, unknown>;
const id = (args: Args) => String(args.account);

export const overviewAnswers: Record<string, (args: Args) => unknown> = {
  overview: (args) => figures(id(args)),
  attention_dismiss: (args) => {
    dismissed = [...dismissed, String(args.key)];
    return figures(id(args));
  },
  attention_restore: (args) => {
    dismissed = [];
    return figures(id(args));
  },
  overview_set_old: (args) => {
    oldDays = Number(args.days);
    return figures(id(args));
  },
  integration_copy_curl: () => ({ clearsInS: 120, clearsAt: ahead(120_000) }),
};
