/** One `Name: value` of a pasted text. Rust checks both; here they are only taken apart. */
export type PastedHeader = { name: string; value: string };

const LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*:(?!\/\/)\s*(.*)$/;
const OPTION = /^(?:-H|--header)\s+(?:"([^"]*)"|'([^']*)')\s*\\?$/;

/** The line itself, also out of a command's `-H "Name: value" \`. */
function bare(line: string): string {
  const option = OPTION.exec(line.trim());
  return (option?.[1] ?? option?.[2] ?? line).trim();
}

/**
 * Several `Name: value` lines, as other programs show and copy them. Null when the text is something else and
 * shall be pasted as it is: a name alone, an address, or lines that are no headers.
 */
export function pastedHeaders(text: string): PastedHeader[] | null {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  const found = lines.flatMap((line) => {
    const match = LINE.exec(bare(line));
    return match ? [{ name: match[1] ?? "", value: match[2] ?? "" }] : [];
  });
  return found.length > 0 && found.length === lines.length ? found : null;
}

/** Names whose values most likely are secrets: proposed as hidden. */
export function looksSecret(name: string): boolean {
  return /(^|[-_])(auth|authorization|token|secret|key|apikey|password|passwd|signature|credential|cookie)s?($|[-_])/i.test(name);
}
