//! A local PlanRadar for scripts and tests, until Ctrl-C.

use crate::{Exit, Outcome, cx::interrupted, failure::Failure, out::Out};
use clap::Args;
use planradar_sandbox::{Options, Plan, Sandbox as Server, Seed};
use std::path::PathBuf;

/// `sandbox`
#[derive(Debug, Args)]
pub struct Sandbox {
    /// The port to listen on, on 127.0.0.1 [default: a free one]
    #[arg(long)]
    port: Option<u16>,
    /// Keep the state in this folder [default: in memory]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// What a new state holds: demo, empty or large
    #[arg(long, default_value = "demo")]
    seed: Seed,
    /// trial, basic, starter, pro or enterprise [default: what the state says, pro when it is new]
    #[arg(long)]
    plan: Option<Plan>,
    /// Requests per minute. Gatehouse itself uses at most 500 of them
    #[arg(long, value_name = "N", default_value_t = 30)]
    limit: u32,
    /// Serve only the routes of PlanRadar's API description
    #[arg(long)]
    documented_only: bool,
}

impl Sandbox {
    pub fn run(self, out: Out) -> Outcome {
        super::runtime()?.block_on(self.serve(out))
    }

    async fn serve(self, out: Out) -> Outcome {
        let mut options = Options {
            data_dir: self.data,
            seed: self.seed,
            plan: self.plan,
            limit: self.limit,
            documented_only: self.documented_only,
            ..Options::default()
        };
        if let Some(port) = self.port {
            options.listen.set_port(port);
        }
        let failed = |e: &dyn std::fmt::Display| {
            Failure::new("sandbox", Exit::Fault, format!("The sandbox does not start: {e}."))
        };
        let server = Server::start(options).await.map_err(|e| failed(&e))?;
        let ready = server.ready().map_err(|e| failed(&e))?;
        // One line, as planradar-sandbox prints it: whoever started this reads it and goes on.
        let line = serde_json::to_string(&ready).map_err(|e| failed(&e))?;
        Out::print(&format!("{line}\n"))?;
        out.say(&format!(
            "The sandbox serves {} until Ctrl-C. Its tokens are good for nothing else.",
            server.url()
        ));
        out.say(&format!("Let something happen, within two minutes: {}", server.demo_page_url()));
        interrupted().await;
        server.stop().await;
        Ok(Exit::Ok)
    }
}
