//! A new user: created, or invited.

use super::{super::planned, facts};
use crate::{
    Exit, Outcome,
    args::Write,
    cx::Cx,
    failure::Failure,
    json::{
        Answer,
        users::{Invited, User},
    },
};
use clap::Args;
use gatehouse_core::users::{NewMembership, NewUserInput};

/// `users create`, `users invite`
#[derive(Debug, Args)]
pub struct New {
    /// Of a mailbox that somebody reads
    mail: String,
    /// First name
    #[arg(long, default_value = "Integration")]
    first_name: String,
    /// Last name [default: the account's name]
    #[arg(long)]
    last_name: Option<String>,
    /// Company [default: the account's name]
    #[arg(long)]
    company: Option<String>,
    /// Position
    #[arg(long, default_value = "Integration")]
    position: String,
    /// Without the permission 'API Access'
    #[arg(long)]
    no_api_access: bool,
    /// A project, with the role there; may be given several times
    #[arg(long, value_name = "PROJECT_ID:ROLE_ID", value_parser = membership)]
    project: Vec<Membership>,
    #[command(flatten)]
    write: Write,
}

#[derive(Clone, Debug)]
struct Membership {
    project: String,
    role: String,
}

fn membership(text: &str) -> Result<Membership, &'static str> {
    match text.split_once(':') {
        Some((project, role)) if !project.is_empty() && !role.is_empty() => {
            Ok(Membership { project: project.to_owned(), role: role.to_owned() })
        }
        _ => Err("expected the project's id and the role's id with a colon between them"),
    }
}

impl New {
    fn input(self, label: &str) -> NewUserInput {
        let members = self.project.into_iter();
        NewUserInput {
            first_name: self.first_name,
            last_name: self.last_name.unwrap_or_else(|| label.to_owned()),
            mail: self.mail,
            company: self.company.unwrap_or_else(|| label.to_owned()),
            position: self.position,
            api_access: !self.no_api_access,
            memberships: members.map(|m| NewMembership { project_id: m.project, role_id: m.role }).collect(),
        }
    }

    pub async fn create(self, cx: &Cx) -> Outcome {
        if self.write.dry_run {
            let text = format!("create a user with the mail address {}.", self.mail);
            return planned::<User>(cx.out, "user.create", [self.mail], text);
        }
        let account = cx.signed_in().await?;
        let input = self.input(&account.label);
        let made = cx.whole(cx.app.user_create(&account.id, input)).await.map_err(|error| {
            let invite = error.code == gatehouse_core::Code::InviteInstead;
            let mut failure = Failure::from(error);
            if invite {
                failure.add("Invite them: `gatehouse-cli users invite`.".to_owned());
            }
            failure
        })?;
        cx.out.say(&format!("Created “{}”.", made.name));
        let user = User::from(made);
        cx.out.answer(&Answer::Done(user.clone()), |text| text.facts(facts(&user)))?;
        Ok(Exit::Ok)
    }

    pub async fn invite(self, cx: &Cx) -> Outcome {
        if self.write.dry_run {
            let text = format!("invite {}.", self.mail);
            return planned::<Invited>(cx.out, "user.invite", [self.mail], text);
        }
        let account = cx.signed_in().await?;
        let input = self.input(&account.label);
        let invited = input.mail.trim().to_owned();
        cx.whole(cx.app.user_invite(&account.id, input)).await?;
        cx.out.say(&format!("Invited {invited}."));
        let document = Invited { invited };
        cx.out.answer(&Answer::Done(document.clone()), |text| {
            text.facts([("invited", document.invited.as_str().into())]);
        })?;
        Ok(Exit::Ok)
    }
}
