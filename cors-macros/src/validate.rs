//! Holds what was read to the rulebook, and puts its verdict onto the tokens.

use cors_rules::draft::Element;
use cors_rules::{Checked, Draft, Place, Rule, Severity, Violation};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Path;

use crate::args::{Args, List, Name, OriginElement, OriginKind};
use crate::item::Function;
use crate::read::Form;
use crate::report::Report;
use crate::route::Method;
use crate::signature::{self, Need};
use crate::wording;

/// A policy that can be written out. Nothing fails from here on.
pub(crate) enum Valid<'a> {
    /// What the arguments state.
    Stated(Stated<'a>),
    /// A `static` that states it elsewhere.
    Shared(&'a Path),
    /// `none`.
    Nobody { enforce: bool },
    /// There were errors. It allows no origin.
    Erroneous,
}

/// A policy that its arguments state.
pub(crate) struct Stated<'a> {
    pub(crate) args: &'a Args,
    pub(crate) checked: Checked<'a>,
    /// What is wrong with the arguments if another policy adds credentials, or takes dangers away.
    pub(crate) hazards: Vec<Hazard>,
}

/// A violation that depends on what else a policy states.
pub(crate) struct Hazard {
    pub(crate) violation: Violation,
    pub(crate) only_with_credentials: bool,
}

/// Judges the arguments of a policy; `None` if there are errors, after saying which.
pub(crate) fn policy<'a>(args: &'a Args, form: Form, report: &Report) -> Option<Valid<'a>> {
    if let Some(shared) = &args.shared {
        return (!args.incomplete).then_some(Valid::Shared(shared));
    }
    if args.none.is_some() {
        let enforce = args.enforce.is_some();
        return (!args.incomplete).then_some(Valid::Nobody { enforce });
    }
    let draft = Draft {
        origins: args.origins.as_ref().map(elements),
        dev_origins: args.dev_origins.as_ref().map(elements).unwrap_or_default(),
        credentials: args.credentials.is_some(),
        enforce: args.enforce.is_some(),
        allow_headers: texts(args.allow_headers.as_ref()),
        expose_headers: texts(args.expose_headers.as_ref()),
        max_age: args.max_age.as_ref().map(|seconds| seconds.number),
        dangers: args
            .dangers
            .iter()
            .map(|arg| (arg.danger, arg.text.as_str()))
            .collect(),
        has_base: args.base.is_some(),
        // The warnings for release builds are put under a `cfg`.
        release: true,
    };
    let (checked, violations) = cors_rules::check(&draft, cors_rules::is_public_suffix);
    for violation in violations {
        if !args.incomplete || !depends_on_unread(violation.rule, args) {
            let culprit = culprit(violation.place, args);
            report.add(violation, culprit);
        }
    }
    let checked = checked.filter(|_| !args.incomplete)?;
    let can_be_base = args.base.is_some() || form == Form::Policy;
    let hazards = if can_be_base {
        hazards(&draft)
    } else {
        Vec::new()
    };
    Some(Valid::Stated(Stated {
        args,
        checked,
        hazards,
    }))
}

/// What would be wrong with what is stated if nothing accepted a danger: with credentials, and
/// without.
fn hazards(draft: &Draft<'_>) -> Vec<Hazard> {
    let errors = |credentials| {
        let alone = Draft {
            origins: (draft.origins.clone()).or_else(|| Some(vec![Element::Text("*")])),
            credentials,
            enforce: false,
            dangers: Vec::new(),
            has_base: false,
            ..draft.clone()
        };
        let (_, mut violations) = cors_rules::check(&alone, cors_rules::is_public_suffix);
        let is_stated = |place| {
            draft.origins.is_some() || !matches!(place, Place::Origin(_) | Place::DevOrigin(_))
        };
        violations.retain(|violation| {
            violation.rule.severity() == Severity::Error && is_stated(violation.place)
        });
        violations
    };
    let without = errors(false);
    (errors(true).into_iter())
        .map(|violation| Hazard {
            only_with_credentials: !without.contains(&violation),
            violation,
        })
        .collect()
}

/// Whether a violation may be due to something that was written and could not be read.
fn depends_on_unread(rule: Rule, args: &Args) -> bool {
    let unread_dangers = args.key("danger").is_some() && args.dangers.is_empty();
    match rule {
        Rule::MissingOrigins | Rule::NeedlessDanger | Rule::NeedlessEnforce => true,
        Rule::InsecureOriginWithCredentials
        | Rule::PublicSuffixWithCredentials
        | Rule::NullOrigin => unread_dangers,
        _ => false,
    }
}

fn elements(list: &List<OriginElement>) -> Vec<Element<'_>> {
    let elements = list.elements.iter();
    elements
        .map(|element| match element.kind {
            OriginKind::Literal | OriginKind::Variable(_) => Element::Text(&element.text),
            OriginKind::Source(_) => Element::Source(&element.text),
        })
        .collect()
}

fn texts(list: Option<&List<Name>>) -> Vec<&str> {
    list.iter()
        .flat_map(|list| &list.elements)
        .map(|name| name.text.as_str())
        .collect()
}

/// The element of `origins` or `dev_origins` at this place.
pub(crate) fn element(place: Place, args: &Args) -> Option<&OriginElement> {
    let (list, index) = match place {
        Place::Origin(index) => (&args.origins, index),
        Place::DevOrigin(index) => (&args.dev_origins, index),
        _ => return None,
    };
    list.as_ref()?.elements.get(index)
}

/// The smallest piece of code that is at fault; no tokens stand for the attribute as a whole.
pub(crate) fn culprit(place: Place, args: &Args) -> TokenStream {
    let name = |list: &Option<List<Name>>, index: usize| {
        Some(
            list.as_ref()?
                .elements
                .get(index)?
                .literal
                .to_token_stream(),
        )
    };
    let tokens = match place {
        Place::Origins => args.origins.as_ref().map(|list| list.tokens.clone()),
        Place::DevOrigins => args.dev_origins.as_ref().map(|list| list.tokens.clone()),
        Place::Origin(_) | Place::DevOrigin(_) => {
            element(place, args).map(|element| element.tokens.clone())
        }
        Place::AllowHeader(index) => name(&args.allow_headers, index),
        Place::ExposeHeader(index) => name(&args.expose_headers, index),
        Place::MaxAge => args.max_age.as_ref().map(|seconds| seconds.tokens.clone()),
        Place::Enforce => args.enforce.as_ref().map(ToTokens::to_token_stream),
        Place::Danger(index) => args.dangers.get(index).map(|arg| arg.key.to_token_stream()),
        Place::Reason(index) => args
            .dangers
            .get(index)
            .map(|arg| arg.reason.to_token_stream()),
        _ => None,
    };
    tokens.unwrap_or_default()
}

/// Judges the methods of a handler; `false` if there are errors.
pub(crate) fn methods(methods: &[Method], report: &Report) -> bool {
    let names: Vec<_> = methods.iter().map(|method| method.name.as_str()).collect();
    let violations = cors_rules::check_methods(&names);
    let sound = violations.is_empty();
    for violation in violations {
        if let Place::Method(index) = violation.place {
            report.add(violation, &methods[index].culprit);
        }
    }
    sound
}

/// Warns of parameters that need what the policy does not have.
pub(crate) fn signature(valid: &Valid<'_>, function: &Function, report: &Report) {
    let Valid::Stated(Stated { args, checked, .. }) = valid else {
        return;
    };
    // The compiler decides on what the base states.
    if args.base.is_some() {
        return;
    }

    let allows = |name: &str| checked.allow_headers.iter().any(|allowed| allowed == name);
    for parameter in signature::needs(function) {
        let met = match parameter.need {
            Need::ContentType => allows("content-type") || checked.allow_any_header,
            Need::Authorization => allows("authorization"),
            Need::Credentials => args.credentials.is_some(),
        };
        if !met {
            report.add_under(
                parameter.condition.clone(),
                parameter.violation(),
                &parameter.type_name,
            );
        }
    }
}

/// Whether actix-web can call it; says why not.
pub(crate) fn handler(function: &Function, report: &Report) -> bool {
    let name = function.name.to_string();
    let found = if let Some(receiver) = function.receiver() {
        Some((
            wording::method_as_handler(&name),
            receiver.to_token_stream(),
        ))
    } else if let Some(own_type) = function.own_type() {
        Some((wording::in_an_impl(&name), own_type.into_token_stream()))
    } else if !function.is_async() {
        Some((
            wording::not_async(&name),
            function.fn_token.to_token_stream(),
        ))
    } else if function.output.is_empty() {
        Some((
            wording::returns_nothing(&name),
            function.name.to_token_stream(),
        ))
    } else {
        None
    };
    let sound = found.is_none();
    if let Some((violation, culprit)) = found {
        report.add(violation, culprit);
    }
    sound
}
