//! Where in a user a field is: a server's JSON pointer, typed.

use crate::error::FieldError;

/// A field of a user, as a refusal points to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserField {
    /// The user as a whole.
    Whole,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// Mail address.
    Mail,
    /// Company.
    Company,
    /// Position.
    Position,
    /// Whether the user may sign in.
    Active,
    /// The permissions as a whole.
    Permissions,
    /// One permission, by its documented name.
    Permission(String),
    /// Projects, roles in them, or whether they are synced to mobile devices.
    Memberships,
    /// Groups.
    Groups,
}

impl FieldError {
    /// The field, when it is one of a user.
    #[must_use]
    pub fn user_field(&self) -> Option<UserField> {
        if matches!(self.pointer.as_str(), "/data" | "/data/attributes") {
            return Some(UserField::Whole);
        }
        let mut parts = self.pointer.strip_prefix("/data/attributes/")?.split('/');
        let name = parts.next()?.replace('-', "_");
        Some(match (name.as_str(), parts.next()) {
            ("firstname", None) => UserField::FirstName,
            ("lastname", None) => UserField::LastName,
            ("mail", None) => UserField::Mail,
            ("company", None) => UserField::Company,
            ("position", None) => UserField::Position,
            ("active", None) => UserField::Active,
            ("permissions", None) => UserField::Permissions,
            ("permissions", Some(key)) => UserField::Permission(key.replace('-', "_")),
            ("project_ids" | "role_ids" | "is_mobile_syncs", _) => UserField::Memberships,
            ("group_ids", _) => UserField::Groups,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_find_their_field() {
        for (pointer, wanted) in [
            ("/data", Some(UserField::Whole)),
            ("/data/attributes/mail", Some(UserField::Mail)),
            ("/data/attributes/permissions", Some(UserField::Permissions)),
            ("/data/attributes/permissions/sub-users", Some(UserField::Permission("sub_users".into()))),
            ("/data/attributes/role_ids/2", Some(UserField::Memberships)),
            ("/data/attributes/group-ids", Some(UserField::Groups)),
            ("/data/attributes/mail/x", None),
            ("/data/attributes/tel", None),
            ("mail", None),
        ] {
            let error = FieldError { pointer: pointer.into(), message: String::new() };
            assert_eq!(error.user_field(), wanted, "{pointer}");
        }
    }
}
