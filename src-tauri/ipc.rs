//! The list of commands and events, once for Tauri, once for TypeScript.

use gatehouse_core::notices::Notice;
use serde::Serialize;
use specta::Type;
use tauri_specta::{Builder, Event, collect_commands, collect_events};

/// Carries a [`Notice`] to the window.
#[derive(Clone, Serialize, Type, Event)]
#[tauri_specta(event_name = "notice")]
pub struct NoticeEvent(pub Notice);

/// Commands and events.
#[allow(clippy::too_many_lines)] // One list, of one name a line.
#[must_use]
pub fn builder() -> Builder<tauri::Wry> {
    // The macros look for hidden companions of each command beside it, so names alone would not do.
    #[allow(clippy::wildcard_imports)]
    use crate::commands::{
        accounts::*, audit::*, connect::*, limit::*, operations::*, overview::*, routes::*, settings::*,
        tokens::*, users::*, webhooks::*, webhooks_code::*,
    };
    Builder::<tauri::Wry>::new()
        .disable_serde_phases()
        .commands(collect_commands![
            app_start,
            account_add,
            account_add_same_token,
            account_activate,
            account_rename,
            account_remove,
            account_sign_in_again,
            account_user_choices,
            account_set_identity,
            demo_start,
            tokens_view,
            tokens_refresh,
            token_create,
            token_reveal,
            token_copy_created,
            token_copy_kept,
            token_keep,
            token_close,
            token_delete,
            token_verify,
            token_forget,
            token_paste,
            token_mark_own,
            replace_start,
            replace_entered,
            replace_check,
            replace_finish,
            replace_stop,
            replace_sign_in,
            webhooks_view,
            webhooks_refresh,
            webhook_form,
            webhook_duplicate,
            webhook_check,
            webhook_check_by_hand,
            webhook_save,
            webhook_remember_by_hand,
            webhook_copy_field,
            webhook_copy_value,
            webhooks_set_active,
            webhooks_delete,
            webhook_events,
            projects_page,
            webhook_deliveries,
            webhooks_export,
            webhook_copy_yaml,
            webhooks_import_open,
            webhooks_import_paste,
            webhooks_import_plan,
            webhooks_import_give,
            webhooks_import_apply,
            webhooks_import_stop,
            webhooks_import_close,
            demo_page_open,
            users_view,
            users_refresh,
            users_more,
            users_search,
            user_detail,
            user_tokens,
            users_set_api,
            user_tokens_delete,
            operation_undo,
            user_cut_off,
            inventory_view,
            inventory_start,
            inventory_export,
            jobs_list,
            jobs_unread,
            job_read,
            job_pause,
            job_resume,
            job_cancel,
            user_create_form,
            user_create,
            user_invite,
            overview,
            attention_dismiss,
            attention_restore,
            overview_set_old,
            integration_copy_curl,
            connect_view,
            connect_refresh,
            connect_preflight,
            connect_request,
            connect_text,
            audit_verify,
            audit_begin_anew,
            audit_page,
            audit_export,
            operations_list,
            operation_check,
            operation_delete_candidate,
            operation_dismiss,
            limit_status,
            limit_set,
            routes_list,
            route_set,
            route_test,
            routes_export,
            routes_import,
            routes_import_apply,
            capabilities_check_again,
            settings_get,
            settings_set,
            pick_ca_file,
            open_data_folder,
            kept_places,
            remove_everything,
            prefs_set,
            open_page,
            keychain_retry,
            keychain_choose,
            unsaved_set,
            quit,
        ])
        .events(collect_events![NoticeEvent])
}

#[cfg(test)]
mod tests {
    //! Writes ui/src/lib/bindings.ts; `cargo xtask test` fails when that changes the committed file.

    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::builder;
    use specta_typescript::Typescript;
    use std::collections::BTreeSet;

    const ROOT: &str = env!("CARGO_MANIFEST_DIR");

    fn quoted(file: &str, from: &str, to: &str) -> BTreeSet<String> {
        let text = std::fs::read_to_string(format!("{ROOT}/src-tauri/{file}")).unwrap();
        let part = text.split_once(from).unwrap().1.split_once(to).unwrap().0;
        part.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn every_command_is_declared_and_granted_by_name() {
        let text = std::fs::read_to_string(format!("{ROOT}/src-tauri/ipc.rs")).unwrap();
        let listed = text.split_once("collect_commands![").unwrap().1.split_once(']').unwrap().0;
        let listed: BTreeSet<_> =
            listed.split(',').map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()).collect();
        assert_eq!(quoted("build.rs", "COMMANDS: &[&str] = &[", "];"), listed);
        let granted = quoted("capabilities/main.json", "\"permissions\": [", "]");
        let expected: BTreeSet<_> = listed
            .iter()
            .map(|c| format!("allow-{}", c.replace('_', "-")))
            .chain(["core:event:allow-listen", "core:event:allow-unlisten"].map(str::to_owned))
            .collect();
        assert_eq!(granted, expected);
    }

    #[test]
    fn bindings_are_exported() {
        let file = format!("{ROOT}/ui/src/lib/bindings.ts");
        builder().export(Typescript::default(), file).unwrap();
    }
}
