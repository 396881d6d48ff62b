//! Questions to the person: secrets, and a yes. A secret never comes as an argument.

use crate::{
    failure::Failure,
    input,
    out::{Out, tame},
};
use secrecy::SecretString;
use std::{
    fs::File,
    io::{BufRead, BufReader, IsTerminal, Write},
};

/// The one environment variable with a secret: for CI, with the risk that the documentation tells.
pub const TOKEN: &str = "GATEHOUSE_TOKEN";
/// More than any token or hidden value has, in bytes.
const MOST: usize = 64 * 1024;
/// What the system calls the terminal that a program runs in.
const TERMINAL: &str = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };

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
    let text = input::text(std::io::stdin().lock(), MOST, "Standard input")?;
    if text.is_empty() {
        return Err(Failure::usage(
            "Nothing came on standard input. Pipe the secret in, or run this in a terminal to type it.",
        ));
    }
    Ok(SecretString::from(text.trim_end_matches(['\r', '\n'])))
}

/// Somebody who can be asked, and how the answer comes.
pub enum Person {
    /// On standard input.
    Input,
    /// From the terminal itself: standard input had something else.
    Terminal(File),
}

impl Person {
    /// Nobody, where there is no terminal. `taken`: standard input had something else.
    pub fn find(taken: bool) -> Option<Self> {
        if !taken {
            return Out::person_is_there().then_some(Self::Input);
        }
        let terminal = std::io::stderr().is_terminal().then(|| File::open(TERMINAL).ok())?;
        terminal.map(Self::Terminal)
    }

    /// Whether the person says yes.
    pub fn agrees(self, question: &str) -> Result<bool, Failure> {
        Ok(is_yes(&self.says(&format!("{question} [y/N] "))?))
    }

    fn says(self, question: &str) -> Result<String, Failure> {
        let mut line = String::new();
        let asked = (|| {
            let mut stderr = std::io::stderr();
            write!(stderr, "{}", tame(question, true))?;
            stderr.flush()?;
            match self {
                Self::Input => std::io::stdin().lock().read_line(&mut line),
                Self::Terminal(file) => BufReader::new(file).read_line(&mut line),
            }
        })();
        match asked {
            Ok(_) => Ok(line),
            Err(error) => Err(Failure::usage(format!("The answer can't be read: {error}."))),
        }
    }
}

/// Asks before something is taken away. `yes`: it was given with `--yes`. `word`: what must be typed; `None` = a yes.
/// Without a person, and without `--yes`, it is refused.
pub fn confirm(question: &str, word: Option<&str>, yes: bool) -> Result<(), Failure> {
    confirm_by(Person::find(false), question, word, yes)
}

/// The same where standard input may have something else.
pub fn confirm_by(
    person: Option<Person>,
    question: &str,
    word: Option<&str>,
    yes: bool,
) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    let Some(person) = person else {
        return Err(Failure::not_confirmed(format!(
            "{question} Nobody is there to ask. Nothing was done; say --yes to do it without a question."
        )));
    };
    let agreed = match word {
        None => person.agrees(question)?,
        Some(word) => {
            let said = person.says(&format!("{question} Type “{word}” to go on: "))?;
            said.trim().eq_ignore_ascii_case(word)
        }
    };
    if agreed { Ok(()) } else { Err(Failure::not_confirmed("Nothing was done.")) }
}

/// Whether the person says yes. Only where one is there.
pub fn agreed(question: &str) -> Result<bool, Failure> {
    Person::Input.agrees(question)
}

fn is_yes(answer: &str) -> bool {
    ["y", "yes"].iter().any(|yes| answer.trim().eq_ignore_ascii_case(yes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_is_said_in_two_ways() {
        for (answer, yes) in [
            ("y\n", true),
            (" YES \r\n", true),
            ("", false),
            ("n\n", false),
            ("yess\n", false),
            ("ja\n", false),
        ] {
            assert_eq!(is_yes(answer), yes, "{answer:?}");
        }
    }
}
