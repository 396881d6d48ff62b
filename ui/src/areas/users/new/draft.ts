import type { AppError, NewUserForm, NewUserInput, ProjectRef } from "../../../lib/ipc";
import { m } from "../../../lib/paraglide/messages";

/** A project of the new user; no role = none is chosen yet. */
export type Member = { project: ProjectRef; roleId: string };

/** What the form of a new user shows and changes. */
export type Draft = Omit<NewUserInput, "memberships"> & { members: Member[] };

/** Where a problem is shown: an input, a project's role by its project, all projects, or none of them. */
export type Problems = Record<string, string>;

const TEXTS = ["firstName", "lastName", "mail", "company", "position"] as const;
export type Text = (typeof TEXTS)[number];

/** The inputs by the names that Rust and the server give them. */
const FIELDS: Record<string, Text> = { first_name: "firstName", last_name: "lastName", mail: "mail", company: "company", position: "position" };

/** The name of a project's role on the form. */
export const roleField = (projectId: string) => `role-${projectId}`;

export function draftOf({ input }: NewUserForm): Draft {
  const { memberships, ...texts } = input;
  return { ...texts, members: memberships.map(({ projectId, roleId }) => ({ project: { id: projectId, name: null }, roleId })) };
}

export function inputOf({ members, ...texts }: Draft): NewUserInput {
  return { ...texts, memberships: members.map(({ project, roleId }) => ({ projectId: project.id, roleId })) };
}

/** As it is read aloud: first and last name, as the journal writes it too. */
export function nameOf(draft: Draft): string {
  return `${draft.firstName.trim()} ${draft.lastName.trim()}`.trim();
}

export function isChanged(draft: Draft, first: Draft): boolean {
  const essence = (one: Draft) => JSON.stringify(inputOf(one));
  return essence(draft) !== essence(first);
}

/** One project more or less. A further one starts with the role of the one before it. */
export function withProject(members: readonly Member[], project: ProjectRef, on: boolean): Member[] {
  const others = members.filter((member) => member.project.id !== project.id);
  return on ? [...others, { project, roleId: others.at(-1)?.roleId ?? "" }] : others;
}

/** What is missing before anything is sent. */
export function missing(draft: Draft): Problems {
  const found: Problems = {};
  for (const field of ["firstName", "lastName", "mail"] as const) if (draft[field].trim() === "") found[field] = field === "mail" ? m.new_user_mail_wrong() : m.new_user_needed();
  for (const { project, roleId } of draft.members) if (roleId === "") found[roleField(project.id)] = m.new_user_role_needed();
  return found;
}

function at(pointer: string): string {
  return FIELDS[pointer] ?? (/project_ids|role_ids|is_mobile_syncs/.test(pointer) ? "members" : "whole");
}

/** What a refusal says of the fields; empty = it is about something else. */
export function refused(error: AppError): Problems {
  if (error.details?.kind === "fields") {
    const found: Problems = {};
    for (const { pointer, message } of error.details.fields) found[at(pointer)] ??= m.problem_server({ message });
    // That somebody is known elsewhere is no mistake of the address: the form offers the way on.
    if (error.code === "invite_instead") delete found.mail;
    return found;
  }
  const field = FIELDS[error.field ?? ""];
  return field ? { [field]: field === "mail" ? m.new_user_mail_wrong() : m.new_user_text_wrong() } : {};
}

/** The first problem on the page, so that the keyboard goes there; null = at none of its inputs. */
export function firstField(problems: Problems, draft: Draft): string | null {
  return [...TEXTS, ...draft.members.map(({ project }) => roleField(project.id)), "members"].find((field) => problems[field] !== undefined) ?? null;
}

export type Licences = { kind: "unknown" } | { kind: "free" | "last" | "none"; used: number; total: number };

/** What is known of the plan's in-house licences: creating somebody takes one. */
export function licencesOf({ licencesUsed: used, licencesTotal: total }: NewUserForm): Licences {
  if (used === null || total === null) return { kind: "unknown" };
  return { kind: used >= total ? "none" : used + 1 === total ? "last" : "free", used, total };
}
