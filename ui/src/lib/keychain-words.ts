import type { KeychainKind } from "./ipc";
import { m } from "./paraglide/messages";

/** "The keyring": at the start of a sentence. */
export function keychainSubject(kind: KeychainKind): string {
  return { secret_service: m.keychain_subject_secret_service, apple_keychain: m.keychain_subject_apple_keychain, credential_manager: m.keychain_subject_credential_manager }[kind]();
}

/** "in the keyring": inside a sentence. */
export function keychainPlace(kind: KeychainKind): string {
  return { secret_service: m.keychain_place_secret_service, apple_keychain: m.keychain_place_apple_keychain, credential_manager: m.keychain_place_credential_manager }[kind]();
}
