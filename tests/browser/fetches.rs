//! Script reads by `fetch`, in a browser and in the model of one.

use serde_json::json;

use crate::cases::Page::{self, App, Stranger};
use crate::cases::names_of;
use crate::support::browser::{Fetch, Outcome, Response};
use crate::world::{Verdict, World, expect};

/// `None` if the browser blocks script, else the status and those of `x-total` and `x-secret` that
/// script sees.
type Expected = Option<(u16, &'static [&'static str])>;

/// A page, a method, a path, headers, credentials mode, and what script gets.
type FetchCase = (
    Page,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    Expected,
);

const FETCHES: &[FetchCase] = &[
    // Anyone, but not with credentials.
    (
        Stranger,
        "GET",
        "/public",
        &[],
        "omit",
        Some((200, &["x-total"])),
    ),
    (
        Stranger,
        "GET",
        "/public",
        &[],
        "same-origin",
        Some((200, &["x-total"])),
    ),
    (Stranger, "GET", "/public", &[], "include", None),
    // One origin, with credentials.
    (App, "GET", "/me", &[], "include", Some((200, &["x-total"]))),
    (App, "GET", "/me", &[], "omit", Some((200, &["x-total"]))),
    (Stranger, "GET", "/me", &[], "include", None),
    (Stranger, "GET", "/me", &[], "omit", None),
    // Another policy for another method of the path.
    (Stranger, "PUT", "/me", &[], "omit", Some((200, &[]))),
    (
        Stranger,
        "PUT",
        "/me",
        &[("Content-Type", "application/json")],
        "omit",
        Some((200, &[])),
    ),
    (Stranger, "PUT", "/me", &[("X-A", "1")], "omit", None),
    (Stranger, "PUT", "/me", &[], "include", None),
    (App, "PUT", "/me", &[], "omit", None),
    (App, "DELETE", "/me", &[], "omit", None),
    // Request headers.
    (
        App,
        "PATCH",
        "/headers",
        &[("X-A", "1"), ("Authorization", "Bearer x")],
        "omit",
        Some((200, &[])),
    ),
    (
        App,
        "PATCH",
        "/headers",
        &[("X-A", "1"), ("X-B", "1")],
        "omit",
        None,
    ),
    (App, "patch", "/headers", &[], "omit", None),
    // Wildcards.
    (
        Stranger,
        "PUT",
        "/wild",
        &[("X-Whatever", "1")],
        "omit",
        Some((200, &["x-secret", "x-total"])),
    ),
    (
        Stranger,
        "PUT",
        "/wild",
        &[("Authorization", "Bearer x")],
        "omit",
        None,
    ),
    (
        Stranger,
        "PUT",
        "/wild",
        &[("X-Whatever", "1")],
        "include",
        None,
    ),
    // Errors can be read, with their status.
    (App, "GET", "/extractor", &[], "omit", Some((400, &[]))),
    (App, "GET", "/teapot", &[], "omit", Some((418, &[]))),
    (Stranger, "GET", "/teapot", &[], "omit", None),
    // Nothing with a policy.
    (App, "GET", "/nowhere", &[], "omit", None),
];

impl World<'_> {
    pub(crate) async fn fetches(&self) -> Verdict {
        for case @ (page, method, path, headers, credentials, expected) in FETCHES {
            self.open(*page).await?;
            let names: serde_json::Map<_, _> = headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect();
            let init = json!({ "method": method, "headers": names, "credentials": credentials });
            let found = self.fetch(&format!("{}{path}", self.url), init).await?;
            let seen = |names: &[String]| -> Vec<String> {
                let ours = names
                    .iter()
                    .filter(|name| ["x-total", "x-secret"].contains(&name.as_str()));
                ours.cloned().collect()
            };
            let browser = names_of(&found);
            let says = browser
                .as_ref()
                .map(|names| (found["status"].as_u64(), seen(names)));
            let should = expected.map(|(status, names)| {
                (
                    Some(u64::from(status)),
                    names.iter().map(ToString::to_string).collect(),
                )
            });
            expect(&format!("{case:?} in the browser"), &says, &should)?;
            let model = Fetch {
                origin: self.page(*page).to_owned(),
                method: (*method).to_owned(),
                unsafe_headers: headers
                    .iter()
                    .map(|(name, _)| name.to_ascii_lowercase())
                    .collect(),
                credentials: *credentials == "include",
            };
            let model = match model.run(|sent| self.send(path, &sent)) {
                Outcome::Blocked => None,
                Outcome::Read(names) => Some(names),
            };
            expect(
                &format!("{case:?}: the model against the browser"),
                &model,
                &browser,
            )?;
        }
        Ok(())
    }

    /// Sends a request of the model over a socket of its own.
    fn send(&self, path: &str, (method, headers): &(String, Vec<(String, String)>)) -> Response {
        let lines: Vec<_> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let response = self.api.send(&format!("{method} {path}"), &lines, "");
        // `Connection` is about this connection, and a browser shows it to nobody.
        let headers = response
            .headers
            .into_iter()
            .filter(|(name, _)| name != "connection");
        Response {
            status: response.status,
            headers: headers.collect(),
        }
    }
}
