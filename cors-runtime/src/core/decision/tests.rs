//! The decision as two tables.

#![expect(clippy::too_many_lines, reason = "a table is read as a whole")]

use super::sent::Sent;
use super::*;
use crate::__private::{self as private, PolicyBuilder, Source};
use crate::{OriginSource, SourceError};

struct Unasked;

impl OriginSource for Unasked {
    fn allows(&self, _: &Origin<'_>, _: &Target<'_>) -> Result<bool, SourceError> {
        Err("`decide` asks through its argument".into())
    }
}

static UNASKED: Unasked = Unasked;
static SOURCES: [Source; 1] = [Source::new("UNASKED", || private::source(&UNASKED))];

const APP: &str = "https://app.example.com";
const SHOP: &str = "https://shop.example";
const METHODS: &[&str] = &["PUT", "GET"];

fn listed() -> PolicyBuilder {
    private::policy()
        .origins(&[APP], &["https://*.example.org"])
        .allow_headers(false, &["content-type"])
}

/// Decides; the sources allow `SHOP` for the host `api.example.com` alone.
fn decided(policy: &Policy, method: &'static str, lines: &[(Field, &str)]) -> Decision {
    decide(policy, METHODS, &Sent::new(method, lines)).answered_by(|origin, target| {
        origin.as_str() == SHOP && target.host() == Some("api.example.com")
    })
}

#[test]
fn actual_requests() {
    use Field::{Cookie, Host, Origin, SecFetchSite};
    let echo = Decision::Run(Ok(AllowOrigin::Echo));
    let any = Decision::Run(Ok(AllowOrigin::Any));
    let run = |refusal| Decision::Run(Err(refusal));
    let forbid = Decision::Forbid;
    let not_allowed = Refusal::OriginNotAllowed;

    let plain = listed().policy;
    let enforced = listed().enforce(true).policy;
    let star = private::policy().any_origin().policy;
    let star_enforced = private::policy().any_origin().enforce(true).policy;
    let reflected = private::policy()
        .reflect_any_origin()
        .credentials(true)
        .policy;
    let sourced = listed().sources(&SOURCES).policy;
    let nobody = private::policy().policy;
    let evil = "https://evil.example";
    for (what, policy, lines, expected) in [
        ("no origin", &plain, &[][..], run(Refusal::NoOrigin)),
        ("a listed origin", &plain, &[(Origin, APP)], echo),
        (
            "an origin of a pattern",
            &plain,
            &[(Origin, "https://a.example.org")],
            echo,
        ),
        (
            "another origin",
            &plain,
            &[(Origin, evil)],
            run(not_allowed),
        ),
        ("`null`", &plain, &[(Origin, "null")], run(not_allowed)),
        (
            "malformed",
            &plain,
            &[(Origin, "https://app.example.com/")],
            run(not_allowed),
        ),
        (
            "upper case",
            &plain,
            &[(Origin, "https://APP.example.com")],
            run(not_allowed),
        ),
        ("empty", &plain, &[(Origin, "")], run(not_allowed)),
        (
            "two lines",
            &plain,
            &[(Origin, APP), (Origin, APP)],
            run(Refusal::RepeatedOrigin),
        ),
        ("`*` and no origin", &star, &[], any),
        ("`*` and an origin", &star, &[(Origin, evil)], any),
        (
            "`*` and anything",
            &star,
            &[(Origin, "x"), (Origin, "y")],
            any,
        ),
        ("`*` with enforce", &star_enforced, &[(Origin, evil)], any),
        (
            "no one and an origin",
            &nobody,
            &[(Origin, APP)],
            run(not_allowed),
        ),
        ("reflected", &reflected, &[(Origin, evil)], echo),
        (
            "reflected and `null`",
            &reflected,
            &[(Origin, "null")],
            echo,
        ),
        (
            "reflected and malformed",
            &reflected,
            &[(Origin, "x")],
            run(not_allowed),
        ),
        (
            "reflected and no origin",
            &reflected,
            &[],
            run(Refusal::NoOrigin),
        ),
        ("sources and a literal", &sourced, &[(Origin, APP)], echo),
        (
            "a source that allows",
            &sourced,
            &[(Origin, SHOP), (Host, "API.example.com:443")],
            echo,
        ),
        (
            "a source, another host",
            &sourced,
            &[(Origin, SHOP), (Host, "b")],
            run(not_allowed),
        ),
        (
            "a source, no host",
            &sourced,
            &[(Origin, SHOP)],
            run(not_allowed),
        ),
        (
            "a source, two hosts",
            &sourced,
            &[
                (Origin, SHOP),
                (Host, "api.example.com"),
                (Host, "api.example.com"),
            ],
            run(not_allowed),
        ),
        (
            "a source that refuses",
            &sourced,
            &[(Origin, evil), (Host, "api.example.com")],
            run(not_allowed),
        ),
        (
            "enforce and no origin",
            &enforced,
            &[],
            run(Refusal::NoOrigin),
        ),
        (
            "enforce and a listed origin",
            &enforced,
            &[(Origin, APP)],
            echo,
        ),
        (
            "enforce and another",
            &enforced,
            &[(Origin, evil)],
            forbid(not_allowed),
        ),
        (
            "enforce and two lines",
            &enforced,
            &[(Origin, APP), (Origin, APP), (SecFetchSite, "same-origin")],
            forbid(Refusal::RepeatedOrigin),
        ),
        (
            "no enforce, a preflight of another handler",
            &plain,
            &[(Origin, evil), (SecFetchSite, "cross-site")],
            forbid(Refusal::OriginFailsPreflight),
        ),
        (
            "cookies without credentials",
            &plain,
            &[(Origin, APP), (SecFetchSite, "same-site"), (Cookie, "a=b")],
            forbid(Refusal::CredentialsFailPreflight),
        ),
        (
            "cookies where anyone may call",
            &star,
            &[(Origin, evil), (SecFetchSite, "cross-site"), (Cookie, "")],
            forbid(Refusal::CredentialsFailPreflight),
        ),
        (
            "cookies with credentials",
            &reflected,
            &[
                (Origin, evil),
                (SecFetchSite, "cross-site"),
                (Cookie, "a=b"),
            ],
            echo,
        ),
        (
            "cookies of an unknown page",
            &star,
            &[(Origin, evil), (Cookie, "a=b")],
            any,
        ),
        (
            "enforce, no origin, cross-site",
            &enforced,
            &[(SecFetchSite, "cross-site")],
            forbid(Refusal::OriginMissing),
        ),
        (
            "enforce, no origin, same-site",
            &enforced,
            &[(SecFetchSite, "same-site")],
            forbid(Refusal::OriginMissing),
        ),
        (
            "enforce, no origin, same-origin",
            &enforced,
            &[(SecFetchSite, "same-origin")],
            run(Refusal::NoOrigin),
        ),
        (
            "enforce, no origin, cross-site twice",
            &enforced,
            &[(SecFetchSite, "cross-site"), (SecFetchSite, "cross-site")],
            run(Refusal::NoOrigin),
        ),
        (
            "`*` with enforce, no origin, cross-site",
            &star_enforced,
            &[(SecFetchSite, "cross-site")],
            any,
        ),
        (
            "enforce, same origin by Sec-Fetch-Site",
            &enforced,
            &[(Origin, evil), (SecFetchSite, "same-origin")],
            run(not_allowed),
        ),
        (
            "enforce, same origin by Host",
            &enforced,
            &[(Origin, evil), (Host, "evil.example:443")],
            run(not_allowed),
        ),
        (
            "enforce, a port that is not one",
            &enforced,
            &[(Origin, evil), (Host, "evil.example:+443")],
            forbid(not_allowed),
        ),
        (
            "enforce, cross-site",
            &enforced,
            &[
                (Origin, evil),
                (Host, "evil.example"),
                (SecFetchSite, "cross-site"),
            ],
            forbid(not_allowed),
        ),
    ] {
        assert_eq!(decided(policy, "PUT", lines), expected, "{what}");
        let refusal = match expected {
            Decision::Run(allowed) => allowed.err(),
            Decision::Forbid(refusal) => Some(refusal),
            Decision::Preflight(_) => None,
        };
        assert_eq!(expected.refusal(), refusal, "{what}");
    }
}

/// Each with one `Sec-Fetch-Site` of a page on another origin.
#[test]
fn methods_of_actual_requests() {
    use Field::{ContentType, Origin, SecFetchSite};
    let policy = listed().policy;
    let enforced = listed().enforce(true).policy;
    let allowed = Decision::Run(Ok(AllowOrigin::Echo));
    let fails = Decision::Forbid(Refusal::MethodFailsPreflight);
    let (app, json) = ((Origin, APP), (ContentType, "application/json"));
    for (what, policy, method, more, expected) in [
        ("one of them", &policy, "PUT", &[app][..], allowed),
        ("another", &policy, "DELETE", &[app], fails),
        ("another case", &policy, "put", &[app], fails),
        ("`*`", &policy, "*", &[app], fails),
        ("OPTIONS", &policy, "OPTIONS", &[app], fails),
        ("a simple request", &policy, "POST", &[app], allowed),
        ("JSON", &policy, "POST", &[app, json], fails),
        ("JSON of one of them", &policy, "GET", &[app, json], allowed),
        (
            "enforce, and a form without an origin",
            &enforced,
            "POST",
            &[],
            Decision::Forbid(Refusal::OriginMissing),
        ),
        (
            "enforce, and a link",
            &enforced,
            "GET",
            &[],
            Decision::Run(Err(Refusal::NoOrigin)),
        ),
        (
            "enforce, and HEAD",
            &enforced,
            "HEAD",
            &[],
            Decision::Run(Err(Refusal::NoOrigin)),
        ),
        (
            "a form without an origin",
            &policy,
            "POST",
            &[],
            Decision::Run(Err(Refusal::NoOrigin)),
        ),
    ] {
        let lines = [&[(SecFetchSite, "cross-site")], more].concat();
        assert_eq!(decided(policy, method, &lines), expected, "{what}");
        // No evidence, no refusal.
        let decision = decided(policy, method, more);
        assert!(matches!(decision, Decision::Run(_)), "{what}");
    }
}

/// The policy of a whole app takes every method.
#[test]
fn every_method() {
    use Field::{AccessControlRequestMethod as Asked, Origin, SecFetchSite};
    let policy = listed().policy;
    let long = "A".repeat(65);
    for (method, is_allowed) in [
        ("GET", true),
        ("PURGE", true),
        ("put", true),
        ("*", false),
        ("", false),
        ("P T", false),
        (&*long, false),
    ] {
        let preflight = Sent::new("OPTIONS", &[(Origin, APP), (Asked, method)]);
        let found = decide(&policy, Methods::Any, &preflight).answered_by(|_, _| false);
        let expected = if is_allowed {
            Ok(AllowOrigin::Echo)
        } else {
            Err(Refusal::MethodNotAllowed)
        };
        assert_eq!(found, Decision::Preflight(expected), "{method}");
    }
    for (method, expected) in [
        ("PURGE", Decision::Run(Ok(AllowOrigin::Echo))),
        ("*", Decision::Forbid(Refusal::MethodFailsPreflight)),
    ] {
        let actual = Sent::new(method, &[(Origin, APP), (SecFetchSite, "cross-site")]);
        let found = decide(&policy, Methods::Any, &actual).answered_by(|_, _| false);
        assert_eq!(found, expected, "{method}");
    }
}

#[test]
fn preflights() {
    use Field::{
        AccessControlRequestHeaders as Names, AccessControlRequestMethod as Method, Origin,
    };
    let allowed = |origin| Decision::Preflight(Ok(origin));
    let refused = |refusal| Decision::Preflight(Err(refusal));
    let echo = allowed(AllowOrigin::Echo);
    let not_a_preflight = Decision::Run(Ok(AllowOrigin::Echo));

    let plain = listed().policy;
    let enforced = listed().enforce(true).credentials(true).policy;
    let star = private::policy().any_origin().policy;
    let any_header = private::policy()
        .any_origin()
        .allow_headers(true, &[])
        .policy;
    let evil = "https://evil.example";
    let long = ",".repeat(16 * 1024 + 1);
    for (what, policy, lines, expected) in [
        (
            "allowed",
            &plain,
            &[(Origin, APP), (Method, "PUT")][..],
            echo,
        ),
        (
            "an origin of a pattern",
            &plain,
            &[(Origin, "https://a.example.org"), (Method, "PUT")],
            allowed(AllowOrigin::Echo),
        ),
        (
            "`*`",
            &star,
            &[(Origin, evil), (Method, "PUT")],
            allowed(AllowOrigin::Any),
        ),
        (
            "an allowed header",
            &plain,
            &[(Origin, APP), (Method, "PUT"), (Names, "Content-Type")],
            echo,
        ),
        (
            "enforce changes nothing",
            &enforced,
            &[(Origin, APP), (Method, "PUT")],
            echo,
        ),
        (
            "another origin",
            &plain,
            &[(Origin, evil), (Method, "PUT")],
            refused(Refusal::OriginNotAllowed),
        ),
        (
            "another origin with enforce",
            &enforced,
            &[(Origin, evil), (Method, "PUT")],
            refused(Refusal::OriginNotAllowed),
        ),
        (
            "two origins",
            &plain,
            &[(Origin, APP), (Origin, APP), (Method, "PUT")],
            refused(Refusal::RepeatedOrigin),
        ),
        (
            "another method",
            &plain,
            &[(Origin, APP), (Method, "DELETE")],
            refused(Refusal::MethodNotAllowed),
        ),
        (
            "a method in another case",
            &plain,
            &[(Origin, APP), (Method, "put")],
            refused(Refusal::MethodNotAllowed),
        ),
        (
            "two methods",
            &plain,
            &[(Origin, APP), (Method, "PUT"), (Method, "PUT")],
            refused(Refusal::MethodNotAllowed),
        ),
        (
            "an empty method",
            &plain,
            &[(Origin, APP), (Method, "")],
            refused(Refusal::MethodNotAllowed),
        ),
        (
            "another header",
            &plain,
            &[(Origin, APP), (Method, "PUT"), (Names, "x-a")],
            refused(Refusal::HeaderNotAllowed),
        ),
        (
            "another header on the second line",
            &plain,
            &[
                (Origin, APP),
                (Method, "PUT"),
                (Names, "content-type"),
                (Names, "x-a"),
            ],
            refused(Refusal::HeaderNotAllowed),
        ),
        (
            "a malformed header",
            &plain,
            &[(Origin, APP), (Method, "PUT"), (Names, "x a")],
            refused(Refusal::MalformedHeaders),
        ),
        (
            "a list that is too long",
            &plain,
            &[(Origin, APP), (Method, "PUT"), (Names, &long)],
            refused(Refusal::HeadersTooLong),
        ),
        (
            "`*` and `*`",
            &any_header,
            &[(Origin, evil), (Method, "PUT"), (Names, "*")],
            refused(Refusal::HeaderNotAllowed),
        ),
        (
            "`*` and `*` among others",
            &any_header,
            &[(Origin, evil), (Method, "PUT"), (Names, "x-a, * ,x-b")],
            refused(Refusal::HeaderNotAllowed),
        ),
        (
            "a method `*`",
            &any_header,
            &[(Origin, evil), (Method, "*")],
            refused(Refusal::MethodNotAllowed),
        ),
        (
            "`*` and `Authorization`",
            &any_header,
            &[(Origin, evil), (Method, "PUT"), (Names, "authorization")],
            refused(Refusal::HeaderNotAllowed),
        ),
        (
            "the origin is refused before the method and the headers",
            &plain,
            &[(Origin, evil), (Method, "DELETE"), (Names, "x-a")],
            refused(Refusal::OriginNotAllowed),
        ),
        (
            "the method is refused before the headers",
            &plain,
            &[(Origin, APP), (Method, "DELETE"), (Names, "x-a")],
            refused(Refusal::MethodNotAllowed),
        ),
        (
            "no method is no preflight",
            &plain,
            &[(Origin, APP)],
            not_a_preflight,
        ),
        (
            "no origin is no preflight",
            &plain,
            &[(Method, "PUT")],
            Decision::Run(Err(Refusal::NoOrigin)),
        ),
    ] {
        assert_eq!(decided(policy, "OPTIONS", lines), expected, "{what}");
    }
    let actual = decided(&plain, "PUT", &[(Origin, APP), (Method, "PUT")]);
    assert_eq!(
        actual, not_a_preflight,
        "another method than `OPTIONS` is no preflight"
    );
}

/// For the log and for explanations.
#[test]
fn a_preflight_has_a_method_and_an_origin() {
    use Field::{AccessControlRequestMethod as Asked, Origin as From};
    for (method, lines, expected) in [
        ("OPTIONS", &[(From, APP), (Asked, "PUT")][..], Some("PUT")),
        ("OPTIONS", &[(Asked, "PUT")], None),
        ("OPTIONS", &[(From, APP)], None),
        (
            "OPTIONS",
            &[(From, APP), (Asked, "PUT"), (Asked, "PUT")],
            Some(""),
        ),
        ("PUT", &[(From, APP), (Asked, "PUT")], None),
    ] {
        let sent = Sent::new(method, lines);
        let found = preflight_method(&sent).map(<[u8]>::to_vec);
        assert_eq!(
            found.as_deref(),
            expected.map(str::as_bytes),
            "{method}, {lines:?}"
        );
    }
}

/// Frameworks whose servers move requests between threads need this.
#[test]
fn a_decision_that_waits_can_move_to_another_thread() {
    fn is_send(_: &impl Send) {}
    let policy = listed().sources(&SOURCES).policy;
    let sent = Sent::new("GET", &[(Field::Origin, SHOP)]);
    is_send(&decide(&policy, METHODS, &sent).decided());
}
