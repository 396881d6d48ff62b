/** A target URL with user name and password taken out of it. */
export type Parted = { url: string; username: string; password: string };

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Credentials in a typed URL; null when there are none. Taken from the text itself, so that all else stays as typed. */
export function credentialsIn(typed: string): Parted | null {
  const match = /^(\s*https?:\/\/)([^/?#]*)@([^/?#@]*)(.*)$/is.exec(typed);
  if (!match) return null;
  const [, scheme = "", credentials = "", host = "", rest = ""] = match;
  const colon = credentials.indexOf(":");
  const username = colon < 0 ? credentials : credentials.slice(0, colon);
  return { url: `${scheme}${host}${rest}`, username: decoded(username), password: colon < 0 ? "" : decoded(credentials.slice(colon + 1)) };
}

/** "https://host:port" of what is typed so far; null while it is no URL. */
export function originOf(typed: string): string | null {
  try {
    const url = new URL(typed.trim());
    return url.protocol === "https:" || url.protocol === "http:" ? url.origin : null;
  } catch {
    return null;
  }
}

/** Whether another server would get what is sent. */
export function movesAway(from: string, to: string): boolean {
  const [old, now] = [originOf(from), originOf(to)];
  return old !== null && now !== null && old !== now;
}
