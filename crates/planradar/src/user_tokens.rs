//! Personal access tokens of another in-house user. Needs the permission 'Users'.

use crate::client::Client;
use crate::error::Result;
use crate::paging;
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::{USER_TOKENS_DELETE, USER_TOKENS_LIST};
use crate::tokens::{Token, token};

/// The calls. Made by [`Client::user_tokens`].
pub struct UserTokens<'a>(pub(crate) &'a Client);

impl UserTokens<'_> {
    /// All of one user, in the server's order.
    pub async fn list(&self, user_id: &str, lane: Lane) -> Result<Vec<Token>> {
        paging::all(self.0, &USER_TOKENS_LIST, &[("user_id", user_id)], lane, token).await
    }

    /// Deletes one, for good. Sent once, whatever happens. The account holder's are refused with 403.
    pub async fn delete(&self, user_id: &str, token_id: &str) -> Result<()> {
        let ids = [("user_id", user_id), ("token_id", token_id)];
        self.0.write(Call::new(&USER_TOKENS_DELETE, Lane::TakeAway).ids(&ids)).await.map(drop)
    }
}
