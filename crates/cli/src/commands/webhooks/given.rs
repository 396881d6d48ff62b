//! Several secrets at once: typed one by one, or on standard input as a JSON object or as lines of NAME=value.

use crate::{failure::Failure, input, prompt};
use gatehouse_core::SecretInput;
use secrecy::SecretString;
use std::{collections::BTreeMap, io::IsTerminal};

/// More than any file's values have, in bytes.
const MOST: usize = 1024 * 1024;

/// Secrets by their names.
pub type Given = BTreeMap<String, SecretString>;

/// Those that are wanted. One alone is all of standard input.
pub fn ask(wanted: &[String]) -> Result<Given, Failure> {
    match wanted {
        [] => Ok(Given::new()),
        [one] => Ok(Given::from([(one.clone(), prompt::secret(one)?)])),
        several if std::io::stdin().is_terminal() => {
            several.iter().map(|name| Ok((name.clone(), prompt::secret(name)?))).collect()
        }
        several => {
            let given = read()?;
            match several.iter().find(|name| !given.contains_key(*name)) {
                Some(missing) => Err(Failure::usage(format!(
                    "“{missing}” is not on standard input. Wanted are, as a JSON object or as lines of NAME=value: {}.",
                    several.join(", ")
                ))),
                None => Ok(given),
            }
        }
    }
}

/// Whatever is on standard input.
pub fn read() -> Result<Given, Failure> {
    parse(&input::text(std::io::stdin().lock(), MOST, "Standard input")?)
}

fn parse(text: &str) -> Result<Given, Failure> {
    if text.trim_start().starts_with('{') {
        // The reason may quote a value.
        let object: BTreeMap<String, SecretInput> = serde_json::from_str(text).map_err(|e| {
            Failure::usage(format!(
                "What came on standard input is no JSON object of texts: line {}, column {}.",
                e.line(),
                e.column()
            ))
        })?;
        return Ok(object.into_iter().map(|(name, value)| (name, value.into())).collect());
    }
    let mut given = Given::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let Some((name, value)) = line.split_once('=') else {
            return Err(Failure::usage(format!(
                "Line {} of standard input is not NAME=value. Names with a = in them need a JSON object.",
                n + 1
            )));
        };
        given.insert(name.trim().to_owned(), SecretString::from(value));
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;
    use secrecy::ExposeSecret;

    fn shown(text: &str) -> Vec<(String, String)> {
        // Exposed: invented here.
        parse(text).unwrap().into_iter().map(|(n, v)| (n, v.expose_secret().to_owned())).collect()
    }

    #[test]
    fn an_object_or_lines() {
        let wanted = [("a/X".to_owned(), "1=2".to_owned()), ("b".to_owned(), " x ".to_owned())];
        assert_eq!(shown(" {\"a/X\": \"1=2\", \"b\": \" x \"}\n"), wanted);
        assert_eq!(shown("a/X=1=2\n\nb= x \n"), wanted);
        assert_eq!(shown(""), []);
    }

    #[test]
    fn what_is_wrong_is_told_without_a_value() {
        for text in ["s3cr3t", "{\"a\": s3cr3t}", "{\"a\": [\"s3cr3t\"]}"] {
            let failure = parse(text).unwrap_err();
            assert!(!failure.message.contains("s3cr3t"), "{}", failure.message);
        }
    }
}
