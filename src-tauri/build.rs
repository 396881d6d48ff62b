//! Tells Tauri which commands exist, so that each is granted by name.

use tauri_build::{AppManifest, Attributes};

/// As in `ipc.rs`; a test there compares the two and the capability.
const COMMANDS: &[&str] = &[
    "app_start",
    "account_add",
    "account_add_same_token",
    "account_activate",
    "account_rename",
    "account_remove",
    "account_sign_in_again",
    "account_user_choices",
    "account_set_identity",
    "demo_start",
    "tokens_view",
    "tokens_refresh",
    "token_create",
    "token_reveal",
    "token_copy_created",
    "token_copy_kept",
    "token_keep",
    "token_close",
    "token_delete",
    "token_verify",
    "token_forget",
    "token_paste",
    "token_mark_own",
    "replace_start",
    "replace_entered",
    "replace_check",
    "replace_finish",
    "replace_stop",
    "replace_sign_in",
    "operations_list",
    "operation_check",
    "operation_delete_candidate",
    "operation_dismiss",
    "limit_status",
    "limit_set",
    "routes_list",
    "route_set",
    "route_test",
    "routes_export",
    "routes_import",
    "routes_import_apply",
    "capabilities_check_again",
    "settings_get",
    "settings_set",
    "pick_ca_file",
    "open_data_folder",
    "kept_places",
    "remove_everything",
    "prefs_set",
    "open_page",
    "keychain_retry",
    "keychain_choose",
    "quit",
];

fn main() {
    let attributes = Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*")
        .app_manifest(AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
