//! Makes the machine ready: names the system's packages that are missing, installs them where it may,
//! and sees to Node.

use std::io::IsTerminal as _;
use std::process::Command;

use crate::Result;
use crate::node::Node;
use crate::place::Place;
use crate::process::{answer, ask, run_quietly, step};
use crate::system::System;
use crate::text::missing_packages;

/// Whether packages may be installed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Install {
    /// As root, or through sudo.
    Allowed,
    /// Only said.
    Declined,
}

/// Makes sure that `wanted` (packages as Debian calls them) and a Node that is new enough are there.
pub fn machine(place: &Place, wanted: &[&str], install: Install) -> Result<Node> {
    let system = System::here();
    let mut wanted = wanted.to_vec();
    if !Node::can_be_had(place)? {
        wanted.push("npm");
    }
    packages(&system, &wanted, install)?;
    Node::ensure(place, &system)
}

/// Makes sure that `packages` (as Debian calls them) are there, or stops with what to type.
/// On other systems what building needs is looked for by itself.
fn packages(system: &System, packages: &[&str], install: Install) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let what = "system packages";
    if let Some(reason) = system.too_old() {
        return Err(reason);
    }
    match system {
        System::Debian(_) => {
            let missing = missing(packages)?;
            if missing.is_empty() {
                step(what, &format!("all {} there", packages.len()));
                return Ok(());
            }
            step(what, &format!("missing: {}", missing.join(" ")));
            apt(system, &missing, install)
        }
        _ if builds_here(system) => {
            step(what, "what building needs is there");
            Ok(())
        }
        _ => Err(format!(
            "something that building needs is missing. Install it with:\n\n    {}\n",
            system.install_command(&[], is_root())
        )),
    }
}

/// Installs `missing` with apt, or says what to type.
fn apt(system: &System, missing: &[&str], install: Install) -> Result<()> {
    let by_hand = system.install_command(missing, is_root());
    if install == Install::Declined {
        return Err(format!(
            "nothing was installed, as asked. Install what is missing with:\n\n    {by_hand}\n"
        ));
    }
    let Some(prefix) = may_install() else {
        return Err(format!(
            "installing needs root or sudo. Install what is missing with:\n\n    {by_hand}\n"
        ));
    };
    step("", "installing them with apt-get, which takes a minute or two");
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = prefix
            .iter()
            .copied()
            .chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"])
            .chain(arguments.iter().copied())
            .collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        run_quietly(&mut command)
    };
    // A package list that is a little old is no reason to stop: the install itself decides.
    if let Err(error) = apt(&["update"]) {
        step("", &format!("{error}; going on with the lists that are there"));
    }
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(missing);
    apt(&arguments).map_err(|error| format!("{error}. By hand:\n\n    {by_hand}\n"))
}

/// The packages of `wanted` that dpkg does not know as installed.
fn missing<'a>(wanted: &[&'a str]) -> Result<Vec<&'a str>> {
    // It fails when it does not know one of them, and still lists the others.
    let listing =
        answer(Command::new("dpkg-query").args(["-W", "-f=${Package} ${db:Status-Status}\\n"]).args(wanted))?;
    Ok(missing_packages(wanted, &listing))
}

/// The words before a command that make it run as root: none as root itself, `None` where it can't.
fn may_install() -> Option<Vec<&'static str>> {
    if is_root() {
        return Some(Vec::new());
    }
    if ask(Command::new("sudo").args(["-n", "true"])).is_some() {
        return Some(vec!["sudo", "-n"]);
    }
    // sudo can ask for the password only where somebody sits in front of it.
    let someone = std::io::stdin().is_terminal() && ask(Command::new("sudo").arg("-V")).is_some();
    someone.then(|| vec!["sudo"])
}

fn is_root() -> bool {
    ask(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// Whether building can work, on systems whose packages are not looked up.
fn builds_here(system: &System) -> bool {
    let there = |program: &str, arguments: &[&str]| ask(Command::new(program).args(arguments)).is_some();
    match system {
        System::Mac => there("xcode-select", &["-p"]),
        // A part of Windows 11. The compiler and linker are there: this program was built with them.
        System::Windows => WEBVIEW2.iter().any(|key| there("reg", &["query", key, "/v", "pv"])),
        System::Debian(_) | System::Linux(_) => {
            there("cc", &["--version"])
                && there("make", &["--version"])
                && there("pkg-config", &["--exists", "webkit2gtk-4.1"])
        }
    }
}

/// Where `WebView2` notes its version: for all on 64-bit Windows, and for one person.
const WEBVIEW2: &[&str] = &[
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
    r"HKCU\Software\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
];
