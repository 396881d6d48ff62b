//! An account whose users are looked after by its administrator.

use super::{World, heard};
use gatehouse_core::{
    jobs::{JobState, JobView},
    notices::Notice,
    users::{InventoryWhom, UserPick, UserRow},
};
use planradar_sandbox::{Options, Sandbox};

pub struct Office {
    pub world: World,
    pub server: Sandbox,
    pub account: String,
}

impl Office {
    /// Signed in as the administrator, who has the permission 'Users'; tokens and the first page of users are loaded.
    pub async fn new(options: Options) -> Self {
        let office = Self::unasked(options).await;
        office.world.app.tokens_refresh(&office.account).await.unwrap();
        office.world.app.users_refresh(&office.account).await.unwrap();
        office
    }

    /// The same before anything was asked.
    pub async fn unasked(options: Options) -> Self {
        let server = Sandbox::start(options).await.unwrap();
        let world = World::new();
        let token = server.ready().unwrap().tokens.administrator;
        let account = world.try_add(server.url(), server.customer_id(), &token).await.unwrap().id;
        Self { world, server, account }
    }

    pub async fn row(&self, name: &str) -> UserRow {
        let rows = self.world.app.users_view(&self.account).await.unwrap().rows;
        rows.iter().find(|r| r.name.contains(name)).unwrap_or_else(|| panic!("{rows:?}")).clone()
    }

    pub async fn pick(&self, name: &str) -> UserPick {
        let row = self.row(name).await;
        UserPick { id: row.id, name: row.name }
    }

    /// Begins to give or take 'API Access'.
    pub async fn begin(&self, names: &[&str], grant: bool) -> JobView {
        let mut picks = Vec::new();
        for name in names {
            picks.push(self.pick(name).await);
        }
        self.world.notices.take();
        self.world.app.users_set_api(&self.account, picks, grant).await.unwrap()
    }

    /// Waits until a run is at rest.
    pub async fn rests(&self, id: &str) -> JobView {
        heard(&self.world, |n| match n {
            Notice::JobChanged { job } if job.id == id && job.state != JobState::Running => Some(job.clone()),
            _ => None,
        })
        .await
    }

    /// Asks for the tokens of all who can use the API.
    pub async fn inventory(&self) -> JobView {
        self.world.notices.take();
        let job = self.world.app.inventory_start(&self.account, InventoryWhom::ApiUsers).await.unwrap();
        let job = self.rests(&job.id).await;
        assert_eq!(job.state, JobState::Finished, "{job:?}");
        job
    }

    pub fn sent(&self, route: &str) -> usize {
        self.server.requests().count(route)
    }

    /// As the server has them: 'API Access', and whether they may sign in.
    pub async fn on_server(&self, user: &str) -> (Option<bool>, Option<bool>) {
        let row = self.world.app.user_detail(&self.account, user).await.unwrap().row;
        (row.api_access, row.active)
    }
}
