//! Where the value of a new token goes: to the keychain, or to standard output where that was asked for. It is never
//! lost in silence: what can't be handed over is deleted again.

use crate::{
    Exit, Outcome,
    cx::Cx,
    failure::Failure,
    json::tokens::{Kept, Printed},
    out::{Out, Text},
    prompt,
};
use clap::Args;
use gatehouse_core::{
    AppError,
    tokens::{self, CloseHow, CreatedToken},
};
use secrecy::ExposeSecret;
use serde::Serialize;

/// Where a new value is to go.
#[derive(Clone, Copy, Debug, Args)]
pub struct Printing {
    /// Print the value on standard output, once, and keep it nowhere
    #[arg(long)]
    pub print_value: bool,
}

impl Printing {
    /// In core's words.
    pub fn keep(self) -> tokens::Kept {
        if self.print_value { tokens::Kept::No } else { tokens::Kept::Keychain }
    }
}

/// Ends what creating began: the value is kept, or printed, or the token is deleted again.
pub async fn hand_over<T: Serialize>(
    cx: &Cx,
    created: CreatedToken,
    printing: Printing,
    document: impl FnOnce(Kept, Option<Printed>) -> T,
) -> Outcome {
    let print = match created.keep_error {
        Some(ref error) => {
            if !kept_elsewhere(cx, &created, error)? {
                return Err(take_back(cx, &created, error.clone().into()).await);
            }
            true
        }
        None => printing.print_value,
    };
    let (name, kept) = (&created.name, created.kept);
    let printed = if print {
        let value = cx.app.token_reveal(&created.handle)?;
        cx.out.say(&format!("Created “{name}”. Its value is shown now and never again."));
        let document = document(kept.into(), Some(Printed(value.clone())));
        if cx.out.is_json() {
            cx.out.answer_whole(&document, |_| {})
        } else {
            // Exposed because it was asked for: a script takes standard output as the value.
            Out::secret_line(value.expose_secret())
        }
    } else {
        cx.out.say(&format!("Created “{name}”. Its value is kept in the keychain."));
        cx.out.answer(&document(kept.into(), None), |text| facts(text, &created))
    };
    match printed {
        Err(failure) if print => return Err(take_back(cx, &created, failure).await),
        printed => {
            cx.app.token_close(&created.handle, CloseHow::Close).await?;
            printed?;
        }
    }
    Ok(Exit::Ok)
}

fn facts(text: &mut Text, created: &CreatedToken) {
    text.facts([
        ("id", created.token_id.as_str().into()),
        ("name", created.name.as_str().into()),
        ("kept", Kept::from(created.kept).word().into()),
    ]);
}

/// The keychain did not take the value: a person may take it from the screen. Nobody else is asked.
fn kept_elsewhere(cx: &Cx, created: &CreatedToken, error: &AppError) -> Result<bool, Failure> {
    if cx.out.is_json() || !Out::person_is_there() {
        return Ok(false);
    }
    Out::warn(&format!("“{}” was created, but its value could not be kept: {}", created.name, error.message));
    prompt::agreed("Show the value here, once? Otherwise the token is deleted again.")
}

/// Deletes a token whose value nobody has.
async fn take_back(cx: &Cx, created: &CreatedToken, mut why: Failure) -> Failure {
    match cx.app.token_close(&created.handle, CloseHow::DeleteToken).await {
        Ok(()) => {
            let text = format!("The new token “{}” was deleted again: its value is kept nowhere.", created.name);
            why.add(text);
        }
        Err(error) => why.add(format!(
            "“{}” (id {}) was created, its value is lost, and it could not be deleted: {} Delete it: `gatehouse-cli tokens delete {}`.",
            created.name, created.token_id, error.message, created.token_id
        )),
    }
    why
}
