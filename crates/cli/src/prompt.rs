//! Questions to the person: secrets, and a yes. A secret never comes as an argument.

use crate::{
    failure::Failure,
    out::{Out, tame},
};
use secrecy::{SecretString, zeroize::Zeroize};
use std::io::{BufRead, IsTerminal, Read, Write};

/// The one environment variable with a secret: for CI, with the risk that the documentation tells.
pub const TOKEN: &str = "GATEHOUSE_TOKEN";
/// More than any token or hidden value has.
const MOST: u64 = 64 * 1024;

/// What [`TOKEN`] holds.
pub fn token_of_environment() -> Option<SecretString> {
    std::env::var(TOKEN).ok().filter(|text| !text.trim().is_empty()).map(SecretString::from)
}

/// A secret: typed unseen where a person is there, else all of standard input without the line's end.
pub fn secret(question: &str) -> Result<SecretString, Failure> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password(format!("{question}: "))
            .map(SecretString::from)
            .map_err(|e| Failure::usage(format!("Nothing could be typed: {e}.")));
    }
    let mut text = String::new();
    let read = std::io::stdin().lock().take(MOST).read_to_string(&mut text);
    let secret = SecretString::from(text.trim_end_matches(['\r', '\n']));
    text.zeroize();
    match read {
        Ok(0) => Err(Failure::usage(
            "Nothing came on standard input. Pipe the secret in, or run this in a terminal to type it.",
        )),
        Ok(_) => Ok(secret),
        Err(error) => Err(Failure::usage(format!("Standard input can't be read: {error}."))),
    }
}

/// Asks before something is taken away. `yes`: it was given with `--yes`. `word`: what must be typed; `None` = a y.
/// Without a person, and without `--yes`, it is refused.
pub fn confirm(question: &str, word: Option<&str>, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !Out::person_is_there() {
        return Err(Failure::not_confirmed(format!(
            "{question} Nobody is there to ask. Nothing was done; say --yes to do it without a question."
        )));
    }
    let ask = word.map_or_else(|| "[y/N]".to_owned(), |word| format!("Type “{word}” to go on:"));
    if said(&format!("{question} {ask} "))?.trim().eq_ignore_ascii_case(word.unwrap_or("y")) {
        return Ok(());
    }
    Err(Failure::not_confirmed("Nothing was done."))
}

/// Whether the person says y. Only where one is there.
pub fn agreed(question: &str) -> Result<bool, Failure> {
    Ok(said(&format!("{question} [y/N] "))?.trim().eq_ignore_ascii_case("y"))
}

fn said(question: &str) -> Result<String, Failure> {
    let mut line = String::new();
    let asked = (|| {
        let mut stderr = std::io::stderr();
        write!(stderr, "{}", tame(question, true))?;
        stderr.flush()?;
        std::io::stdin().lock().read_line(&mut line)
    })();
    match asked {
        Ok(_) => Ok(line),
        Err(error) => Err(Failure::usage(format!("The answer can't be read: {error}."))),
    }
}
