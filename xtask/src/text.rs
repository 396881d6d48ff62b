//! Reads the small texts other programs write: versions, os-release, dpkg's list.

/// Major, minor, patch.
pub type Version = (u32, u32, u32);

/// Reads `v22.11.0`, `22.04`, `9.2`, `12`.
pub fn version(text: &str) -> Option<Version> {
    let text = text.trim().trim_start_matches('v');
    let core = text.split(['-', '+', ' ']).next()?;
    let mut parts = core.split('.');
    let major = parts.next()?.parse().ok()?;
    let mut next = || parts.next().map_or(Some(0), |part| part.parse().ok());
    Some((major, next()?, next()?))
}

/// What /etc/os-release says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OsRelease {
    /// `debian`, `ubuntu`, `fedora`, …
    pub id: String,
    /// What it descends from, nearest first.
    pub like: Vec<String>,
    /// `12`, `22.04`; not every system has one.
    pub version: Option<Version>,
    /// The name for people.
    pub pretty: String,
}

impl OsRelease {
    /// Reads the file's text. What is missing stays empty.
    pub fn read(text: &str) -> Self {
        let mut read = Self::default();
        for line in text.lines() {
            let Some((key, value)) = line.split_once('=') else { continue };
            let value = value.trim().trim_matches(['"', '\'']);
            match key.trim() {
                "ID" => value.clone_into(&mut read.id),
                "ID_LIKE" => read.like = value.split_whitespace().map(str::to_owned).collect(),
                "VERSION_ID" => read.version = version(value),
                "PRETTY_NAME" => value.clone_into(&mut read.pretty),
                _ => {}
            }
        }
        read
    }

    /// Whether it is, or descends from, the system called `id`.
    pub fn is(&self, id: &str) -> bool {
        self.id == id || self.like.iter().any(|like| like == id)
    }
}

/// The packages of `wanted` that `listing` does not call installed. The listing is what
/// `dpkg-query -W -f='${Package} ${db:Status-Status}\n'` wrote.
pub fn missing_packages<'a>(wanted: &[&'a str], listing: &str) -> Vec<&'a str> {
    let installed: Vec<&str> = listing
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(_, status)| status.trim() == "installed")
        .map(|(name, _)| name)
        .collect();
    wanted.iter().copied().filter(|name| !installed.contains(name)).collect()
}

/// The names of a Cargo.toml's `[[test]]` targets.
pub fn test_targets(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == "[[test]]";
        } else if inside
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "name"
        {
            names.push(value.trim().trim_matches(['"', '\'']).to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_programs_and_systems_write_them() {
        assert_eq!(version("v20.19.0\n"), Some((20, 19, 0)));
        assert_eq!(version("22.04"), Some((22, 4, 0)));
        assert_eq!(version("12"), Some((12, 0, 0)));
        assert_eq!(version("v23.0.0-nightly2024"), Some((23, 0, 0)));
        assert_eq!(version("tauri-driver 2.1.0"), None);
        assert_eq!(version(""), None);
        assert_eq!(version("v22.x"), None);
    }

    #[test]
    fn os_release_is_read_with_and_without_quotes() {
        let ubuntu = OsRelease::read(
            "PRETTY_NAME=\"Ubuntu 22.04.4 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"22.04\"\nID=ubuntu\nID_LIKE=debian\n",
        );
        assert_eq!(ubuntu.version, Some((22, 4, 0)));
        assert!(ubuntu.is("ubuntu") && ubuntu.is("debian") && !ubuntu.is("fedora"));
        assert_eq!(ubuntu.pretty, "Ubuntu 22.04.4 LTS");

        let rocky = OsRelease::read("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n# a comment\n");
        assert!(rocky.is("fedora") && !rocky.is("debian"));
        assert_eq!(rocky.version, None);
    }

    #[test]
    fn a_package_that_was_removed_or_is_unknown_is_missing() {
        let listing =
            "build-essential installed\npkg-config config-files\nlibwebkit2gtk-4.1-dev half-installed\n";
        assert_eq!(
            missing_packages(&["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev", "xvfb"], listing),
            ["pkg-config", "libwebkit2gtk-4.1-dev", "xvfb"]
        );
        assert_eq!(missing_packages(&["build-essential"], ""), ["build-essential"]);
    }

    #[test]
    fn only_names_of_test_targets_are_taken() {
        let manifest = "[package]\nname = \"t\"\n\n[[test]]\nname = \"limit\"\npath = \"limit/main.rs\"\n\n\
                        [[bin]]\nname = \"worker\"\n[[test]]\npath = 'x'\nname = 'faults'\n";
        assert_eq!(test_targets(manifest), ["limit", "faults"]);
    }
}
