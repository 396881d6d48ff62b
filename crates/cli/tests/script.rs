//! The script of docs/cli.md, as it stands there.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
#![cfg(target_os = "linux")] // The keyring it runs with.

use gatehouse_tests::desktop::Desktop;
use std::{path::Path, process::Stdio};

fn script() -> &'static str {
    let text = include_str!("../../../docs/cli.md");
    let from = text.split_once("<!-- script -->\n```bash\n").unwrap().1;
    from.split_once("```").unwrap().0
}

#[test]
fn the_documented_script_does_what_it_says() {
    let desktop = Desktop::with_keyring();
    let program = Path::new(env!("CARGO_BIN_EXE_gatehouse-cli")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths([program].into_iter().chain(std::env::split_paths(&path))).unwrap();
    let work = desktop.folder().join("work");
    std::fs::create_dir(&work).unwrap();
    let ran = desktop
        .command("bash")
        .args(["-c", script()])
        .current_dir(&work)
        .env("PATH", path)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{}\n{out}\n{err}", ran.status);
    for said in ["Power BI 2027", "requested", "whole", "mirja.holzapfelt@example.com"] {
        assert!(out.contains(said), "{said} is not in\n{out}");
    }
    // The data folder is the window's, and the removed account left no secret.
    assert!(desktop.folder().join(".local/share/io.github.gatehouse.desktop/gatehouse.db").is_file());
    assert!(!desktop.all_kept().iter().any(|value| value.len() > 100));
}

#[test]
fn every_area_is_in_it() {
    for area in
        ["account", "tokens", "webhooks", "users", "connect", "audit", "limit", "capabilities", "sandbox"]
    {
        assert!(script().contains(&format!("gatehouse-cli {area} ")), "{area}");
    }
}
