import type { CodeAnswer, CodePlan } from "../../../lib/ipc";

/** A hidden value that the person can enter. */
export type Wanted = {
  reference: string;
  /** The highest version that the file asks for. */
  version: number | null;
  /** Kept in the keychain under its name; else only while the file is open here. */
  keychain: boolean;
  /** Without it nothing can be applied; else PlanRadar keeps what it has. */
  needed: boolean;
};

function versionOf(plan: CodePlan, reference: string): number | null {
  const versions = plan.rows.flatMap(({ values }) => values.filter((value) => value.reference === reference).map(({ version }) => version ?? 0));
  return Math.max(0, ...versions) || null;
}

/** What is asked for: each reference once, what is needed first. */
export function wantedOf(plan: CodePlan): Wanted[] {
  const needed = plan.problems.filter(({ code }) => code === "needs_value").map(({ name }) => name ?? "");
  const possible = plan.wanted.map((name) => `stdin:${name}`);
  const all = new Set([...needed, ...possible].filter((reference) => reference !== ""));
  return [...all].map((reference) => ({ reference, version: versionOf(plan, reference), keychain: reference.startsWith("keychain:"), needed: needed.includes(reference) }));
}

/** What was typed; an empty input means nothing. */
export function answersOf(wanted: readonly Wanted[], typed: Readonly<Record<string, string>>): CodeAnswer[] {
  return wanted.flatMap(({ reference, version }) => {
    const value = typed[reference] ?? "";
    return value === "" ? [] : [{ reference, version, value }];
  });
}

/** Problems that are not simply values to be entered below. */
export function standing(plan: CodePlan): CodePlan["problems"] {
  return plan.problems.filter(({ code }) => code !== "needs_value");
}
