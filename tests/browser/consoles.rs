//! The console of each engine on the commonest mistakes.

use std::time::{Duration, Instant};

use actix_web::rt::time::sleep;
use serde_json::{Value, json};

use crate::documented::{DEBUGGING, compare};
use crate::engine::{Engine, webkit_heard};
use crate::mistakes::{END, MISTAKES, Mistake, NEXT, Page, RIGHT};
use crate::world::{Case, Verdict, World};

pub(crate) const CASES: &[Case] = &[Case {
    name: "what the console says of a mistake is documented",
    needs: &[],
    run: |world| Box::pin(world.consoles()),
}];

/// Refusals are explained while this lives.
struct Explained;

impl Explained {
    fn new() -> Self {
        cors_runtime::explain(true);
        Self
    }
}

impl Drop for Explained {
    fn drop(&mut self) {
        cors_runtime::explain(false);
    }
}

impl World<'_> {
    async fn consoles(&self) -> Verdict {
        let off = self.messages("off").await?;
        let on = {
            let _explained = Explained::new();
            self.messages("on").await?
        };
        // A cause, and the messages that it has: while refusals are explained, and otherwise.
        let mut table: Vec<(&str, [Vec<&str>; 2])> = Vec::new();
        for (column, messages) in [on.as_slice(), &off].into_iter().enumerate() {
            for (Mistake { cause, .. }, message) in MISTAKES.iter().zip(messages) {
                if *cause == RIGHT {
                    continue;
                }
                let known = table.iter().position(|(known, _)| known == cause);
                let row = known.unwrap_or_else(|| {
                    table.push((cause, Default::default()));
                    table.len() - 1
                });
                let messages = &mut table[row].1[column];
                if !messages.contains(&message.as_str()) {
                    messages.push(message);
                }
            }
        }
        let mut lines = vec![
            "| the cause | the console says, while explained | otherwise |".to_owned(),
            "|---|---|---|".to_owned(),
        ];
        for (cause, [on, off]) in table {
            let anchor = cause.to_lowercase().replace(' ', "-");
            let otherwise = if on == off {
                "the same".to_owned()
            } else {
                off.join("<br>")
            };
            let on = on.join("<br>");
            lines.push(format!("| [{cause}](#{anchor}) | {on} | {otherwise} |"));
        }
        compare(DEBUGGING, self.browser.engine, "console", &lines)
    }

    /// The message in the console for each mistake.
    async fn messages(&self, when: &str) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        for mistakes in MISTAKES.chunk_by(|a, b| a.page == b.page) {
            let page = match mistakes[0].page {
                Page::App => &self.app,
                Page::Stranger => &self.stranger,
            };
            let requests: Result<Vec<_>, _> = (mistakes.iter())
                .map(|Mistake { path, init, .. }| {
                    let query = format!("{}-{when}", self.browser.engine.name());
                    let url = format!("{}/mistakes{path}?{query}", self.url);
                    serde_json::from_str::<Value>(init).map(|init| json!([url, init]))
                })
                .collect();
            let requests = json!(requests.map_err(|error| error.to_string())?).to_string();
            let requests: String =
                url::form_urlencoded::byte_serialize(requests.as_bytes()).collect();
            let address = format!("{page}/mistakes#{}", requests.replace('+', "%20"));
            for messages in self.listen(&address, mistakes.len()).await? {
                let engine = self.browser.engine;
                let of_network = || messages.iter().find_map(|it| no_response(engine, it));
                let message = (messages.iter())
                    .find_map(|message| significant(engine, message))
                    .or_else(of_network)
                    .map(|message| self.lasting(message, page));
                found.push(match message {
                    Some(message) if message.contains('`') => format!("`` {message} ``"),
                    Some(message) => format!("`{message}`"),
                    None => "nothing".to_owned(),
                });
            }
        }
        Ok(found)
    }

    /// Opens a page of [`page`](crate::mistakes::page), and gives what the console said of each
    /// request.
    async fn listen(&self, address: &str, count: usize) -> Result<Vec<Vec<String>>, String> {
        let heard = if self.browser.engine == Engine::WebKit {
            Some(webkit_heard(&self.folder.join("heard"), address)?)
        } else {
            self.browser.open(&self.app).await?;
            self.browser.console().await?;
            self.browser.open(address).await?;
            None
        };
        let (mut said, mut messages) = (Vec::new(), Vec::new());
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            let new = match &heard {
                Some((_, lines)) => lines.take(),
                None => self.browser.console().await?,
            };
            for message in new {
                if message.contains(END) && said.len() == count {
                    return Ok(said);
                }
                if message.contains(NEXT) {
                    said.push(std::mem::take(&mut messages));
                } else {
                    messages.push(message);
                }
            }
            sleep(Duration::from_millis(20)).await;
        }
        Err(format!(
            "{} of {count} requests, then {messages:?}",
            said.len()
        ))
    }

    /// The message in the same words for each run, as it is said to a page.
    fn lasting(&self, message: &str, page: &str) -> String {
        let mut text = message.to_owned();
        for (server, name) in [
            (page, "https://app.example.com"),
            (&self.app, "https://www.example.com"),
        ] {
            text = text.replace(server, name);
        }
        match text.split_once("Status code: ") {
            Some((before, _)) => format!("{before}Status code: …"),
            None => text,
        }
    }
}

/// The part of a message that is about CORS or cookies, without the addresses.
fn significant(engine: Engine, message: &str) -> Option<&str> {
    match engine {
        Engine::Chromium => {
            let (_, text) = message.split_once("has been blocked by CORS policy: ")?;
            Some(text)
        }
        Engine::Firefox if message.starts_with("Cookie “") => Some(message),
        Engine::Firefox => {
            let (_, text) = message.split_once("(Reason: ")?;
            text.split(").").next()
        }
        Engine::WebKit => message.strip_prefix("CONSOLE SECURITY ERROR "),
    }
}

/// The part of a message that tells of a connection closed without a response.
fn no_response(engine: Engine, message: &str) -> Option<&str> {
    match engine {
        Engine::Chromium => {
            let at = message.find("net::ERR_EMPTY_RESPONSE")?;
            Some(&message[at..])
        }
        Engine::Firefox | Engine::WebKit => None,
    }
}
