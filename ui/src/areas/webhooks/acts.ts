/** What can be done with a row. */
export type Act = "edit" | "duplicate" | "pause" | "resume" | "deliveries" | "yaml" | "delete";

/** Where the area is. */
export type Place =
  | { kind: "list" }
  /** Null = a new one; `copyOf` = like that one; `draft` = as it was left. */
  | { kind: "editor"; id: string | null; copyOf: string | null; resume: boolean }
  | { kind: "deliveries"; id: string }
  /** A file of webhooks. */
  | { kind: "import" };
