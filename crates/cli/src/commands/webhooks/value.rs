//! Values that a file of webhooks refers to by name.

use crate::{
    Exit, Outcome,
    args::{Destroy, Write},
    commands::planned,
    cx::Cx,
    json::{
        Answer, Done,
        webhooks::{Value as Document, Values},
    },
    out::{Cell, Table},
    prompt,
};
use clap::{Args, Subcommand};

/// `webhooks value …`
#[derive(Debug, Subcommand)]
pub enum Value {
    /// Set a value in the keychain: it is typed unseen, or read from standard input
    Set(Set),
    /// Their names and versions
    List,
    /// Delete a value from the keychain
    Delete(Delete),
}

/// `webhooks value set`
#[derive(Debug, Args)]
pub struct Set {
    /// Its name: letters, digits, - _ .
    name: String,
    /// Which version it is, for a file that asks for one [default: the next]
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    #[command(flatten)]
    write: Write,
}

/// `webhooks value delete`
#[derive(Debug, Args)]
pub struct Delete {
    /// Its name
    name: String,
    #[command(flatten)]
    destroy: Destroy,
}

impl Value {
    pub async fn run(self, cx: &Cx) -> Outcome {
        match self {
            Self::Set(args) => set(cx, args).await,
            Self::List => list(cx).await,
            Self::Delete(args) => delete(cx, args).await,
        }
    }
}

async fn set(cx: &Cx, args: Set) -> Outcome {
    let account = cx.account().await?;
    if args.write.dry_run {
        let text = format!("set the value {} of “{}” in the keychain.", args.name, account.label);
        return planned::<Document>(cx.out, "webhook.value_set", [args.name], text);
    }
    let value = prompt::secret(&format!("The value of {}", args.name))?;
    let set = cx.whole(cx.app.webhook_value_set(&account.id, &args.name, value, args.version)).await?;
    let set = Document::from(set);
    cx.out.say(&format!("{} is set, version {}.", set.name, set.version));
    cx.out.answer(&Answer::Done(set.clone()), |text| {
        text.facts([("name", set.name.as_str().into()), ("version", set.version.into())]);
    })?;
    Ok(Exit::Ok)
}

async fn list(cx: &Cx) -> Outcome {
    let account = cx.account().await?;
    let values = cx.app.webhook_values(&account.id).await?.into_iter().map(Document::from).collect();
    let document = Values { values };
    cx.out.answer(&document, |text| {
        let mut table = Table::new(&["name", "version", "set", "kept"]);
        for value in &document.values {
            table.row([
                value.name.as_str().into(),
                value.version.into(),
                Cell::Time(Some(value.set_at.clone())),
                value.kept.into(),
            ]);
        }
        text.table(table);
    })?;
    Ok(Exit::Ok)
}

async fn delete(cx: &Cx, args: Delete) -> Outcome {
    let account = cx.account().await?;
    if args.destroy.dry_run {
        let text = format!("delete the value {} of “{}” from the keychain.", args.name, account.label);
        return planned::<Done>(cx.out, "webhook.value_delete", [args.name], text);
    }
    let question = format!(
        "Delete the value {} from the keychain? PlanRadar keeps what webhooks have, and does not show it again.",
        args.name
    );
    prompt::confirm(&question, None, args.destroy.yes)?;
    cx.whole(cx.app.webhook_value_delete(&account.id, &args.name)).await?;
    cx.out.say(&format!("{} is deleted.", args.name));
    cx.out.answer(&Answer::Done(Done { done: true, id: args.name }), |_| {})?;
    Ok(Exit::Ok)
}
