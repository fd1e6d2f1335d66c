//! Origins that are known only at run time.

mod blocking_source;
mod filled_list;
mod own_source;
mod public_list;
mod replaced_list;
mod same_rules;
mod target;
mod waiting_source;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::header::HeaderValue;
use actix_web::{App, HttpRequest, get, post};
use cors_rules::checked::by_length;
use cors_rules::draft::Element;
use cors_rules::{Draft, Pattern, Severity};
use cors_runtime::{
    AllowedOrigins, Allowlist, AsyncOriginSource, CredentialSafe, Danger, Origin, OriginSource,
    Place, PublicAllowlist, Rule, SourceError, Target, Violation, comma_separated, cors,
};
use proptest::prelude::*;

use crate::support::sent::Sent;
use crate::support::{Response, Server, init_service};

const REFUSED: &[&str] = &["vary: origin"];

fn allowed(origin: &str) -> Vec<String> {
    vec![
        format!("access-control-allow-origin: {origin}"),
        "vary: origin".to_owned(),
    ]
}

fn ask_get(server: &Server, path: &str, origin: &str) -> Response {
    server.send(&format!("GET {path}"), &[format!("Origin: {origin}")], "")
}

fn preflight(server: &Server, path: &str, origin: &str) -> u16 {
    let lines = [
        format!("Origin: {origin}"),
        "Access-Control-Request-Method: GET".to_owned(),
    ];
    server.send(&format!("OPTIONS {path}"), &lines, "").status
}
