//! How fast the command line starts, beside a program that does nothing but read its arguments.

use gatehouse_store::{Account, Kept, Store};
use std::{
    collections::BTreeMap,
    error::Error,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const RUNS: usize = 20;

/// Prints one line per command. All were built alike.
pub fn measure() -> Result<(), Box<dyn Error>> {
    let here = std::env::current_exe()?;
    let program = |name: &str| here.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let folder = tempfile::tempdir()?;
    let store = Store::open(folder.path().join("gatehouse.db"))?.store;
    store.add_account(&account())?;
    drop(store);
    let bare = fastest(&program("bare"), &["--version"], folder.path())?;
    println!("\nstart, the fastest of {RUNS}, beside a program that only reads its arguments ({bare:.1?})");
    for words in [&["--version"][..], &["tokens", "list", "--cached"]] {
        let took = fastest(&program("gatehouse-cli"), words, folder.path())?;
        println!("gatehouse-cli {:<22}  {:.1} times", words.join(" "), took.div_duration_f64(bare));
    }
    Ok(())
}

fn fastest(program: &Path, words: &[&str], data: &Path) -> Result<Duration, Box<dyn Error>> {
    let mut fastest = Duration::MAX;
    for _ in 0..RUNS {
        let mut command = Command::new(program);
        command.args(words).env("GATEHOUSE_DATA_DIR", data).stdout(Stdio::null()).stderr(Stdio::null());
        let begun = Instant::now();
        let ended = command.status().map_err(|e| format!("{}: {e}", program.display()))?;
        fastest = fastest.min(begun.elapsed());
        if !ended.success() {
            return Err(format!("{} {words:?} ended with {ended}", program.display()).into());
        }
    }
    Ok(fastest)
}

fn account() -> Account {
    Account {
        id: "00000000-0000-4000-8000-000000000001".into(),
        label: "Example".into(),
        server: "https://www.planradar.com".into(),
        customer_id: "1484013".into(),
        demo: false,
        user_id: None,
        user_name: None,
        user_mail: None,
        user_type: None,
        account_holder_id: None,
        plan: None,
        sign_in_token_id: None,
        sign_in_kept: Kept::Keychain,
        request_limit: 30,
        share: 20,
        overrides: BTreeMap::new(),
        created_at: jiff::Timestamp::UNIX_EPOCH,
        last_used_at: None,
    }
}
