//! Puts what was written before the rulebook, and the answer onto the tokens.

use cors_rules::draft::Listed;
use cors_rules::pattern::by_length;
use cors_rules::{Danger, Draft, Pattern, Place, wording};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{LitStr, Path};

use crate::args::{Args, List, OriginElement, OriginValue, path_text};
use crate::handler::Handler;
use crate::report::Report;
use crate::route::Method;
use crate::signature::{self, Need};

/// A policy that may be written out. Nothing can fail from here on.
pub(crate) enum Valid {
    /// What the arguments state.
    Stated(Stated),
    /// A `static` that states it elsewhere.
    Shared(Path),
}

impl Default for Valid {
    /// Nobody: what stands in for a policy with errors.
    fn default() -> Self {
        Self::Stated(Stated::default())
    }
}

/// The values of a policy, checked.
#[derive(Default)]
pub(crate) struct Stated {
    pub(crate) origins: Origins,
    pub(crate) credentials: bool,
    pub(crate) enforce: bool,
    pub(crate) allow_any_header: bool,
    /// In lower case, sorted.
    pub(crate) allow_headers: Vec<String>,
    /// In lower case.
    pub(crate) expose_headers: Vec<String>,
    pub(crate) max_age: Option<u32>,
    pub(crate) dangers: Vec<(Danger, LitStr)>,
    /// Variables of the build's environment that origins were taken from.
    pub(crate) variables: Vec<LitStr>,
}

/// The origins of a policy. The `bool` beside each says whether it is for debug builds only.
pub(crate) enum Origins {
    Any,
    Reflected,
    Listed {
        /// Sorted by length.
        exact: Vec<(String, bool)>,
        /// Sorted by the length of the host.
        patterns: Vec<(String, bool)>,
        sources: Vec<(Path, bool)>,
    },
}

impl Default for Origins {
    fn default() -> Self {
        Self::Listed {
            exact: Vec::new(),
            patterns: Vec::new(),
            sources: Vec::new(),
        }
    }
}

/// Judges the arguments of a policy; `None` if there are errors.
pub(crate) fn policy(args: &Args, report: &Report) -> Option<Valid> {
    if let Some(shared) = &args.shared {
        return (!args.incomplete).then(|| Valid::Shared(shared.clone()));
    }
    let dangers = dangers(args, report);
    let texts = |list: Option<&List<OriginElement>>| -> Vec<_> {
        list.iter()
            .flat_map(|list| &list.elements)
            .map(text)
            .collect()
    };
    let (origin_texts, dev_texts) = (
        texts(args.origins.as_ref()),
        texts(args.dev_origins.as_ref()),
    );
    let origins = args
        .origins
        .as_ref()
        .map(|list| listed(list, &origin_texts));
    let dev_origins = args
        .dev_origins
        .as_ref()
        .map(|list| listed(list, &dev_texts))
        .unwrap_or_default();
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
    let violations = cors_rules::check(
        &Draft {
            origins: origins.as_deref(),
            dev_origins: &dev_origins,
            credentials: args.credentials.is_some(),
            allow_headers: &strs(&allow_headers),
            expose_headers: &strs(&expose_headers),
            max_age,
            methods: &[],
            dangers: &reasons
                .iter()
                .map(|(danger, reason)| (*danger, reason.as_str()))
                .collect::<Vec<_>>(),
            // The warnings for release builds are put under a `cfg`.
            release: true,
        },
        cors_rules::is_public_suffix,
    );
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
    sound.then(|| {
        Valid::Stated(stated(
            args,
            &dangers,
            allow_headers,
            &expose_headers,
            max_age,
        ))
    })
}

/// An element as the rulebook reads it.
fn text(element: &OriginElement) -> String {
    match &element.value {
        OriginValue::Text { text, .. } => text.clone(),
        OriginValue::Source(path) => path_text(path),
    }
}

fn listed<'a>(list: &List<OriginElement>, texts: &'a [String]) -> Vec<Listed<'a>> {
    let elements = list.elements.iter().zip(texts);
    elements
        .map(|(element, text)| match element.value {
            OriginValue::Text { .. } => Listed::Text(text),
            OriginValue::Source(_) => Listed::Source(text),
        })
        .collect()
}

fn values(list: Option<&List<LitStr>>) -> Vec<String> {
    list.map(|list| list.elements.iter().map(LitStr::value).collect())
        .unwrap_or_default()
}

fn strs(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).collect()
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

/// Judges the methods of a route; `false` if there are errors.
pub(crate) fn methods(methods: &[Method], report: &Report) -> bool {
    let names: Vec<_> = methods.iter().map(|method| method.name.as_str()).collect();
    // A policy that shows nothing else: only the methods are judged.
    let draft = Draft {
        origins: Some(&[Listed::Text("*")]),
        methods: &names,
        ..Draft::default()
    };
    let mut sound = true;
    for violation in cors_rules::check(&draft, cors_rules::is_public_suffix) {
        if let Place::Method(index) = violation.place {
            sound = false;
            report.add(violation, &methods[index].culprit);
        }
    }
    sound
}

/// What the handler takes and a policy may not let through, as warnings that hold if it does not.
pub(crate) fn needs(handler: &Handler) -> Vec<(Need, cors_rules::Violation, &syn::Ident)> {
    let needs = signature::needs(&handler.sig.inputs).into_iter();
    needs
        .map(|(need, parameter)| {
            let name = parameter.to_string();
            let violation = match need {
                Need::ContentType => wording::json_without_content_type(&name),
                Need::Authorization => wording::bearer_without_authorization(&name),
                Need::Cookies => wording::session_without_credentials(&name),
            };
            (need, violation, parameter)
        })
        .collect()
}

/// Warnings about what the handler takes and the arguments do not let through.
pub(crate) fn signature(args: &Args, handler: &Handler, report: &Report) {
    let allow_headers = values(args.allow_headers.as_ref());
    let allows = |name: &str| {
        allow_headers
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(name))
    };
    for (need, violation, parameter) in needs(handler) {
        let met = match need {
            Need::ContentType => allows("content-type") || allows("*"),
            Need::Authorization => allows("authorization"),
            Need::Cookies => args.credentials.is_some(),
        };
        if !met {
            report.add(violation, parameter);
        }
    }
}

fn stated(
    args: &Args,
    dangers: &[(Danger, usize)],
    allow_headers: Vec<String>,
    expose_headers: &[String],
    max_age: Option<u64>,
) -> Stated {
    let mut stated = Stated {
        origins: origins(args),
        credentials: args.credentials.is_some(),
        enforce: args.enforce.is_some(),
        max_age: max_age.and_then(|seconds| u32::try_from(seconds).ok()),
        dangers: dangers
            .iter()
            .map(|(danger, index)| (*danger, args.dangers[*index].reason.clone()))
            .collect(),
        expose_headers: expose_headers
            .iter()
            .map(|name| name.to_ascii_lowercase())
            .collect(),
        variables: elements(args)
            .filter_map(|(element, _)| element.variable().cloned())
            .collect(),
        ..Stated::default()
    };
    for name in allow_headers {
        match name.as_str() {
            "*" => stated.allow_any_header = true,
            name => stated.allow_headers.push(name.to_ascii_lowercase()),
        }
    }
    stated.allow_headers.sort();
    stated
}

/// The elements of both lists, and whether each is for debug builds only.
fn elements(args: &Args) -> impl Iterator<Item = (&OriginElement, bool)> {
    let lists = [(&args.origins, false), (&args.dev_origins, true)];
    lists.into_iter().flat_map(|(list, dev)| {
        let elements = list.iter().flat_map(|list| &list.elements);
        elements.map(move |element| (element, dev))
    })
}

fn origins(args: &Args) -> Origins {
    if args.origins.is_none() {
        return Origins::Reflected;
    }
    let (mut exact, mut patterns, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    for (element, dev) in elements(args) {
        match &element.value {
            OriginValue::Source(path) => sources.push((path.clone(), dev)),
            OriginValue::Text { text, .. } if text == "*" => return Origins::Any,
            OriginValue::Text { text, .. } => match Pattern::parse(text) {
                Ok(pattern) if !pattern.is_exact() => patterns.push((text.clone(), dev)),
                _ => exact.push((text.clone(), dev)),
            },
        }
    }
    exact.sort_by(|(a, _), (b, _)| by_length(a.as_bytes(), b.as_bytes()));
    patterns.sort_by(|(a, _), (b, _)| by_length(host(a).as_bytes(), host(b).as_bytes()));
    Origins::Listed {
        exact,
        patterns,
        sources,
    }
}

fn host(pattern: &str) -> &str {
    Pattern::parse(pattern).map_or("", |pattern| pattern.host)
}
