//! Which system this is, which of its packages are needed, and how they are installed there.

use std::fs;

use crate::text::OsRelease;

/// What building needs, as Debian and Ubuntu call it.
pub const TO_BUILD: &[&str] = &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev"];

/// What the whole test needs besides: a screen, a keychain and a session bus of its own, a way to
/// drive the window and to read the clipboard.
pub const TO_TEST: &[&str] = &[
    "dbus",
    "fonts-dejavu-core",
    "gnome-keyring",
    "libsecret-tools",
    "nginx-light",
    "webkit2gtk-driver",
    "xauth",
    "xclip",
    "xvfb",
];

/// What checking the Windows build needs, where that target of Rust is there.
pub const TO_CHECK_WINDOWS: &[&str] = &["gcc-mingw-w64-x86-64"];

/// The kinds of system that are told apart.
#[derive(Debug, PartialEq, Eq)]
pub enum System {
    /// Debian, Ubuntu and what descends from them: packages can be looked up and installed.
    Debian(OsRelease),
    /// Another Linux.
    Linux(OsRelease),
    /// macOS.
    Mac,
    /// Windows.
    Windows,
}

impl System {
    /// The system this runs on.
    pub fn here() -> Self {
        match std::env::consts::OS {
            "windows" => Self::Windows,
            "macos" => Self::Mac,
            _ => Self::of(OsRelease::read(
                &fs::read_to_string("/etc/os-release")
                    .or_else(|_| fs::read_to_string("/usr/lib/os-release"))
                    .unwrap_or_default(),
            )),
        }
    }

    fn of(release: OsRelease) -> Self {
        if release.is("debian") || release.is("ubuntu") {
            Self::Debian(release)
        } else {
            Self::Linux(release)
        }
    }

    /// Says so when the system is known to lack `WebKitGTK` 4.1.
    pub fn too_old(&self) -> Option<String> {
        let Self::Debian(release) = self else { return None };
        let first = match release.id.as_str() {
            "debian" => ((12, 0, 0), "Debian 12"),
            "ubuntu" => ((22, 4, 0), "Ubuntu 22.04"),
            _ => return None,
        };
        // Without a version it is Debian's testing or unstable.
        (release.version? < first.0).then(|| {
            format!(
                "{} has no libwebkit2gtk-4.1-dev, which the window needs. It is there from {} on.",
                release.pretty, first.1
            )
        })
    }

    /// The command that installs what building needs. On Debian `packages` are the missing ones;
    /// elsewhere the names differ, and the answer is the whole list.
    pub fn install_command(&self, packages: &[&str], root: bool) -> String {
        let sudo = if root { "" } else { "sudo " };
        match self {
            Self::Debian(_) => format!(
                "{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {}",
                packages.join(" ")
            ),
            Self::Linux(release) if release.is("fedora") || release.is("rhel") => {
                "sudo dnf install gcc gcc-c++ make pkgconf-pkg-config webkit2gtk4.1-devel nodejs npm"
                    .to_owned()
            }
            Self::Linux(release) if release.is("arch") => {
                format!("{sudo}pacman -S --needed base-devel webkit2gtk-4.1 nodejs npm")
            }
            Self::Linux(release) if release.is("suse") || release.is("opensuse") => {
                format!("{sudo}zypper install gcc gcc-c++ make pkgconf webkit2gtk3-devel nodejs npm")
            }
            Self::Linux(_) => format!(
                "your package manager, for a C and C++ compiler, make, pkg-config, WebKitGTK 4.1 with its \
                 headers, Node 20.19 or newer with npm (on Debian: {})",
                TO_BUILD.join(", ")
            ),
            Self::Mac => "xcode-select --install".to_owned(),
            Self::Windows => "winget install Microsoft.EdgeWebView2Runtime".to_owned(),
        }
    }

    /// How Node comes to this system where no npm can fetch it.
    pub fn node_hint(&self) -> &'static str {
        match self {
            Self::Debian(_) => "sudo apt-get install -y --no-install-recommends npm",
            Self::Linux(_) => "your package manager: packages nodejs and npm",
            Self::Mac => "brew install node, or the installer of nodejs.org",
            Self::Windows => "winget install OpenJS.NodeJS.LTS",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(id: &str, like: &str, version: &str) -> System {
        System::of(OsRelease::read(&format!(
            "ID={id}\nID_LIKE=\"{like}\"\nVERSION_ID=\"{version}\"\nPRETTY_NAME=\"{id} {version}\"\n"
        )))
    }

    #[test]
    fn debian_ubuntu_and_their_children_are_one_kind() {
        for (id, like) in
            [("debian", ""), ("ubuntu", "debian"), ("linuxmint", "ubuntu debian"), ("pop", "ubuntu")]
        {
            assert!(matches!(system(id, like, "99"), System::Debian(_)), "{id}");
        }
        assert!(matches!(system("fedora", "", "43"), System::Linux(_)));
    }

    #[test]
    fn only_releases_without_webkitgtk_4_1_are_too_old() {
        assert!(system("debian", "", "11").too_old().is_some_and(|text| text.contains("Debian 12")));
        assert!(
            system("ubuntu", "debian", "20.04").too_old().is_some_and(|text| text.contains("Ubuntu 22.04"))
        );
        assert_eq!(system("debian", "", "12").too_old(), None);
        assert_eq!(system("ubuntu", "debian", "22.04").too_old(), None);
        assert_eq!(system("linuxmint", "ubuntu debian", "21").too_old(), None);
        assert_eq!(System::of(OsRelease::read("ID=debian\n")).too_old(), None);
    }

    #[test]
    fn each_system_gets_its_own_command() {
        let of = |id, like| system(id, like, "1").install_command(&["xvfb"], true);
        assert!(of("debian", "").starts_with("apt-get update && apt-get install"));
        assert!(of("nobara", "fedora").contains("dnf install"));
        assert!(of("manjaro", "arch").contains("pacman -S"));
        assert!(of("opensuse-tumbleweed", "opensuse suse").contains("zypper install"));
        assert!(of("void", "").contains("WebKitGTK 4.1"));
        assert!(System::Mac.install_command(&[], false).contains("xcode-select"));
        assert!(System::Windows.install_command(&[], false).contains("WebView2"));
    }
}
