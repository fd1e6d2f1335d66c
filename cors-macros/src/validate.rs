//! Puts what was written before the rulebook, and the answer onto the tokens.

use std::collections::BTreeMap;

use cors_rules::draft::Listed;
use cors_rules::{Danger, Draft, Pattern, Place, wording};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::LitStr;

use crate::args::{Args, List, OriginElement};
use crate::handler::Handler;
use crate::report::Report;
use crate::route::Route;
use crate::signature::{self, Need};

/// A policy that may be written out. Nothing can fail from here on.
#[derive(Default)]
pub(crate) struct Valid {
    pub(crate) any_origin: bool,
    pub(crate) reflect_any_origin: bool,
    /// Exact origins, sorted; whether each is for debug builds only.
    pub(crate) exact: BTreeMap<String, bool>,
    /// Patterns, sorted by host; whether each is for debug builds only.
    pub(crate) patterns: Vec<(String, bool)>,
    pub(crate) credentials: bool,
    pub(crate) enforce: bool,
    pub(crate) allow_any_header: bool,
    pub(crate) allow_headers: Vec<String>,
    pub(crate) expose_headers: Vec<String>,
    pub(crate) max_age: Option<u32>,
    pub(crate) dangers: Vec<(Danger, LitStr)>,
    /// Variables of the build's environment that origins were taken from.
    pub(crate) variables: Vec<LitStr>,
}

/// Judges the arguments beside the routes they stand above; `None` if there are errors.
pub(crate) fn validate(
    args: &Args,
    routes: &[Route],
    handler: &Handler,
    report: &Report,
) -> Option<Valid> {
    let dangers = dangers(args, report);
    let origins = args.origins.as_ref().map(listed);
    let dev_origins = args.dev_origins.as_ref().map(listed).unwrap_or_default();
    let allow_headers = values(args.allow_headers.as_ref());
    let expose_headers = values(args.expose_headers.as_ref());
    let max_age = args
        .max_age
        .as_ref()
        .map(|seconds| seconds.base10_parse().unwrap_or(u64::MAX));
    let reasons: Vec<_> = dangers
        .iter()
        .map(|(danger, index)| (*danger, args.dangers[*index].reason.value()))
        .collect();
    let reasons: Vec<_> = reasons
        .iter()
        .map(|(danger, reason)| (*danger, reason.as_str()))
        .collect();
    let violations = cors_rules::check(&Draft {
        origins: origins.as_deref(),
        dev_origins: &dev_origins,
        credentials: args.credentials.is_some(),
        allow_headers: &allow_headers.iter().map(String::as_str).collect::<Vec<_>>(),
        expose_headers: &expose_headers
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
        max_age,
        methods: &[],
        dangers: &reasons,
        // The warnings for release builds are put under a `cfg`.
        release: true,
    });
    let mut sound = !args.incomplete;
    for violation in violations {
        let missing = matches!(violation.place, Place::Policy);
        // What seems to be missing, or not needed, may only have been unreadable.
        if args.incomplete && (missing || violation.rule == cors_rules::Rule::NeedlessDanger) {
            continue;
        }
        sound &= violation.rule.severity() != cors_rules::Severity::Error;
        let culprit = culprit(violation.place, args, &dangers);
        report.add(violation, culprit);
    }
    sound &= dangers.len() == args.dangers.len();
    sound &= methods(routes, report);
    if !args.incomplete {
        signature(args, &allow_headers, handler, report);
    }
    sound.then(|| valid(args, &dangers, allow_headers, &expose_headers, max_age))
}

fn listed(list: &List<OriginElement>) -> Vec<Listed<'_>> {
    list.elements
        .iter()
        .map(|element| Listed::Text(&element.text))
        .collect()
}

fn values(list: Option<&List<LitStr>>) -> Vec<String> {
    list.map(|list| list.elements.iter().map(LitStr::value).collect())
        .unwrap_or_default()
}

/// The dangers that there are, with their indices in the arguments.
fn dangers(args: &Args, report: &Report) -> Vec<(Danger, usize)> {
    let known = args
        .dangers
        .iter()
        .enumerate()
        .filter_map(|(index, danger)| {
            let known = Danger::from_key(&danger.key.to_string());
            if known.is_none() {
                report.add(
                    wording::unknown_danger(&danger.key.to_string()),
                    &danger.key,
                );
            }
            Some((known?, index))
        });
    known.collect()
}

/// The smallest piece of code that is at fault.
fn culprit(place: Place, args: &Args, dangers: &[(Danger, usize)]) -> TokenStream {
    let origin = |list: &Option<List<OriginElement>>, index: usize| {
        list.as_ref()
            .and_then(|list| list.elements.get(index))
            .map(|element| element.tokens.clone())
    };
    let name = |list: &Option<List<LitStr>>, index: usize| {
        list.as_ref()
            .and_then(|list| list.elements.get(index))
            .map(ToTokens::to_token_stream)
    };
    let danger = |index: usize| {
        dangers
            .get(index)
            .and_then(|(_, index)| args.dangers.get(*index))
    };
    let tokens = match place {
        Place::Origins => args.origins.as_ref().map(|list| list.tokens.clone()),
        Place::Origin(index) => origin(&args.origins, index),
        Place::DevOrigins => args.dev_origins.as_ref().map(|list| list.tokens.clone()),
        Place::DevOrigin(index) => origin(&args.dev_origins, index),
        Place::AllowHeader(index) => name(&args.allow_headers, index),
        Place::ExposeHeader(index) => name(&args.expose_headers, index),
        Place::MaxAge => args.max_age.as_ref().map(ToTokens::to_token_stream),
        Place::Danger(index) => danger(index).map(|danger| danger.key.to_token_stream()),
        Place::Reason(index) => danger(index).map(|danger| danger.reason.to_token_stream()),
        _ => None,
    };
    // No tokens at all stand for the attribute as a whole.
    tokens.unwrap_or_default()
}

/// The methods that the route attributes state.
fn methods(routes: &[Route], report: &Report) -> bool {
    let mut sound = true;
    for route in routes {
        let names: Vec<_> = route
            .methods
            .iter()
            .map(|method| method.name.as_str())
            .collect();
        // A policy that shows nothing else: only the methods are judged.
        let draft = Draft {
            origins: Some(&[Listed::Text("*")]),
            methods: &names,
            ..Draft::default()
        };
        for violation in cors_rules::check(&draft) {
            let Place::Method(index) = violation.place else {
                continue;
            };
            sound = false;
            report.add(violation, &route.methods[index].culprit);
        }
    }
    sound
}

/// Warnings about what the handler takes and the policy does not let through.
fn signature(args: &Args, allow_headers: &[String], handler: &Handler, report: &Report) {
    let allows = |name: &str| {
        allow_headers
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(name))
    };
    for (need, parameter) in signature::needs(&handler.sig.inputs) {
        let name = parameter.to_string();
        let violation = match need {
            Need::ContentType if !allows("content-type") && !allows("*") => {
                wording::json_without_content_type(&name)
            }
            Need::Authorization if !allows("authorization") => {
                wording::bearer_without_authorization(&name)
            }
            Need::Cookies if args.credentials.is_none() => {
                wording::session_without_credentials(&name)
            }
            _ => continue,
        };
        report.add(violation, parameter);
    }
}

fn valid(
    args: &Args,
    dangers: &[(Danger, usize)],
    allow_headers: Vec<String>,
    expose_headers: &[String],
    max_age: Option<u64>,
) -> Valid {
    let mut valid = Valid {
        credentials: args.credentials.is_some(),
        enforce: args.enforce.is_some(),
        max_age: max_age.and_then(|seconds| u32::try_from(seconds).ok()),
        dangers: dangers
            .iter()
            .map(|(danger, index)| (*danger, args.dangers[*index].reason.clone()))
            .collect(),
        reflect_any_origin: args.origins.is_none(),
        expose_headers: expose_headers
            .iter()
            .map(|name| name.to_ascii_lowercase())
            .collect(),
        ..Valid::default()
    };
    let lists = [(&args.origins, false), (&args.dev_origins, true)];
    for (list, dev) in lists {
        for element in list.iter().flat_map(|list| &list.elements) {
            valid.variables.extend(element.variable.clone());
            match Pattern::parse(&element.text) {
                Ok(pattern) if !pattern.is_exact() => {
                    valid.patterns.push((element.text.clone(), dev));
                }
                _ if element.text == "*" => valid.any_origin = true,
                _ => drop(valid.exact.insert(element.text.clone(), dev)),
            }
        }
    }
    valid
        .patterns
        .sort_by(|(a, _), (b, _)| host(a).cmp(host(b)));
    for name in allow_headers {
        match name.as_str() {
            "*" => valid.allow_any_header = true,
            name => valid.allow_headers.push(name.to_ascii_lowercase()),
        }
    }
    valid.allow_headers.sort();
    valid
}

fn host(pattern: &str) -> &str {
    Pattern::parse(pattern).map_or("", |pattern| pattern.host)
}
