import type { CodeFate, CodeProblem, CodeStep, CodeValue } from "../../../lib/ipc";
import { m } from "../../../lib/paraglide/messages";
import { problemText } from "../words";

/** What stands in the way, in the language of the window. */
export function codeProblemText(problem: CodeProblem): string {
  const name = problem.name ?? "";
  switch (problem.code) {
    case "syntax":
      return m.code_problem_syntax();
    case "unknown_key":
      return m.code_problem_unknown_key({ name });
    case "missing_key":
      return name ? m.code_problem_missing_key({ name }) : m.code_problem_empty();
    case "wrong_kind":
      return name ? m.code_problem_wrong_kind({ name }) : m.code_problem_wrong_form();
    case "unsupported_version":
      return m.code_problem_version();
    case "unknown_variable":
      return m.code_problem_variable({ name });
    case "unknown_environment":
      return m.code_problem_environment({ name });
    case "bad_reference":
      return m.code_problem_reference();
    case "value_for_hidden":
      return m.code_problem_value_for_hidden();
    case "duplicate":
      return m.code_problem_duplicate();
    case "ambiguous":
      return m.code_problem_ambiguous();
    case "no_such_webhook":
      return m.code_problem_no_such();
    case "needs_value":
      return m.code_problem_needs_value({ name: valueName(name) });
    case "masked":
      return m.code_problem_masked();
    case "being_created":
      return m.code_problem_being_created();
    case "field":
      return problem.fieldCode ? problemText({ field: name, code: problem.fieldCode, message: problem.message }) : problem.message;
  }
}

const SAID_WHOLE: readonly CodeProblem["code"][] = ["needs_value", "being_created", "unsupported_version", "field", "masked"];

/** What Rust says beyond that, such as what would be allowed there; null = nothing that is of use in the window. */
export function codeProblemDetail(problem: CodeProblem): string | null {
  return SAID_WHOLE.includes(problem.code) ? null : problem.message;
}

/** What a reference is called: without where it comes from. */
export function valueName(reference: string): string {
  return reference.replace(/^(keychain|stdin):/, "");
}

/** What becomes of a hidden value of the file. */
export function codeFateText(fate: CodeFate): string {
  return {
    same: m.code_fate_same,
    unknown: m.code_fate_unknown,
    first: m.code_fate_first,
    newer: m.code_fate_newer,
    changed_elsewhere: m.code_fate_changed_elsewhere,
    sent_along: m.code_fate_sent_along,
    missing: m.code_fate_missing,
  }[fate]();
}

/** Where a hidden value comes from, as the file says it. */
export function referenceText(value: CodeValue): string {
  return value.version === null ? value.reference : m.code_reference_version({ reference: value.reference, version: value.version });
}

/** One step, in a few words. */
export function stepText({ action, description: name }: CodeStep): string {
  if (action === "create") return m.code_step_create({ name });
  return action === "delete" ? m.code_step_delete({ name }) : m.code_step_update({ name });
}
