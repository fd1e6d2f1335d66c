//! A rule that no list can express: your own source of origins, which decides on parsed parts.
//!
//! `cargo run --example own_source [PORT]`

mod support;

use actix_web::{get, web};
use cors_runtime::origin::Host;
use cors_runtime::{CredentialSafe, Origin, OriginSource, SourceError, Target, cors};

/// Previews of pull requests: `https://pr-<number>.preview.example.com`.
struct Previews;

impl OriginSource for Previews {
    fn allows(&self, origin: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        let Host::Domain(domain) = origin.host() else {
            return Ok(false);
        };
        let number = domain
            .strip_suffix(".preview.example.com")
            .and_then(|label| label.strip_prefix("pr-"));
        let is_number = number.is_some_and(|number| number.parse::<u32>().is_ok());
        Ok(origin.scheme() == "https" && origin.port().is_none() && is_number)
    }
}

/// We own every name that it allows, and all of them use `https`.
impl CredentialSafe for Previews {}

static PREVIEWS: Previews = Previews;

#[cors(origins = ["https://app.example.com", PREVIEWS], credentials)]
#[get("/me")]
async fn read_me() -> &'static str {
    "you\n"
}

fn configure(app: &mut web::ServiceConfig) {
    app.service(read_me);
}

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    support::serve(
        configure,
        "\
# The preview of pull request 7 may read.
curl -i {url}/me -H 'Origin: https://pr-7.preview.example.com'

# No other name below `preview.example.com` may.
curl -i {url}/me -H 'Origin: https://evil.preview.example.com'
",
    )
    .await
}

#[cfg(test)]
#[actix_web::test]
async fn only_previews_and_the_app_may_read() {
    for (origin, is_allowed) in [
        ("https://app.example.com", true),
        ("https://pr-7.preview.example.com", true),
        ("http://pr-7.preview.example.com", false),
        ("https://pr-7.preview.example.com:8443", false),
        ("https://pr-x.preview.example.com", false),
        ("https://evil.preview.example.com", false),
    ] {
        let (status, found) = support::ask(configure, "GET /me", origin, "").await;
        let allowed = is_allowed.then_some(origin);
        assert_eq!((status, found.as_deref()), (200, allowed), "{origin}");
    }
}
