//! Creating an in-house user, or inviting one who is known in another account. A POST is never repeated.

use super::{NewUserForm, NewUserInput, RoleChoice, UserPick, UserRow, cached::CachedUser};
use crate::{
    AppError, AreaState, Code, Details, Gatehouse, Result,
    operations::{Data, Op, OperationKind, OperationView},
    tokens::surely_not_done,
};
use gatehouse_store::OperationState as State;
use planradar::{Error, Freshness, Membership, NewUser, PageQuery, UserField, rate_limit::Lane};

/// The longest name or company that is sent (assumed; no public documentation).
const TEXT_MAX: usize = 100;

impl Gatehouse {
    /// What the form of a new user starts with: the recommended integration user, and what there is to choose from.
    pub async fn user_create_form(&self, account: &str) -> Result<NewUserForm> {
        let stored = self.account(account).await?;
        let client = self.session(account).await?.client;
        let roles = client.roles().page(&PageQuery::default(), Lane::Person).await;
        let answers = roles.is_ok();
        // Without roles the form works; projects then can't be given.
        let roles = roles.map(|page| page.rows).unwrap_or_default();
        let licences = match self.area_state(account, "account").await? {
            // Remembered: it is not asked again after its 404.
            AreaState::NotOffered { .. } => None,
            _ => match client.account().get(Lane::Person).await {
                Ok(facts) => facts.in_house_licences,
                Err(error) => {
                    // A captive portal or a wrong Account ID looks the same: a documented route has answered.
                    if answers {
                        self.remember_failure(account, "account", &error).await?;
                    }
                    None
                }
            },
        };
        Ok(NewUserForm {
            input: NewUserInput {
                first_name: "Integration".to_owned(),
                last_name: stored.label.clone(),
                mail: String::new(),
                company: stored.label,
                position: "Integration".to_owned(),
                api_access: true,
                memberships: Vec::new(),
            },
            roles: roles
                .into_iter()
                .map(|r| RoleChoice { id: r.id, name: r.name, admin: r.is_admin })
                .collect(),
            licences_used: licences.as_ref().map(|l| l.used),
            licences_total: licences.as_ref().map(|l| l.total),
        })
    }

    /// Creates the user. Somebody who is known in another account can only be invited: [`Code::InviteInstead`].
    pub async fn user_create(&self, account: &str, input: NewUserInput) -> Result<UserRow> {
        let mut op = self.begin_user(account, OperationKind::CreateUser, &input).await?;
        let _working = self.working_on(op.id());
        let client = match self.session(account).await {
            Ok(session) => session.client,
            Err(why) => return self.abandon(&mut op, why).await,
        };
        op.data.sent_at = Some(self.now());
        self.advance(&mut op, State::Sent).await?;
        match client.users().create(&new_user(&input)).await {
            Ok(record) => {
                self.advance(&mut op, State::Answered).await?;
                let stored = self.account(account).await?;
                let row = CachedUser::from(record.user()).row(&stored, Some((0, self.now().to_string())));
                self.advance(&mut op, State::Done).await?;
                // The list is asked for anew: where the new one stands in it, only the server knows.
                drop(self.users_refresh(account).await);
                Ok(row)
            }
            Err(error) => Err(self.user_not_made(&mut op, &error).await),
        }
    }

    /// Invites somebody who is known in another account.
    pub async fn user_invite(&self, account: &str, input: NewUserInput) -> Result<()> {
        let mut op = self.begin_user(account, OperationKind::InviteUser, &input).await?;
        let _working = self.working_on(op.id());
        let client = match self.session(account).await {
            Ok(session) => session.client,
            Err(why) => return self.abandon(&mut op, why).await,
        };
        op.data.sent_at = Some(self.now());
        self.advance(&mut op, State::Sent).await?;
        match client.users().invite(&new_user(&input)).await {
            Ok(()) => self.advance(&mut op, State::Done).await,
            Err(error) => Err(self.user_not_made(&mut op, &error).await),
        }
    }

    async fn begin_user(&self, account: &str, kind: OperationKind, input: &NewUserInput) -> Result<Op> {
        check(input)?;
        let name = format!("{} {}", input.first_name.trim(), input.last_name.trim());
        let user = UserPick { id: String::new(), name: name.clone() };
        let data = Data { user: Some(user), mail: Some(input.mail.trim().to_owned()), ..Data::default() };
        self.begin(account, kind, &name, data).await
    }

    async fn user_not_made(&self, op: &mut Op, error: &Error) -> AppError {
        let why = at_fields(self.failure(error), error);
        let outcome = if surely_not_done(error) {
            self.advance(op, State::Abandoned).await.map(|()| why)
        } else {
            self.advance(op, State::Unknown).await.map(|()| {
                let text = format!(
                    "The connection broke. “{}” may have been created or invited. Look again before you repeat it.",
                    op.subject()
                );
                AppError::new(Code::LostAnswer, text).with(Details::Operation { id: op.id().to_owned() })
            })
        };
        outcome.unwrap_or_else(|error| error)
    }

    /// What became of a creation whose answer was lost: whether there is a user with this mail address now.
    pub(crate) async fn check_new_user(&self, mut op: Op) -> Result<OperationView> {
        let client = self.session(op.account()).await?.client.with(Freshness::Bypass);
        let mail = op.data.mail.clone().unwrap_or_default();
        let query = PageQuery { search: Some(mail.clone()), ..PageQuery::default() };
        let found = client.users().page(&query, Lane::Person).await.map_err(|e| self.failure(&e))?;
        op.data.checked_at = Some(self.now());
        let there = found.rows.iter().any(|u| u.mail.as_ref().is_some_and(|m| m.eq_ignore_ascii_case(&mail)));
        if there && op.kind == OperationKind::CreateUser {
            self.advance(&mut op, State::Done).await?;
        } else {
            self.note(&mut op).await?;
        }
        Ok(self.operation_view(&op, &[]))
    }
}

fn new_user(input: &NewUserInput) -> NewUser {
    let text = |text: &str| text.trim().to_owned();
    NewUser {
        first_name: text(&input.first_name),
        last_name: text(&input.last_name),
        mail: text(&input.mail),
        company: text(&input.company),
        position: text(&input.position),
        api_access: input.api_access,
        memberships: input
            .memberships
            .iter()
            .map(|m| Membership {
                project_id: m.project_id.clone(),
                role_id: m.role_id.clone(),
                mobile_sync: false,
            })
            .collect(),
        group_ids: Vec::new(),
    }
}

fn check(input: &NewUserInput) -> Result<()> {
    let texts = [
        ("first_name", &input.first_name, true),
        ("last_name", &input.last_name, true),
        ("company", &input.company, false),
        ("position", &input.position, false),
    ];
    for (field, text, needed) in texts {
        let text = text.trim();
        if needed && text.is_empty() {
            return Err(AppError::invalid(field, "This is needed. Nothing was sent."));
        }
        if text.chars().count() > TEXT_MAX || text.chars().any(char::is_control) {
            return Err(AppError::invalid(
                field,
                format!("One line of at most {TEXT_MAX} characters. Nothing was sent."),
            ));
        }
    }
    let mail = input.mail.trim();
    let plausible = mail.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    if !plausible || mail.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(AppError::invalid("mail", "Enter a mail address that somebody reads. Nothing was sent."));
    }
    Ok(())
}

/// The server's words at the form's fields.
fn at_fields(mut why: AppError, error: &Error) -> AppError {
    if error.code.as_deref() == Some("invite_required") {
        why.code = Code::InviteInstead;
        "This person is known in another account of PlanRadar, so they can only be invited."
            .clone_into(&mut why.message);
    }
    if let Some(Details::Fields { fields }) = &mut why.details {
        for (field, from) in fields.iter_mut().zip(&error.fields) {
            if let Some(name) = from.user_field().as_ref().and_then(field_name) {
                name.clone_into(&mut field.pointer);
            }
        }
        why.field = fields.first().map(|f| f.pointer.clone());
    }
    why
}

fn field_name(field: &UserField) -> Option<&'static str> {
    match field {
        UserField::FirstName => Some("first_name"),
        UserField::LastName => Some("last_name"),
        UserField::Mail => Some("mail"),
        UserField::Company => Some("company"),
        UserField::Position => Some("position"),
        _ => None,
    }
}
