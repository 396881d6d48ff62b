import { byName } from "../../lib/format";
import type { EventChoice } from "../../lib/ipc";

/** Events of one kind; without a name those that the server puts into none. */
export type EventGroup = { name: string | null; events: EventChoice[] };

/** The catalogue as it came, by group, in the server's order; those without one last. */
export function grouped(catalogue: readonly EventChoice[]): EventGroup[] {
  const groups = new Map<string | null, EventChoice[]>();
  for (const event of catalogue) groups.set(event.group, [...(groups.get(event.group) ?? []), event]);
  return [...groups].map(([name, events]) => ({ name, events })).sort((a, b) => Number(a.name === null) - Number(b.name === null));
}

/** Groups of the events whose title, name or group have every word. */
export function found(groups: readonly EventGroup[], search: string): EventGroup[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map((group) => ({
      ...group,
      events: group.events.filter((event) => {
        const text = `${event.title} ${event.name} ${group.name ?? ""}`.toLocaleLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ events }) => events.length > 0);
}

/** Chosen names that the catalogue does not have: kept, and shown as such. */
export function unknownEvents(catalogue: readonly EventChoice[], names: readonly string[]): string[] {
  const known = new Set(catalogue.map(({ name }) => name));
  return names.filter((name) => !known.has(name)).sort(byName);
}

/** "all", "some" or "none" of a group. */
export function share(events: readonly EventChoice[], chosen: readonly string[]): "all" | "some" | "none" {
  const count = events.filter(({ name }) => chosen.includes(name)).length;
  return count === 0 ? "none" : count === events.length ? "all" : "some";
}

/** Adds or takes away several, the others keep their places. */
export function withEvents(chosen: readonly string[], names: readonly string[], on: boolean): string[] {
  const kept = chosen.filter((name) => !names.includes(name));
  return on ? [...chosen, ...names.filter((name) => !chosen.includes(name))] : kept;
}

/** The title that the catalogue has for a name, else the name. */
export function eventTitle(catalogue: readonly EventChoice[], name: string): string {
  return catalogue.find((event) => event.name === name)?.title ?? name;
}
