//! PlanRadar Connect.

use super::planned;
use crate::{
    Exit, Outcome,
    args::{Read, Write},
    cx::Cx,
    failure::Failure,
    json::{self, Answer, connect::Connect as Document},
    out::{Cell, Out, Text},
};
use clap::{Args, Subcommand};
use gatehouse_core::{
    Code,
    connect::{ConnectInput, TextLanguage},
};

/// `connect …`
#[derive(Debug, Subcommand)]
pub enum Connect {
    /// How the request for PlanRadar Connect stands
    Status(Read),
    /// Ask for access; never twice
    Request(Request),
}

/// `connect request`
#[derive(Debug, Args)]
pub struct Request {
    /// An application to integrate; may be given several times
    #[arg(long = "for", value_name = "APPLICATION", required = true)]
    applications: Vec<String>,
    /// What it is for
    #[arg(long)]
    purpose: String,
    /// Whom PlanRadar gets in touch with
    #[arg(long)]
    contact: String,
    /// Their telephone number
    #[arg(long)]
    phone: Option<String>,
    #[command(flatten)]
    write: Write,
}

impl Connect {
    pub async fn run(self, cx: &Cx) -> Outcome {
        match self {
            Self::Status(read) => status(cx, read).await,
            Self::Request(args) => request(cx, args).await,
        }
    }
}

async fn status(cx: &Cx, read: Read) -> Outcome {
    let view = if read.cached {
        cx.app.connect_view(&cx.account().await?.id).await?
    } else {
        cx.app.connect_refresh(&cx.signed_in().await?.id, true).await?
    };
    if let Some(error) = view.error {
        return Err(error.into());
    }
    let document = Document::from(view);
    cx.out.answer(&document, |text| facts(text, &document))?;
    Ok(Exit::Ok)
}

async fn request(cx: &Cx, args: Request) -> Outcome {
    let subject = args.applications.join(", ");
    if args.write.dry_run {
        let text = format!("ask for PlanRadar Connect to integrate {subject}.");
        return planned::<Document>(cx.out, "connect.request", args.applications, text);
    }
    let account = cx.signed_in().await?.id;
    let input = ConnectInput {
        integrations: args.applications,
        purpose: args.purpose,
        contact: args.contact,
        phone: args.phone,
    };
    match cx.whole(cx.app.connect_request(&account, &input)).await {
        Ok(view) => {
            cx.out.say("Asked for. PlanRadar's people look at it and get in touch.");
            let document = json::connect::Connect::from(view);
            cx.out.answer(&Answer::Done(document.clone()), |text| facts(text, &document))?;
            Ok(Exit::Ok)
        }
        Err(error) => {
            if error.code == Code::NotOffered {
                Out::warn(&cx.app.connect_text(&account, &input, TextLanguage::En).await?);
            }
            Err(Failure::from(error))
        }
    }
}

fn facts(text: &mut Text, document: &Document) {
    text.facts([
        ("state", document.state.clone().into()),
        ("requested", Cell::Time(document.requested_on.clone())),
        ("decided", Cell::Time(document.decided_on.clone())),
        ("note", document.note.clone().into()),
        ("as of", Cell::Time(document.as_of.clone())),
    ]);
    if document.unsettled {
        text.line("The answer to a request was lost: it may have been made. Look again in a minute.");
    }
}
