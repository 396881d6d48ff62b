/** A whole number in the range, as typed; null when it is none. */
export function wholeNumber(typed: string, min: number, max: number): number | null {
  const text = typed.trim();
  if (!/^\d{1,6}$/.test(text)) return null;
  const value = Number(text);
  return value >= min && value <= max ? value : null;
}
