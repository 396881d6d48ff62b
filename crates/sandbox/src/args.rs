//! The program's arguments.

use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt as _};
use planradar_sandbox::Options;

pub(crate) const HELP: &str = "\
A local PlanRadar that enforces PlanRadar's rules. Nothing in it reaches PlanRadar.

Usage: planradar-sandbox [OPTIONS]

Once it serves, it prints one line of JSON: {\"url\",\"customer_id\",\"tokens\":{…}}.
It listens on 127.0.0.1 only. Ctrl-C ends it.

Options:
  --port PORT         port to listen on [default: a free one]
  --data DIR          keep the state in this folder [default: in memory]
  --seed SEED         demo, empty or large; counts when the state is new [default: demo]
  --plan PLAN         trial, basic, starter, pro or enterprise [default: pro]
  --limit N           requests per window, all tokens added up [default: 30]
  --window TIME       length of the window [default: 60s]
  --cooldown TIME     pause of the account once the limit was passed [default: 300s]
  --latency TIME      how long every answer takes at least [default: 0s]
  --webhook-access WHO  who may see and change webhooks: account-holder, or accounts for all who have the
                      permission 'Accounts' [default: account-holder]
  --users-put HOW     what a PUT of a user does to what it leaves out: replace (it is gone) or merge (it stays)
                      [default: replace]
  --new-users N       users that may be created per window of their own [default: 10]
  --new-users-window TIME  length of that window [default: as --window]
  --in-house-licences N  active in-house users the account may have [default: what the state says]
  --people N          people in the seed large, at least 150 [default: 400]
  --documented-only   serve only the routes of PlanRadar's API description
  --help              print this
  --version           print the version

TIME is a whole number with a unit: 500ms, 60s, 5m.
";

#[cfg(feature = "faults")]
pub(crate) const FAULTS_HELP: &str = "
Built for tests:
  --faults FILE       a JSON array of faults
";

/// What the arguments ask for.
#[derive(Debug)]
pub(crate) enum Command {
    Run(Box<Run>),
    Help,
    Version,
}

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) options: Options,
    #[cfg(feature = "faults")]
    pub(crate) faults: Option<PathBuf>,
}

/// Reads the arguments; the text of an error says which one is wrong and why.
pub(crate) fn parse(mut parser: Parser) -> Result<Command, lexopt::Error> {
    let mut options = Options { seed: planradar_sandbox::Seed::Demo, ..Options::default() };
    #[cfg(feature = "faults")]
    let mut faults = None;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("port") => options.listen.set_port(parser.value()?.parse()?),
            Arg::Long("data") => options.data_dir = Some(PathBuf::from(parser.value()?)),
            Arg::Long("seed") => options.seed = parser.value()?.parse()?,
            Arg::Long("plan") => options.plan = Some(parser.value()?.parse()?),
            Arg::Long("limit") => options.limit = parser.value()?.parse()?,
            Arg::Long("window") => options.window = parser.value()?.parse_with(duration)?,
            Arg::Long("cooldown") => options.cooldown = parser.value()?.parse_with(duration)?,
            Arg::Long("latency") => options.latency = parser.value()?.parse_with(duration)?,
            Arg::Long("webhook-access") => options.webhook_access = parser.value()?.parse()?,
            Arg::Long("users-put") => options.users_put = parser.value()?.parse()?,
            Arg::Long("new-users") => options.new_users = parser.value()?.parse()?,
            Arg::Long("new-users-window") => {
                options.new_users_window = Some(parser.value()?.parse_with(duration)?);
            }
            Arg::Long("in-house-licences") => options.in_house_licences = Some(parser.value()?.parse()?),
            Arg::Long("people") => options.people = parser.value()?.parse()?,
            Arg::Long("documented-only") => options.documented_only = true,
            #[cfg(feature = "faults")]
            Arg::Long("faults") => faults = Some(PathBuf::from(parser.value()?)),
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Short('V') | Arg::Long("version") => return Ok(Command::Version),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Run(Box::new(Run {
        options,
        #[cfg(feature = "faults")]
        faults,
    })))
}

fn duration(text: &str) -> Result<Duration, &'static str> {
    const WRONG: &str = "expected a whole number with a unit, such as 500ms, 60s or 5m";
    let unit = text.find(|c: char| !c.is_ascii_digit()).ok_or(WRONG)?;
    let number: u64 = text[..unit].parse().map_err(|_| WRONG)?;
    match &text[unit..] {
        "ms" => Ok(Duration::from_millis(number)),
        "s" => Ok(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs).ok_or("too long"),
        _ => Err(WRONG),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use planradar_sandbox::{Plan, Seed, UsersPut, WebhookAccess};

    use super::*;

    fn run(args: &[&str]) -> Result<Options, String> {
        match parse(Parser::from_args(args)).map_err(|error| error.to_string())? {
            Command::Run(run) => Ok(run.options),
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn every_option_reaches_the_sandbox() {
        let options = run(&[
            "--port=4711",
            "--data",
            "/d",
            "--seed=empty",
            "--plan=basic",
            "--limit=7",
            "--window=500ms",
            "--cooldown=5m",
            "--latency=2s",
            "--webhook-access=accounts",
            "--users-put=merge",
            "--new-users=3",
            "--new-users-window=9s",
            "--in-house-licences=12",
            "--people=10000",
            "--documented-only",
        ])
        .unwrap();
        assert_eq!(options.listen.to_string(), "127.0.0.1:4711");
        assert_eq!(options.data_dir, Some(PathBuf::from("/d")));
        assert_eq!((options.seed, options.plan), (Seed::Empty, Some(Plan::Basic)));
        assert_eq!((options.limit, options.window), (7, Duration::from_millis(500)));
        assert_eq!((options.cooldown, options.latency), (Duration::from_mins(5), Duration::from_secs(2)));
        assert_eq!(options.webhook_access, WebhookAccess::Accounts);
        assert_eq!((options.users_put, options.new_users), (UsersPut::Merge, 3));
        assert_eq!(options.new_users_window, Some(Duration::from_secs(9)));
        assert_eq!((options.in_house_licences, options.people), (Some(12), 10_000));
        assert!(options.documented_only);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (args, told) in [
            (&["--window", "60"] as &[&str], "500ms, 60s or 5m"),
            (&["--window", "s"], "500ms, 60s or 5m"),
            (&["--seed", "big"], "demo, empty or large"),
            (&["--webhook-access", "all"], "account-holder or accounts"),
            (&["--users-put", "both"], "replace or merge"),
            (&["--plan", "gold"], "trial, basic"),
            (&["--limit", "-1"], "-1"),
            (&["--port"], "--port"),
            (&["--listen", "0.0.0.0"], "--listen"),
            (&["extra"], "extra"),
        ] {
            let error = run(args).unwrap_err();
            assert!(error.contains(told), "{args:?}: {error}");
        }
    }
}
