// The one door to Rust: only this file uses the generated bindings, and only they reach Tauri.
import { commands, events, type AppError, type Notice, type Prefs as StoredPrefs } from "./bindings";

export type {
  AccountView,
  AppError,
  AreaState,
  Attention,
  AttentionKind,
  AuditActor,
  AuditArea,
  AuditDamage,
  AuditIntegrity,
  AuditPage,
  AuditQuery,
  AuditRow,
  AuthenticationForm,
  AuthenticationInput,
  AuthenticationKind,
  ApiLock,
  BulkOutcome,
  CheckVerdict,
  Code,
  CodeAnswer,
  CodeChoice,
  CodeFate,
  CodeFile,
  CodePlan,
  CodeProblem,
  CodeProblemCode,
  CodeProgress,
  CodeReport,
  CodeRow,
  CodeStep,
  CodeValue,
  ConnectCheck,
  ConnectFinding,
  ConnectInput,
  ConnectState,
  ConnectStatus,
  ConnectView,
  Copied,
  CreatedToken,
  CutOffReport,
  CutOffStep,
  DeliveriesView,
  DeliveryRow,
  Density,
  Details,
  EventChoice,
  ExportFormat,
  FieldProblem,
  HeaderForm,
  HeldDeletion,
  HeaderInput,
  HiddenChange,
  HiddenFate,
  HiddenState,
  Inventory,
  InventoryRow,
  InventoryWhom,
  Kept,
  JobKind,
  JobView,
  KeptPlace,
  KeptWhat,
  KeychainAction,
  KeychainKind,
  KeychainOutcome,
  KeychainState,
  KeychainStatus,
  Language,
  LimitView,
  LostAnswer,
  NewUserForm,
  NewUserInput,
  Notice,
  OperationKind,
  OperationView,
  Overview,
  Own,
  Page,
  ProblemCode,
  ProjectRef,
  ProjectsPage,
  ProxySetting,
  Replacement,
  RoleChoice,
  RouteChange,
  RouteImport,
  RouteRow,
  RouteTest,
  RouteVerdict,
  SavedWebhook,
  Settings,
  StartState,
  StoreNotice,
  Theme,
  TokenRow,
  TokensView,
  TokenUse,
  UserChoice,
  UserDetail,
  UserPick,
  UserRow,
  UserToken,
  UserTokens,
  UsersFound,
  UsersView,
  ValueInput,
  WebhookChange,
  WebhookFigures,
  WebhookForm,
  WebhookInput,
  WebhookPick,
  WebhookPlan,
  WebhookRow,
  WebhooksView,
} from "./bindings";

/** Preferences with every default filled in. */
export type Prefs = Required<StoredPrefs>;

/** What a command threw: an AppError, so that it can be caught. */
export class Failure extends Error {
  constructor(readonly error: AppError) {
    super(error.message);
    this.name = "Failure";
  }
}

type Commands = typeof commands;
type Ipc = {
  [K in keyof Commands]: (...args: Parameters<Commands[K]>) => Promise<Extract<Awaited<ReturnType<Commands[K]>>, { status: "ok" }>["data"]>;
};
type Answer = { status: "ok"; data: unknown } | { status: "error"; error: AppError };

function unwrapped(command: (...args: never[]) => Promise<Answer>) {
  return async (...args: never[]): Promise<unknown> => {
    const answer = await command(...args);
    if (answer.status === "error") throw new Failure(answer.error);
    return answer.data;
  };
}

/** Every command of the bindings; the answer as it is, an error thrown as [`Failure`]. */
export const ipc = Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, unwrapped(command)])) as unknown as Ipc;

/** Whatever was thrown, as the one shape of an error. */
export function asError(thrown: unknown): AppError {
  if (thrown instanceof Failure) return thrown.error;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message, field: null, retryAt: null, details: null };
}

/** Calls `hear` with each notice, until the returned function is called. */
export async function onNotice(hear: (notice: Notice) => void): Promise<() => void> {
  return await events.notice.listen((event) => hear(event.payload));
}
