import type { Language } from "./ipc";
import { overwriteGetLocale, type Locale } from "./paraglide/runtime";

/** The language of the words. Reading it in a template makes the template follow it. */
class LocaleState {
  current = $state<Locale>("en");

  choose(language: Language): void {
    const system = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
    this.current = language === "system" ? system : language;
    document.documentElement.lang = this.current;
  }
}

export const locale = new LocaleState();
overwriteGetLocale(() => locale.current);
