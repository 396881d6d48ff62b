import type { FieldProblem, HiddenFate, ProjectRef } from "../../lib/ipc";
import { m } from "../../lib/paraglide/messages";

/** "All", one name, or how many. */
export function projectsText(projects: readonly ProjectRef[] | null): string {
  if (projects === null) return m.webhook_all();
  const [only] = projects;
  return projects.length === 1 && only ? (only.name ?? only.id) : String(projects.length);
}

/** A field of a problem or a change, as the editor calls it; `headers` are its names in their order. */
export function fieldName(field: string, headers: readonly string[] = []): string {
  const names: Record<string, () => string> = {
    description: m.webhook_description,
    active: m.webhook_active,
    target_url: m.webhook_target,
    projects: m.webhook_projects,
    events: m.webhook_events,
    authentication: m.webhook_authentication,
    username: m.webhook_username,
    password: m.webhook_password,
    headers: m.webhook_headers,
  };
  const known = names[field];
  if (known) return known();
  const header = /^headers\/(\d+)(?:\/(\w+))?$/.exec(field);
  if (header) {
    const index = Number(header[1]);
    const name = headers[index]?.trim() || String(index + 1);
    return header[2] === "name" ? m.webhook_header_name_of({ name }) : m.webhook_header_value_of({ name });
  }
  return field.startsWith("header ") ? m.webhook_header_of({ name: field.slice("header ".length) }) : field;
}

/** What is wrong at a field, in the language of the window. */
export function problemText(problem: FieldProblem & { unproven?: boolean }): string {
  const value = problem.field.endsWith("/value") || problem.field === "password";
  switch (problem.code) {
    case "empty":
      if (problem.field === "description") return m.problem_empty_description();
      if (problem.field === "target_url") return m.problem_empty_target();
      return problem.field.endsWith("/name") ? m.problem_empty_name() : m.problem_empty();
    case "too_long":
      return m.problem_too_long();
    case "not_a_url":
      return m.problem_not_a_url();
    case "url_credentials":
      return m.problem_url_credentials();
    case "bad_characters":
      if (problem.field === "username") return m.problem_bad_username();
      if (problem.field.endsWith("/name")) return m.problem_bad_header_name();
      return value ? m.problem_bad_value() : m.problem_bad_characters();
    case "outer_space":
      return m.problem_outer_space();
    case "duplicate":
      return m.problem_duplicate();
    case "reserved":
      return m.problem_reserved();
    case "authorization_beside_basic":
      return m.problem_authorization_beside_basic();
    case "masked":
      return m.problem_masked();
    case "enter_again":
      return problem.unproven ? m.problem_unproven() : m.problem_enter_again();
    case "nothing_to_keep":
      return m.problem_nothing_to_keep();
    case "nothing_chosen":
      return problem.field === "events" ? m.problem_no_events() : m.problem_no_projects();
    case "server":
      return m.problem_server({ message: problem.message });
  }
}

/** What becomes of a hidden value. */
export function fateText(fate: HiddenFate): string {
  return { keep: m.fate_keep, from_keychain: m.fate_from_keychain, replace: m.fate_replace, remove: m.fate_remove, enter_again: m.fate_enter_again, unproven: m.fate_unproven }[fate]();
}
