//! PlanRadar accounts on this computer.

use super::planned;
use crate::{
    Exit, Outcome,
    args::{Destroy, Read, Write},
    cx::{Cx, named},
    failure::Failure,
    json::{self, Answer, Done, account::SignIn},
    prompt,
};
use clap::{Args, Subcommand};
use gatehouse_core::{
    AppError, Code,
    accounts::{AccountView, NewAccount},
};
use secrecy::SecretString;

/// `account …`
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Test a token with a documented request, then keep it in the keychain
    ///
    /// The token is typed unseen, or read from standard input, or from GATEHOUSE_TOKEN.
    Add(Add),
    /// The accounts on this computer
    List,
    /// Make an account the one that commands, and the window when it starts, are about
    Use(Named),
    /// Give an account another name, on this computer only
    Rename(Rename),
    /// Remove an account and its secrets from this computer. Nothing changes at PlanRadar
    Remove(Remove),
    /// Take another sign-in token for an account that is here
    SignIn(SignInAgain),
    /// Whom an account signs in as, and whether PlanRadar accepts it
    Status(Read),
}

/// `account add`
#[derive(Debug, Args)]
pub struct Add {
    /// The Account ID: the number of Settings > Account in PlanRadar
    account_id: String,
    /// Its name here [default: what PlanRadar tells]
    #[arg(long)]
    name: Option<String>,
    /// Another server than PlanRadar's
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// Keep no token: each run takes it from GATEHOUSE_TOKEN
    #[arg(long)]
    no_keychain: bool,
    #[command(flatten)]
    write: Write,
}

/// `account use`
#[derive(Debug, Args)]
pub struct Named {
    /// Its name, Account ID or id
    account: String,
    #[command(flatten)]
    write: Write,
}

/// `account rename`
#[derive(Debug, Args)]
pub struct Rename {
    /// Its name, Account ID or id
    account: String,
    /// The new name
    name: String,
    #[command(flatten)]
    write: Write,
}

/// `account remove`
#[derive(Debug, Args)]
pub struct Remove {
    /// Its name, Account ID or id
    account: String,
    #[command(flatten)]
    destroy: Destroy,
}

/// `account sign-in`
#[derive(Debug, Args)]
pub struct SignInAgain {
    /// Keep no token: each run takes it from GATEHOUSE_TOKEN
    #[arg(long)]
    no_keychain: bool,
    #[command(flatten)]
    write: Write,
}

impl Account {
    pub async fn run(self, cx: &Cx) -> Outcome {
        match self {
            Self::Add(args) => add(cx, args).await,
            Self::List => list(cx).await,
            Self::Use(args) => activate(cx, args).await,
            Self::Rename(args) => rename(cx, args).await,
            Self::Remove(args) => remove(cx, args).await,
            Self::SignIn(args) => sign_in(cx, args).await,
            Self::Status(read) => status(cx, read).await,
        }
    }
}

async fn add(cx: &Cx, args: Add) -> Outcome {
    if args.write.dry_run {
        let text = format!("test a token for account {} and keep it.", args.account_id);
        return planned::<json::account::Account>(cx.out, "account.add", [args.account_id], text);
    }
    let token = token()?;
    let input = NewAccount {
        server: args.server,
        customer_id: args.account_id,
        label: args.name,
        session_only: args.no_keychain,
    };
    let added = cx.whole(cx.app.account_add(input, token)).await?;
    cx.out.say(&format!("Added “{}”. It is in use from now on.", added.label));
    show(cx, added).await
}

async fn list(cx: &Cx) -> Outcome {
    let (accounts, active) = cx.accounts().await?;
    let accounts: Vec<_> =
        accounts.into_iter().map(|a| json::account::Account::new(a, active.as_deref())).collect();
    let document = json::account::Accounts { accounts };
    cx.out.answer(&document, |text| {
        let mut table =
            crate::out::Table::new(&["in use", "name", "account id", "server", "sign-in", "user"]);
        for account in &document.accounts {
            table.row([
                if account.in_use { "*" } else { "" }.into(),
                account.label.as_str().into(),
                account.account_id.as_str().into(),
                account.server.as_str().into(),
                account.sign_in.word().into(),
                account.user.as_ref().map(|u| u.name.clone()).into(),
            ]);
        }
        text.table(table);
    })?;
    Ok(Exit::Ok)
}

async fn activate(cx: &Cx, args: Named) -> Outcome {
    let account = find(cx, &args.account).await?;
    if args.write.dry_run {
        let text = format!("make “{}” the account in use.", account.label);
        return planned::<json::account::Account>(cx.out, "account.use", [account.id], text);
    }
    let account = cx.app.account_activate(&account.id).await?;
    cx.out.say(&format!("“{}” is in use from now on.", account.label));
    show(cx, account).await
}

async fn rename(cx: &Cx, args: Rename) -> Outcome {
    let account = find(cx, &args.account).await?;
    if args.write.dry_run {
        let text = format!("call “{}” “{}”.", account.label, args.name);
        return planned::<json::account::Account>(cx.out, "account.rename", [account.id], text);
    }
    let renamed = cx.app.account_rename(&account.id, &args.name).await?;
    cx.out.say(&format!("“{}” is called “{}” now.", account.label, renamed.label));
    show(cx, renamed).await
}

async fn remove(cx: &Cx, args: Remove) -> Outcome {
    let account = find(cx, &args.account).await?;
    if args.destroy.dry_run {
        let text = format!("remove “{}” and its secrets from this computer.", account.label);
        return planned::<Done>(cx.out, "account.remove", [account.id], text);
    }
    let question = format!(
        "Remove “{}” ({}) and the secrets kept for it from this computer? Values that PlanRadar shows once are lost.",
        account.label, account.customer_id
    );
    prompt::confirm(&question, None, args.destroy.yes)?;
    cx.whole(cx.app.account_remove(&account.id)).await?;
    cx.out.say(&format!("Removed “{}”.", account.label));
    let done = Answer::Done(Done { done: true, id: account.id });
    cx.out.answer(&done, |_| {})?;
    Ok(Exit::Ok)
}

async fn sign_in(cx: &Cx, args: SignInAgain) -> Outcome {
    let account = cx.account().await?;
    if args.write.dry_run {
        let text = format!("test another token for “{}” and keep it.", account.label);
        return planned::<json::account::Account>(cx.out, "account.sign_in", [account.id], text);
    }
    let token = token()?;
    let signed = cx.whole(cx.app.account_sign_in_again(&account.id, token, args.no_keychain)).await?;
    cx.out.say(&format!("“{}” signs in with this token from now on.", signed.label));
    show(cx, signed).await
}

async fn status(cx: &Cx, read: Read) -> Outcome {
    let account = cx.account().await?;
    let signed_in = if read.cached {
        None
    } else {
        cx.signed_in().await?;
        Some(accepted(cx.app.tokens_refresh(&account.id).await?.error)?)
    };
    // With what was learned by that.
    let (account, active) = (cx.account().await?, cx.accounts().await?.1);
    let status = json::account::AccountStatus {
        account: json::account::Account::new(account, active.as_deref()),
        signed_in,
    };
    cx.out.answer(&status, |text| {
        let account = &status.account;
        text.facts([
            ("account", account.label.as_str().into()),
            ("account id", account.account_id.as_str().into()),
            ("server", account.server.as_str().into()),
            ("sign-in", account.sign_in.word().into()),
            ("signed in", status.signed_in.into()),
            ("user", account.user.as_ref().map(|u| u.name.clone()).into()),
            ("account holder", account.account_holder.into()),
            ("plan", account.plan.clone().into()),
            ("limit", account.limit.into()),
            ("share", account.share.into()),
        ]);
        if account.sign_in == SignIn::Missing {
            text.line("No token is kept for this account: set GATEHOUSE_TOKEN, or run `gatehouse-cli account sign-in`.");
        }
    })?;
    Ok(Exit::Ok)
}

/// Whether the server knew the token: it did if it only lacks the tokens, or refuses them to this user.
fn accepted(error: Option<AppError>) -> Result<bool, Failure> {
    match error {
        None => Ok(true),
        Some(error) if matches!(error.code, Code::NotOffered | Code::Forbidden | Code::AccountHolderOnly) => {
            Ok(true)
        }
        Some(error) => Err(error.into()),
    }
}

fn token() -> Result<SecretString, Failure> {
    prompt::token_of_environment().map_or_else(|| prompt::secret("Personal access token"), Ok)
}

async fn find(cx: &Cx, wanted: &str) -> Result<AccountView, Failure> {
    named(cx.accounts().await?.0, wanted)
}

async fn show(cx: &Cx, account: AccountView) -> Outcome {
    let active = cx.accounts().await?.1;
    let document = Answer::Done(json::account::Account::new(account.clone(), active.as_deref()));
    cx.out.answer(&document, |text| {
        text.facts([
            ("id", account.id.as_str().into()),
            ("name", account.label.as_str().into()),
            ("account id", account.customer_id.as_str().into()),
            ("server", account.server.as_str().into()),
        ]);
    })?;
    Ok(Exit::Ok)
}
