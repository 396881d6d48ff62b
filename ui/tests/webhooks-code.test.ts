import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import ImportPage from "../src/areas/webhooks/code/ImportPage.svelte";
import { codeImport } from "../src/lib/code-import.svelte";
import { answersOf, standing, wantedOf } from "../src/areas/webhooks/code/values";
import { codeProblemDetail, codeProblemText } from "../src/areas/webhooks/code/words";
import type { AccountView, AppError, CodePlan, CodeProblem, CodeProblemCode, CodeReport, CodeRow, WebhookPlan } from "../src/lib/ipc";
import { app } from "../src/lib/app.svelte";
import { locale } from "../src/lib/locale.svelte";
import { TESTIDS } from "../src/lib/testids";
import { toasts } from "../src/lib/toasts.svelte";
import { webhooks } from "../src/lib/webhooks.svelte";

const { commands } = vi.hoisted(() => ({
  commands: { accountActivate: vi.fn(), webhooksView: vi.fn(), webhooksImportOpen: vi.fn(), webhooksImportPaste: vi.fn(), webhooksImportPlan: vi.fn(), webhooksImportGive: vi.fn(), webhooksImportApply: vi.fn(), webhooksImportStop: vi.fn(), webhooksImportClose: vi.fn() },
}));
vi.mock("../src/lib/bindings", () => ({ commands, events: {} }));

const ok = (data: unknown) => ({ status: "ok", data });
const failed = (code: AppError["code"], field: string | null = null) => ({ status: "error", error: { code, message: "why", field, retryAt: null, details: null } });
const account = { id: "a", label: "Demo", demo: true } as AccountView;
const inner: WebhookPlan = { problems: [], changes: [], hidden: [], destination: null, plainHttp: false, hostForms: null, querySecrets: [], conflict: null };

function row(description: string, more: Partial<CodeRow> = {}): CodeRow {
  return { line: 4, description, id: "1", action: "update", found: "id", renamedFrom: null, plan: { ...inner, changes: [{ field: "description", old: "old", new: description }] }, values: [], ...more };
}

function plan(more: Partial<CodePlan> = {}): CodePlan {
  return { account: "a", problems: [], rows: [], others: [], create: 0, update: 0, delete: 0, unchanged: 0, differs: false, wanted: [], unused: [], requests: 1, seconds: 0, digest: "d1", ...more };
}

const problem = (code: CodeProblemCode, name: string | null = null): CodeProblem => ({ line: 7, column: 3, code, webhook: null, name, fieldCode: null, message: "Rust's words" });
const change = plan({ rows: [row("A")], update: 1, differs: true, requests: 4, seconds: 40 });

async function show(first: CodePlan, environments: string[] = []): Promise<() => void> {
  commands.webhooksImportPaste.mockResolvedValue(ok({ id: "f", name: null, environments }));
  commands.webhooksImportPlan.mockResolvedValue(ok(first));
  const done = vi.fn();
  const { unmount } = render(ImportPage, { account, done, create: vi.fn() });
  await fireEvent.input(screen.getByTestId(TESTIDS.importPaste), { target: { value: "version: 1" } });
  await fireEvent.click(screen.getByTestId(TESTIDS.importPasteShow));
  await waitFor(() => expect(screen.queryByTestId(TESTIDS.importAgain)).not.toBeNull());
  return unmount;
}

beforeEach(() => {
  locale.choose("en");
  webhooks.open("a");
  commands.webhooksView.mockResolvedValue(ok({ account: "a", state: { kind: "offered" }, rows: [], asOf: null, error: null }));
  commands.webhooksImportClose.mockResolvedValue(ok(null));
  commands.webhooksImportStop.mockResolvedValue(ok(null));
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(() => {
  // Whatever is left is put away.
  codeImport.enter("nobody");
  codeImport.leave("nobody");
  webhooks.open(null);
  vi.clearAllMocks();
});

describe("values that a file refers to", () => {
  const values = (reference: string, version: number | null) => row("A", { values: [{ name: "X", reference, version, fate: "missing" }] });
  const asked = plan({ rows: [values("keychain:ERP", 2), values("keychain:ERP", 5), values("stdin:A/X", null)], problems: [problem("needs_value", "keychain:ERP"), problem("needs_value", "keychain:ERP"), problem("syntax")], wanted: ["A/X"] });

  it("are asked for once, with the highest version, what is needed first", () => {
    expect(wantedOf(asked)).toEqual([
      { reference: "keychain:ERP", version: 5, keychain: true, needed: true },
      { reference: "stdin:A/X", version: null, keychain: false, needed: false },
    ]);
    expect(standing(asked).map(({ code }) => code)).toEqual(["syntax"]);
  });

  it("are sent only where something was typed", () => {
    expect(answersOf(wantedOf(asked), { "keychain:ERP": "v", "stdin:A/X": "" })).toEqual([{ reference: "keychain:ERP", version: 5, value: "v" }]);
  });
});

describe("problems", () => {
  it("all have words in both languages, and Rust's own only where they add something", () => {
    const codes: CodeProblemCode[] = ["syntax", "unknown_key", "missing_key", "wrong_kind", "unsupported_version", "unknown_variable", "unknown_environment", "bad_reference", "value_for_hidden", "duplicate", "ambiguous", "no_such_webhook", "needs_value", "masked", "being_created"];
    for (const language of ["en", "de"] as const) {
      locale.choose(language);
      const texts = codes.map((code) => codeProblemText(problem(code, "keychain:N")));
      expect(new Set(texts).size).toBe(codes.length);
    }
    locale.choose("en");
    expect(codeProblemText(problem("needs_value", "keychain:N"))).toBe("The hidden value “N” is needed.");
    expect(codeProblemDetail(problem("needs_value"))).toBeNull();
    expect(codeProblemDetail(problem("ambiguous"))).toBe("Rust's words");
    expect(codeProblemText({ ...problem("field", "events"), fieldCode: "nothing_chosen" })).toBe("Choose at least one event.");
  });

  it("stand at their lines, and nothing can be applied", async () => {
    await show(plan({ problems: [problem("unknown_key", "colour")], differs: true, update: 1, rows: [row("A")] }));
    expect(within(screen.getByTestId(TESTIDS.importProblems)).getByText("Line 7")).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>(TESTIDS.importApply).disabled).toBe(true);
  });
});

describe("the preview", () => {
  it("says what it costs, and applies what was shown", async () => {
    await show(change);
    expect(screen.getByTestId(TESTIDS.importSummary).textContent).toContain("1 changed");
    expect(screen.getByTestId(TESTIDS.importSummary).textContent).toContain("4 requests: about 40 s");
    const report: CodeReport = { done: [{ action: "update", id: "1", description: "A", differs: [] }], stopped: null, left: [] };
    commands.webhooksImportApply.mockResolvedValue(ok(report));
    await fireEvent.click(screen.getByTestId(TESTIDS.importApply));
    await waitFor(() => expect(screen.getByTestId(TESTIDS.importReport).dataset.done).toBe("1"));
    expect(commands.webhooksImportApply).toHaveBeenCalledWith("f", { environment: null, prune: false }, "d1");
  });

  it("says where it stopped and what is left, and compares again from there", async () => {
    await show(change);
    const step = (description: string) => ({ action: "update" as const, id: description, description, differs: [] });
    const error: AppError = { code: "stale", message: "", field: null, retryAt: null, details: null };
    commands.webhooksImportApply.mockResolvedValue(ok({ done: [step("A")], stopped: error, left: [step("B"), step("C")] } satisfies CodeReport));
    await fireEvent.click(screen.getByTestId(TESTIDS.importApply));
    const report = await screen.findByTestId(TESTIDS.importReport);
    expect(report.textContent).toContain("Stopped at “B”: 1 of 3 done");
    expect([...report.querySelectorAll<HTMLElement>("li")].map((line) => line.dataset.state)).toEqual(["done", "stopped", "left"]);
    commands.webhooksImportPlan.mockResolvedValue(ok({ ...change, digest: "d2" }));
    await fireEvent.click(within(report).getByTestId(TESTIDS.importAgain));
    await waitFor(() => expect(screen.queryByTestId(TESTIDS.importReport)).toBeNull());
    expect(screen.getByTestId(TESTIDS.importPage).dataset.digest).toBe("d2");
  });

  it("is made anew for another environment, and says so when they agree", async () => {
    await show(change, ["test", "live"]);
    commands.webhooksImportPlan.mockResolvedValue(ok(plan({ unchanged: 1, rows: [row("A", { action: "unchanged", plan: inner })] })));
    await fireEvent.change(screen.getByTestId(TESTIDS.importEnvironment), { target: { value: "live" } });
    await waitFor(() => expect(screen.queryByTestId(TESTIDS.importAgree)).not.toBeNull());
    expect(commands.webhooksImportPlan).toHaveBeenLastCalledWith("f", { environment: "live", prune: false });
  });

  it("takes a value, and keeps it out of the page once it was taken", async () => {
    const asks = plan({ differs: true, create: 1, rows: [row("A", { action: "create", values: [{ name: "X", reference: "keychain:ERP", version: null, fate: "missing" }] })], problems: [problem("needs_value", "keychain:ERP")] });
    await show(asks);
    const input = () => screen.getByTestId<HTMLInputElement>(TESTIDS.importValue);
    expect(input().type).toBe("password");
    commands.webhooksImportGive.mockResolvedValueOnce(failed("invalid", "keychain:ERP"));
    await fireEvent.input(input(), { target: { value: "böse" } });
    await fireEvent.click(screen.getByTestId(TESTIDS.importValuesUse));
    await waitFor(() => expect(input().getAttribute("aria-invalid")).toBe("true"));
    expect(input().value).toBe("böse");
    commands.webhooksImportGive.mockResolvedValueOnce(ok(null));
    commands.webhooksImportPlan.mockResolvedValue(ok(change));
    await fireEvent.input(input(), { target: { value: "good" } });
    await fireEvent.click(screen.getByTestId(TESTIDS.importValuesUse));
    await waitFor(() => expect(screen.queryByTestId(TESTIDS.importValues)).toBeNull());
    expect(commands.webhooksImportGive).toHaveBeenLastCalledWith("f", { environment: null, prune: false }, [{ reference: "keychain:ERP", version: null, value: "good" }]);
    expect(document.body.innerHTML).not.toContain("good");
  });

  it("asks for the words before it deletes", async () => {
    await show(plan({ differs: true, delete: 2, others: [{ id: "1", description: "B", target: "https://b/", delete: true }, { id: "2", description: "C", target: "https://c/", delete: true }] }));
    await fireEvent.click(screen.getByTestId(TESTIDS.importApply));
    const confirm = screen.getByTestId<HTMLButtonElement>(TESTIDS.confirm);
    expect(confirm.disabled).toBe(true);
    await fireEvent.input(screen.getByTestId(TESTIDS.importDeleteTyped), { target: { value: "delete 2" } });
    expect(confirm.disabled).toBe(false);
    expect(commands.webhooksImportApply).not.toHaveBeenCalled();
    commands.webhooksImportApply.mockResolvedValue(ok({ done: [], stopped: null, left: [] }));
    await fireEvent.click(confirm);
    await waitFor(() => expect(commands.webhooksImportApply).toHaveBeenCalledOnce());
  });

  it("is made anew, with the reason, when something has changed since", async () => {
    await show(change);
    commands.webhooksImportApply.mockResolvedValue(failed("stale"));
    commands.webhooksImportPlan.mockResolvedValue(ok({ ...change, digest: "d2" }));
    await fireEvent.click(screen.getByTestId(TESTIDS.importApply));
    await waitFor(() => expect(screen.getByTestId(TESTIDS.importPage).dataset.digest).toBe("d2"));
    expect(screen.getByTestId(TESTIDS.error)).toBeTruthy();
  });
});

describe("what nobody can undo", () => {
  it("is asked about before hidden values go, or a guess is taken for true", async () => {
    const loses = row("A", { plan: { ...inner, hidden: [{ name: "X-Key", what: "remove" }, { name: ":password", what: "remove" }] } });
    await show(plan({ rows: [loses, row("B", { found: "similar", renamedFrom: "Old B" }), row("C", { found: "was", renamedFrom: "Old C" })], update: 3, differs: true }));
    commands.webhooksImportApply.mockClear();
    await fireEvent.click(screen.getByTestId(TESTIDS.importApply));
    const dialog = within(screen.getByTestId(TESTIDS.importGraveDialog));
    expect(dialog.getByText("loses X-Key, Password")).toBeTruthy();
    expect(dialog.getByText("taken for “Old B” by a guess")).toBeTruthy();
    expect(dialog.queryByText("C")).toBeNull();
    expect(commands.webhooksImportApply).not.toHaveBeenCalled();
    commands.webhooksImportApply.mockResolvedValue(failed("offline"));
    await fireEvent.click(screen.getByTestId(TESTIDS.confirm));
    await waitFor(() => expect(commands.webhooksImportApply).toHaveBeenCalled());
  });
});

describe("a run", () => {
  it("shows how far it is, is stopped, goes on while the page is left, and tells its end elsewhere", async () => {
    const unmount = await show(change);
    let end: (answer: unknown) => void = () => {};
    commands.webhooksImportApply.mockReturnValue(new Promise((resolve) => (end = resolve)));
    await fireEvent.click(screen.getByTestId(TESTIDS.importApply));
    codeImport.moved({ account: "a", done: 1, total: 3, next: { action: "update", id: "2", description: "B", differs: [] }, seconds: 12 });
    await waitFor(() => expect(screen.getByTestId(TESTIDS.progress).dataset.done).toBe("1"));
    expect(screen.getByTestId(TESTIDS.progress).textContent).toContain("2 of 3: B");
    await fireEvent.click(screen.getByTestId(TESTIDS.progressStop));
    expect(commands.webhooksImportStop).toHaveBeenCalledWith("a");
    unmount();
    expect(commands.webhooksImportClose).not.toHaveBeenCalled();
    const said = vi.spyOn(toasts, "show");
    end(ok({ done: [{ action: "update", id: "1", description: "A", differs: [] }], stopped: null, left: [{ action: "update", id: "2", description: "B", differs: [] }] }));
    await waitFor(() => expect(said).toHaveBeenCalledWith("Stopped: 1 of 2 done", "warn"));
  });
});

describe("two accounts", () => {
  const other = { id: "b", label: "Other", demo: false } as AccountView;
  const stopped: CodeReport = { done: [], stopped: null, left: [{ action: "update", id: "1", description: "A", differs: [] }] };

  /** An import of the account a, whose page is left while it runs. */
  async function leftRunning(): Promise<(answer: unknown) => void> {
    const unmount = await show(change);
    let end: (answer: unknown) => void = () => {};
    commands.webhooksImportApply.mockReturnValue(new Promise((resolve) => (end = resolve)));
    await fireEvent.click(screen.getByTestId(TESTIDS.importApply));
    unmount();
    app.accounts = [account, other];
    webhooks.open("b");
    return end;
  }

  it("show an import of the other as what it is, and do nothing with it", async () => {
    const end = await leftRunning();
    const paste = commands.webhooksImportPaste.mockClear();
    render(ImportPage, { account: other, done: vi.fn(), create: vi.fn() });
    expect(screen.getByTestId(TESTIDS.importElsewhere).textContent).toContain("An import of “Demo” is running");
    for (const not of [TESTIDS.progress, TESTIDS.importApply, TESTIDS.importPaste]) expect(screen.queryByTestId(not)).toBeNull();
    expect(await codeImport.paste("version: 1")).toBe(false);
    expect(paste).not.toHaveBeenCalled();

    const said = vi.spyOn(toasts, "show");
    commands.webhooksImportPlan.mockClear();
    end(ok(stopped));
    await waitFor(() => expect(screen.getByTestId(TESTIDS.importElsewhere).textContent).toContain("has ended"));
    expect(said).toHaveBeenCalledWith("Stopped: 0 of 1 done", "warn");
    // Neither its report nor its file, and nothing is done with either.
    expect(screen.queryByTestId(TESTIDS.importReport)).toBeNull();
    await codeImport.apply();
    expect(commands.webhooksImportApply).toHaveBeenCalledOnce();
    commands.accountActivate.mockResolvedValue(ok(account));
    await fireEvent.click(screen.getByTestId(TESTIDS.importElsewhereGo));
    expect(commands.accountActivate).toHaveBeenCalledWith("a");
    expect([codeImport.isWanted("b"), codeImport.isWanted("a")]).toEqual([false, false]);
  });

  it("can go to the one whose import it is, and find its end there", async () => {
    const end = await leftRunning();
    const elsewhere = render(ImportPage, { account: other, done: vi.fn(), create: vi.fn() });
    end(ok(stopped));
    await waitFor(() => expect(codeImport.busy).toBeNull());
    codeImport.want();
    elsewhere.unmount();
    expect(codeImport.isWanted("a")).toBe(true);
    render(ImportPage, { account, done: vi.fn(), create: vi.fn() });
    expect(screen.getByTestId(TESTIDS.importReport).dataset.left).toBe("1");
  });

  it("are not mixed up by an answer that comes late", async () => {
    let answer: (file: unknown) => void = () => {};
    commands.webhooksImportPaste.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    codeImport.enter("a");
    const pasted = codeImport.paste("version: 1");
    // The new page may be there before the old one is gone.
    codeImport.enter("b");
    codeImport.leave("a");
    answer(ok({ id: "late", name: null, environments: [] }));
    expect(await pasted).toBe(false);
    expect([codeImport.account, codeImport.file]).toEqual(["b", null]);
    expect(commands.webhooksImportClose).toHaveBeenCalledWith("late");
    expect(commands.webhooksImportPlan).not.toHaveBeenCalled();

    commands.webhooksImportPaste.mockResolvedValue(ok({ id: "f", name: null, environments: [] }));
    commands.webhooksImportPlan.mockResolvedValue(ok(change));
    await codeImport.paste("version: 1");
    expect(commands.webhooksImportPaste).toHaveBeenLastCalledWith("b", "version: 1");
    let taken: (answer: unknown) => void = () => {};
    commands.webhooksImportGive.mockReturnValue(new Promise((resolve) => (taken = resolve)));
    const given = codeImport.give([{ reference: "stdin:A/X", version: null, value: "v" }]);
    codeImport.leave("b");
    codeImport.enter("a");
    commands.webhooksImportPlan.mockClear();
    taken(failed("invalid", "stdin:A/X"));
    expect(await given).toBe(false);
    expect([codeImport.account, codeImport.refused, codeImport.busy]).toEqual(["a", null, null]);
    expect(commands.webhooksImportPlan).not.toHaveBeenCalled();
  });
});

it("says that the server does not offer webhooks, and opens nothing there", async () => {
  commands.webhooksView.mockResolvedValue(ok({ account: "a", state: { kind: "not_offered", checkedAt: "2026-01-01T00:00:00Z" }, rows: [], asOf: null, error: null }));
  await webhooks.look();
  render(ImportPage, { account, done: vi.fn(), create: vi.fn() });
  expect(screen.getByTestId(TESTIDS.webhooksNotOffered)).toBeTruthy();
  expect(screen.queryByTestId(TESTIDS.importChoose)).toBeNull();
});
