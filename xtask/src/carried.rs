//! What the Linux packages carry beside the window: the command line, its manual and its completions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::place::Place;
use crate::process::{ask, cargo, command, run, step};

const PROGRAM: &str = "gatehouse-cli";

/// Where shells look for completions: the shell, the file in a .deb, the same in a .rpm.
const SHELLS: &[(&str, &str, &str)] = &[
    (
        "bash",
        "/usr/share/bash-completion/completions/gatehouse-cli",
        "/usr/share/bash-completion/completions/gatehouse-cli",
    ),
    (
        "fish",
        "/usr/share/fish/vendor_completions.d/gatehouse-cli.fish",
        "/usr/share/fish/vendor_completions.d/gatehouse-cli.fish",
    ),
    (
        "zsh",
        "/usr/share/zsh/vendor-completions/_gatehouse-cli",
        "/usr/share/zsh/site-functions/_gatehouse-cli",
    ),
];

/// Builds it for release, and returns the bundler's configuration that takes it along.
pub fn build(place: &Place) -> Result<String> {
    step("command line", "building gatehouse-cli, its manual and completions");
    run(cargo(place).args(["build", "--release", "--package", PROGRAM]))?;
    write(&place.program(PROGRAM, true), &place.target.join("release").join("carried"))
}

/// Lets `program` write what it has to say of itself into `folder`.
fn write(program: &Path, folder: &Path) -> Result<String> {
    let failed = |error: std::io::Error| format!("{} can't be written: {error}", folder.display());
    // An old page of a command that is gone would be packed, too.
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    let manual = folder.join("man1");
    fs::create_dir_all(folder).map_err(failed)?;
    run(command(program, folder).args(["man", "--dir"]).arg(&manual))?;
    let (mut deb, mut rpm) = (BTreeMap::new(), BTreeMap::new());
    for files in [&mut deb, &mut rpm] {
        files.insert("/usr/bin/gatehouse-cli", program.to_owned());
        files.insert("/usr/share/man/man1", manual.clone());
    }
    for (shell, in_deb, in_rpm) in SHELLS {
        let script = ask(command(program, folder).args(["completions", shell]))
            .ok_or_else(|| format!("{PROGRAM} wrote no completions for {shell}"))?;
        let file = folder.join(shell);
        fs::write(&file, script + "\n").map_err(failed)?;
        deb.insert(in_deb, file.clone());
        rpm.insert(in_rpm, file);
    }
    let (deb, rpm) = (json(&deb), json(&rpm));
    Ok(format!(r#"{{"bundle":{{"linux":{{"deb":{{"files":{deb}}},"rpm":{{"files":{rpm}}}}}}}}}"#))
}

/// An object of texts.
fn json(files: &BTreeMap<&str, PathBuf>) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let pairs = files.iter().map(|(to, from)| format!("{}:{}", quoted(to), quoted(&from.to_string_lossy())));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundler_reads_where_each_file_goes() {
        let files =
            BTreeMap::from([("/usr/bin/x", PathBuf::from("/a \"b\"/x")), ("/usr/share/y", "/y".into())]);
        assert_eq!(json(&files), r#"{"/usr/bin/x":"/a \"b\"/x","/usr/share/y":"/y"}"#);
        assert_eq!(json(&BTreeMap::new()), "{}");
    }
}
