//! Finding users: the list, a search, and the one who is named.

use crate::{
    cx::Cx,
    failure::Failure,
    json::users::{User, Users},
};
use gatehouse_core::users::{UserRow, UsersView};
use std::io::BufRead;

/// The list as it is known, as old as the oldest in it.
pub fn known(view: UsersView) -> Result<Users, Failure> {
    if let Some(error) = view.error {
        return Err(error.into());
    }
    Ok(Users {
        offer: (&view.state).into(),
        users: view.rows.into_iter().map(User::from).collect(),
        count: view.count,
        complete: view.complete,
        as_of: view.earlier_as_of.or(view.as_of),
    })
}

/// The list as the server has it now: its first page, or all.
pub async fn loaded(cx: &Cx, account: &str, all: bool) -> Result<Users, Failure> {
    let mut users = asked(cx.app.users_refresh(account).await?)?;
    while all && !users.complete {
        cx.out.say(&format!("{} users so far", users.users.len()));
        users = asked(cx.app.users_more(account).await?)?;
    }
    Ok(users)
}

/// Only those who were asked for now, none of an earlier list.
fn asked(mut view: UsersView) -> Result<Users, Failure> {
    let earlier = usize::try_from(view.earlier).unwrap_or(usize::MAX);
    view.rows.truncate(view.rows.len().saturating_sub(earlier));
    view.earlier_as_of = None;
    known(view)
}

/// Whom the server finds: the first hundred, or all.
pub async fn found(cx: &Cx, account: &str, search: &str, all: bool) -> Result<Users, Failure> {
    let (mut users, mut page) = (Vec::new(), 1);
    loop {
        let found = cx.app.users_search(account, search, page).await?;
        users.extend(found.rows.into_iter().map(User::from));
        if all && found.more {
            page += 1;
            continue;
        }
        return Ok(Users {
            offer: crate::json::common::Offer::Offered,
            users,
            count: found.count,
            complete: !found.more,
            as_of: Some(jiff::Timestamp::now().to_string()),
        });
    }
}

/// The user with this id, mail address or name: among those who are known, else by asking the server.
pub async fn user(cx: &Cx, account: &str, wanted: &str) -> Result<UserRow, Failure> {
    if let Some(user) = one(&cx.app.users_view(account).await?.rows, wanted)? {
        return Ok(user);
    }
    if let Some(user) = one(&cx.app.users_search(account, wanted, 1).await?.rows, wanted)? {
        return Ok(user);
    }
    let is_id = !wanted.is_empty() && wanted.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if is_id {
        return match cx.app.user_detail(account, wanted).await {
            Ok(detail) => Ok(detail.row),
            Err(error) if error.code == gatehouse_core::Code::Gone => Err(nobody(wanted)),
            Err(error) => Err(error.into()),
        };
    }
    Err(nobody(wanted))
}

/// The same without a request.
pub async fn cached(cx: &Cx, account: &str, wanted: &str) -> Result<UserRow, Failure> {
    one(&cx.app.users_view(account).await?.rows, wanted)?.ok_or_else(|| nobody(wanted))
}

fn nobody(wanted: &str) -> Failure {
    Failure::not_found(format!("There is no user “{wanted}”."))
}

fn one(rows: &[UserRow], wanted: &str) -> Result<Option<UserRow>, Failure> {
    if let Some(user) = rows.iter().find(|user| user.id == wanted) {
        return Ok(Some(user.clone()));
    }
    let named: Vec<_> = rows
        .iter()
        .filter(|user| {
            user.name == wanted || user.mail.as_deref().is_some_and(|mail| mail.eq_ignore_ascii_case(wanted))
        })
        .collect();
    match named[..] {
        [user] => Ok(Some(user.clone())),
        [] => Ok(None),
        _ => Err(Failure::usage(format!(
            "{} users are called “{wanted}”. Name the one you mean by id or mail address.",
            named.len()
        ))),
    }
}

/// With the lines of standard input in the place of `-`; each once.
pub fn from_input(wanted: &[String]) -> Result<Vec<String>, Failure> {
    let mut all: Vec<String> = Vec::new();
    let mut add = |one: &str| {
        if !one.is_empty() && !all.iter().any(|known| known == one) {
            all.push(one.to_owned());
        }
    };
    for one in wanted {
        if one == "-" {
            for line in std::io::stdin().lock().lines() {
                let line = line.map_err(|e| Failure::usage(format!("Standard input can't be read: {e}.")))?;
                add(line.trim());
            }
        } else {
            add(one);
        }
    }
    if all.is_empty() {
        return Err(Failure::usage("Standard input names no user."));
    }
    Ok(all)
}
