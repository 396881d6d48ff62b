//! Users, and what they have to do with other software.

mod create;
mod pick;
mod tokens;

use super::{planned, runs};
use crate::{
    Exit, Outcome,
    args::{Destroy, Read, Write},
    cx::Cx,
    json::{
        self, Answer, Done,
        common::{Run, RunKind},
        users::User,
    },
    out::{Cell, Out, Table},
    prompt,
};
use clap::{Args, Subcommand};
use gatehouse_core::users::{UserPick, UserRow};

/// `users …`
#[derive(Debug, Subcommand)]
pub enum Users {
    /// The account's users
    List(List),
    /// One user, with all permissions
    Show(Which),
    /// Create an in-house user, best one for integrations
    Create(create::New),
    /// Invite somebody who is known in another account of PlanRadar
    Invite(create::New),
    /// Give 'API Access' to one or many
    GrantApi(Grant),
    /// Take 'API Access' away from one or many
    RevokeApi(Revoke),
    /// Runs that are not finished
    Runs,
    /// Go on with a run
    Resume(Resume),
    /// End a run; what was done stays done
    Cancel(Resume),
    /// A user's tokens
    Tokens(tokens::List),
    /// Delete tokens of another user, after ten seconds in which Ctrl-C takes it back
    DeleteToken(tokens::Delete),
    /// In an emergency: take 'API Access' away, delete all tokens, and prove that none is left
    CutOff(CutOff),
}

/// `users list`
#[derive(Debug, Args)]
pub struct List {
    /// Only those whom the server finds by this
    #[arg(long, conflicts_with = "cached")]
    search: Option<String>,
    /// All, page after page, instead of the first 500 (with --search: 100)
    #[arg(long, conflicts_with = "cached")]
    all: bool,
    #[command(flatten)]
    read: Read,
}

/// A user.
#[derive(Debug, Args)]
pub struct Which {
    /// Id, mail address, or name if only one has it
    user: String,
}

/// `users grant-api`
#[derive(Debug, Args)]
pub struct Grant {
    /// Ids, mail addresses or names; `-` reads them from standard input, one on each line
    #[arg(required = true)]
    user: Vec<String>,
    #[command(flatten)]
    write: Write,
}

/// `users revoke-api`
#[derive(Debug, Args)]
pub struct Revoke {
    /// Ids, mail addresses or names; `-` reads them from standard input, one on each line
    #[arg(required = true)]
    user: Vec<String>,
    #[command(flatten)]
    destroy: Destroy,
}

/// `users resume`, `users cancel`
#[derive(Debug, Args)]
pub struct Resume {
    /// The run, as `users runs` names it
    run: String,
    #[command(flatten)]
    write: Write,
}

/// `users cut-off`
#[derive(Debug, Args)]
pub struct CutOff {
    /// Id, mail address, or name if only one has it
    user: String,
    /// Make the user inactive too: no sign-in with a password either
    #[arg(long)]
    deactivate: bool,
    #[command(flatten)]
    destroy: Destroy,
}

impl Users {
    pub async fn run(self, cx: &Cx) -> Outcome {
        match self {
            Self::List(args) => list(cx, args).await,
            Self::Show(args) => show(cx, args).await,
            Self::Create(args) => args.create(cx).await,
            Self::Invite(args) => args.invite(cx).await,
            Self::GrantApi(args) => {
                let ask = Destroy { yes: true, dry_run: args.write.dry_run };
                set_api(cx, &args.user, true, ask).await
            }
            Self::RevokeApi(args) => set_api(cx, &args.user, false, args.destroy).await,
            Self::Runs => list_runs(cx).await,
            Self::Resume(args) => resume(cx, args).await,
            Self::Cancel(args) => cancel(cx, args).await,
            Self::Tokens(args) => args.run(cx).await,
            Self::DeleteToken(args) => args.run(cx).await,
            Self::CutOff(args) => cut_off(cx, args).await,
        }
    }
}

async fn list(cx: &Cx, args: List) -> Outcome {
    let document = if args.read.cached {
        pick::known(cx.app.users_view(&cx.account().await?.id).await?)?
    } else {
        let account = cx.signed_in().await?.id;
        match &args.search {
            Some(search) => pick::found(cx, &account, search, args.all).await?,
            None => pick::loaded(cx, &account, args.all).await?,
        }
    };
    cx.out.answer(&document, |text| {
        let mut table =
            Table::new(&["id", "name", "mail", "type", "active", "api access", "last sign-in", "tokens"]);
        for user in &document.users {
            table.row([
                user.id.as_str().into(),
                user.name.as_str().into(),
                user.mail.clone().into(),
                user.user_type.clone().into(),
                user.active.into(),
                user.api_access.into(),
                Cell::Time(user.last_login_on.clone()),
                user.tokens.into(),
            ]);
        }
        text.table(table);
        if !document.complete {
            text.line("There are more: --all.");
        }
        super::tokens::as_of(text, document.as_of.as_deref());
    })?;
    Ok(Exit::Ok)
}

async fn show(cx: &Cx, args: Which) -> Outcome {
    let account = cx.signed_in().await?.id;
    let user = pick::user(cx, &account, &args.user).await?;
    let detail = json::users::Detail::from(cx.app.user_detail(&account, &user.id).await?);
    cx.out.answer(&detail, |text| {
        text.facts(facts(&detail.user).into_iter().chain([("me", detail.me.into())]));
        if let Some(permissions) = &detail.permissions {
            let mut table = Table::new(&["permission", "given"]);
            for (key, on) in permissions {
                table.row([key.as_str().into(), (*on).into()]);
            }
            text.table(table);
        }
    })?;
    Ok(Exit::Ok)
}

fn facts(user: &User) -> Vec<(&'static str, Cell)> {
    vec![
        ("id", user.id.as_str().into()),
        ("name", user.name.as_str().into()),
        ("mail", user.mail.clone().into()),
        ("type", user.user_type.clone().into()),
        ("active", user.active.into()),
        ("api access", user.api_access.into()),
        ("last sign-in", Cell::Time(user.last_login_on.clone())),
    ]
}

async fn set_api(cx: &Cx, wanted: &[String], grant: bool, ask: Destroy) -> Outcome {
    let wanted = pick::from_input(wanted)?;
    let account = cx.signed_in().await?.id;
    let mut users: Vec<UserRow> = Vec::new();
    for one in &wanted {
        let user = pick::user(cx, &account, one).await?;
        // Named twice, by name and mail address perhaps, it is one all the same.
        if users.iter().all(|known| known.id != user.id) {
            users.push(user);
        }
    }
    let names = users.iter().map(|user| format!("“{}” ({})", user.name, user.id)).collect::<Vec<_>>();
    let names = names.join("\n  ");
    if ask.dry_run {
        let (action, what) = if grant {
            ("user.grant_api", "give 'API Access' to")
        } else {
            ("user.revoke_api", "take 'API Access' away from")
        };
        return planned::<Run>(
            cx.out,
            action,
            users.into_iter().map(|u| u.id),
            format!("{what}\n  {names}."),
        );
    }
    let word = (users.len() > 1).then(|| format!("revoke {}", users.len()));
    let question =
        format!("Take 'API Access' away from\n  {names}?\nPrograms with their tokens stop at once.");
    prompt::confirm(&question, word.as_deref(), ask.yes)?;
    let users = users.into_iter().map(|user| UserPick { id: user.id, name: user.name }).collect();
    let heard = cx.listen();
    let run = cx.app.users_set_api(&account, users, grant).await?;
    runs::tell(cx, runs::wait(cx, run, heard).await?)
}

async fn list_runs(cx: &Cx) -> Outcome {
    let account = cx.account().await?.id;
    let runs = cx.app.jobs_list(&account).await?.into_iter().map(Run::from).collect();
    let document = json::users::Runs { runs };
    cx.out.answer(&document, |text| text.table(runs::table(&document.runs)))?;
    Ok(Exit::Ok)
}

async fn resume(cx: &Cx, args: Resume) -> Outcome {
    if args.write.dry_run {
        let text = format!("go on with {}.", args.run);
        return planned::<Run>(cx.out, "run.resume", [args.run], text);
    }
    cx.signed_in().await?;
    let heard = cx.listen();
    let run = cx.app.job_resume(&args.run).await?;
    let kind = Run::from(run.clone()).kind;
    let run = runs::wait(cx, run, heard).await?;
    if kind == RunKind::Inventory {
        cx.out.say("What was found: `gatehouse-cli tokens inventory --cached`.");
    }
    runs::tell(cx, run)
}

async fn cancel(cx: &Cx, args: Resume) -> Outcome {
    if args.write.dry_run {
        let text = format!("end {}.", args.run);
        return planned::<Done>(cx.out, "run.cancel", [args.run], text);
    }
    cx.app.job_cancel(&args.run).await?;
    cx.out.say("It has ended. What was done stays done.");
    cx.out.answer(&Answer::Done(Done { done: true, id: args.run }), |_| {})?;
    Ok(Exit::Ok)
}

async fn cut_off(cx: &Cx, args: CutOff) -> Outcome {
    let account = cx.signed_in().await?.id;
    let user = pick::user(cx, &account, &args.user).await?;
    let also = if args.deactivate { ", make the user inactive" } else { "" };
    let what =
        format!("take 'API Access' away{also}, and delete all tokens of “{}” ({})", user.name, user.id);
    if args.destroy.dry_run {
        return planned::<json::users::CutOff>(cx.out, "user.cut_off", [user.id], format!("{what}."));
    }
    prompt::confirm(&format!("This will {what}. It is final."), None, args.destroy.yes)?;
    let pick = UserPick { id: user.id, name: user.name };
    let report = cx.whole(cx.app.user_cut_off(&account, pick, args.deactivate)).await?;
    let report = json::users::CutOff::from(report);
    let whole = report.steps.iter().all(|step| step.error.is_none());
    for step in &report.steps {
        match &step.error {
            None => cx.out.say(&format!("Done: {}.", step.what.words())),
            Some(error) => Out::warn(&format!("NOT done: {}. {}", step.what.words(), error.message)),
        }
    }
    cx.out.answer(&Answer::Done(report.clone()), |text| {
        let mut table = Table::new(&["step", "outcome"]);
        for step in &report.steps {
            let outcome = step.error.as_ref().map_or("done", |error| error.code.as_str());
            table.row([step.what.words().into(), outcome.into()]);
        }
        text.table(table);
        text.facts([
            ("tokens deleted", report.deleted.into()),
            ("tokens left", report.left.as_ref().map(|l| u32::try_from(l.len()).unwrap_or(u32::MAX)).into()),
            ("can sign in", report.can_sign_in.into()),
        ]);
    })?;
    Ok(if whole { Exit::Ok } else { Exit::Refused })
}
