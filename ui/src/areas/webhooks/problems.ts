import type { AppError, FieldProblem } from "../../lib/ipc";
import type { HeaderDraft } from "./draft";

/** A problem at the editor's own field: header rows by their key, so that it stays with its row when rows move. */
export type Problem = FieldProblem & {
  at: string;
  /** Leaving the value out is not proven to keep it: nothing else asks for it again. */
  unproven: boolean;
};

/** The name of a header row's input. */
export function headerField(header: Pick<HeaderDraft, "key">, part: "name" | "value"): string {
  return `header-${header.key}/${part}`;
}

function place(field: string, headers: readonly HeaderDraft[]): string {
  const match = /^headers\/(\d+)(?:\/(\w+))?/.exec(field);
  if (!match) return field;
  const header = headers[Number(match[1])];
  return header ? headerField(header, match[2] === "name" ? "name" : "value") : "headers";
}

/** At their places, in the order of the page. */
export function placed(problems: readonly FieldProblem[], headers: readonly HeaderDraft[], moves: boolean): Problem[] {
  const order = ["description", "active", "target_url", "projects", "events", "authentication", "username", "password"];
  const rank = (field: string) => {
    const index = order.indexOf(field);
    return index < 0 ? order.length + (field.startsWith("headers/") ? Number(field.split("/")[1]) : 1000) : index;
  };
  return problems.map((problem) => ({ ...problem, at: place(problem.field, headers), unproven: problem.code === "enter_again" && !moves })).sort((a, b) => rank(a.field) - rank(b.field));
}

/** The fields that a refused save names; the server's own words are all there is. */
export function serverProblems(error: AppError): FieldProblem[] {
  return error.details?.kind === "fields" ? error.details.fields.map(({ pointer, message }) => ({ field: pointer, code: "server", message })) : [];
}
