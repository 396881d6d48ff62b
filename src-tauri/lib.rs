//! Gatehouse, the desktop app: Tauri glue and nothing else.

pub mod commands;
pub mod ipc;
pub mod shell;

use std::sync::Arc;

use gatehouse_core::Gatehouse;
use tauri::{AppHandle, Manager, RunEvent};

/// Runs the program until its window is closed.
pub fn run() {
    let ipc = ipc::builder();
    let app = tauri::Builder::default()
        // First, so that a second start ends before it opens anything.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| shell::window::show(app)))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_store::Builder::default().build())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .invoke_handler(ipc.invoke_handler())
        .setup(move |app| {
            ipc.mount_events(app);
            let handle = app.handle().clone();
            match shell::start::start(&handle) {
                Ok(gatehouse) => {
                    app.manage(gatehouse);
                    shell::window::open(&handle)?;
                }
                Err(trouble) => shell::window::refuse_to_start(&handle, &trouble),
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => app.run(|handle, event| {
            if let RunEvent::Exit = event {
                quitting(handle);
            }
        }),
        Err(error) => {
            eprintln!("Gatehouse can't start: {error}");
            std::process::exit(1);
        }
    }
}

fn quitting(handle: &AppHandle) {
    if let Some(gatehouse) = handle.try_state::<Arc<Gatehouse>>() {
        gatehouse.quitting();
    }
}
