//! Checks the input by the rulebook, and puts its verdict onto the tokens.

use cors_rules::draft::{Element, Written};
use cors_rules::{Draft, Place, Rule, Severity, Violation};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Path;

use crate::args::{Args, Configured, DangerArg, Form, List, Name, OriginElement, OriginKind};
use crate::input::{Handler, Registration};
use crate::item::Function;
use crate::module::ModuleInput;
use crate::report::Report;
use crate::route::{self, Method, Route};
use crate::signature::NeedyParameter;
use crate::wording;

/// A handler that can be written out. Nothing fails from here on.
pub(crate) struct Checked<'a> {
    pub(crate) policy: Policy<'a>,
    /// The parameters that need something of a policy that only the compiler sees.
    pub(crate) undecided: &'a [NeedyParameter],
    /// The routes of a function that is a handler.
    pub(crate) routes: &'a [Route],
}

/// A policy that can be written out.
pub(crate) enum Policy<'a> {
    /// The arguments state it.
    Stated(Stated<'a>),
    /// A `static` elsewhere states it.
    Shared(&'a Path),
    /// It is set when the program starts.
    Configured(&'a Configured),
    /// `none`.
    Nobody { enforce: bool },
    /// There were errors. It allows no origin.
    Erroneous,
}

/// A policy that its arguments state.
pub(crate) struct Stated<'a> {
    pub(crate) args: &'a Args,
    pub(crate) checked: cors_rules::Checked<'a>,
}

/// Checks a handler; `None` if it stays as it is, after saying why.
pub(crate) fn handler<'a>(handler: &'a Handler, report: &Report) -> Option<Checked<'a>> {
    let Handler {
        args,
        function,
        needy_parameters,
        registration,
    } = handler;
    match registration {
        Registration::Routed { attribute, routes } => {
            if let Some(methods) = args.key("methods").filter(|_| args.methods.is_some()) {
                let violation = wording::methods_with_route(&route::name(attribute));
                report.add(violation, methods);
            }
            let is_handler = is_handler(function, report);
            // A type cannot be defined in an `impl`.
            if !is_handler && (function.receiver().is_some() || function.self_type().is_some()) {
                return None;
            }
            let routes = if is_handler { &routes[..] } else { &[] };
            let (mut policy, undecided) = needed_policy(args, needy_parameters, report);
            for route in routes {
                if !are_sound(&route.methods, report) {
                    policy = Policy::Erroneous;
                }
            }
            Some(Checked {
                policy,
                undecided,
                routes,
            })
        }
        Registration::ByHand { methods, .. } => {
            let name = &function.name;
            let states_methods = args.key("methods").is_some();
            if args.lack_methods() {
                report.add(wording::no_route(name), name);
            }
            if let (Some(list), []) = (&args.methods, methods.as_slice()) {
                report.add(wording::empty_methods(), &list.tokens);
            }
            let mut is_handler = is_handler(function, report);
            if states_methods && (name == "POLICY" || name == "at") {
                report.add(wording::reserved_name(name), name);
                is_handler = false;
            }
            let (policy, undecided) = needed_policy(args, needy_parameters, report);
            are_sound(methods, report);
            (states_methods && is_handler).then_some(Checked {
                policy,
                undecided,
                routes: &[],
            })
        }
    }
}

/// True if actix-web can call the function; says why not.
fn is_handler(function: &Function, report: &Report) -> bool {
    let name = &function.name;
    if let Some(receiver) = function.receiver() {
        report.add(wording::method_as_handler(name), receiver);
    } else if let Some(self_type) = function.self_type() {
        report.add(wording::in_an_impl(name), self_type);
    } else if let Some(qualifier) = function.foreign_qualifier() {
        report.add(wording::qualified_handler(name, &qualifier), qualifier);
    } else if !function.is_async() && !function.returns_future() {
        report.add(wording::not_async(name), &function.fn_token);
    } else if function.output.is_empty() {
        report.add(wording::returns_nothing(name), name);
    } else {
        return true;
    }
    false
}

/// True if the methods of a handler keep the rules; says why not.
fn are_sound(methods: &[Method], report: &Report) -> bool {
    let names: Vec<_> = methods.iter().map(|method| &*method.name).collect();
    let violations = cors_rules::check_methods(&names);
    let is_error = |violation: &Violation| violation.rule.severity() == Severity::Error;
    let are_sound = !violations.iter().any(is_error);
    for mut violation in violations {
        if let Place::Method(index) = violation.place {
            let Method { value, whole, .. } = &methods[index];
            let is_name = matches!(value, TokenTree::Ident(_)); // of the route attribute
            if is_name && violation.rule == Rule::ForbiddenMethod {
                violation = violation.help("take `#[cors]` away: no page can call this handler");
            }
            if violation.help.iter().any(|help| help.starts_with('"')) {
                report.add(violation, value);
            } else {
                report.add(violation, whole);
            }
        }
    }
    are_sound
}

/// The policy of a handler. Warns of parameters that need what it does not have, and returns them
/// if only the compiler can tell.
fn needed_policy<'a>(
    args: &'a Args,
    parameters: &'a [NeedyParameter],
    report: &Report,
) -> (Policy<'a>, &'a [NeedyParameter]) {
    let policy = policy(args, Form::Routed, report);
    match &policy {
        Policy::Stated(Stated { checked, .. }) if args.base.is_none() => {
            for parameter in parameters {
                let NeedyParameter {
                    need,
                    type_name,
                    condition,
                } = parameter;
                if !(need.is_met)(args, checked) {
                    report.add_under(condition.clone(), (need.warning)(type_name), type_name);
                }
            }
            (policy, &[])
        }
        Policy::Shared(_) | Policy::Stated(_) => (policy, parameters),
        Policy::Configured(_) | Policy::Nobody { .. } | Policy::Erroneous => (policy, &[]),
    }
}

/// Checks a module.
pub(crate) fn module<'a>(input: &'a ModuleInput, report: &Report) -> Policy<'a> {
    let ModuleInput {
        args,
        module,
        has_handlers,
        violations,
        ..
    } = input;
    let mut policy = policy(args, Form::Module, report);
    if let Some(methods) = args.key("methods").filter(|_| args.methods.is_some()) {
        report.add(wording::methods_on_module(), methods);
        policy = Policy::Erroneous;
    }
    if module.content.is_none() {
        report.add(wording::module_elsewhere(&module.name), &module.name);
        return policy;
    }
    for (violation, culprit) in violations {
        report.add(violation.clone(), culprit);
    }
    if !has_handlers {
        report.add(wording::module_without_route(&module.name), &module.name);
    }
    policy
}

/// Checks the arguments of a policy.
pub(crate) fn policy<'a>(args: &'a Args, form: Form, report: &Report) -> Policy<'a> {
    if args.key("configured").is_some() || args.shared.is_some() || args.none.is_some() {
        return match (&args.configured, &args.shared) {
            _ if args.incomplete => Policy::Erroneous,
            (Some(configured), _) => Policy::Configured(configured),
            (None, Some(path)) => Policy::Shared(path),
            (None, None) => Policy::Nobody {
                enforce: args.enforce.is_some(),
            },
        };
    }
    let dangers = args.dangers.iter();
    let draft = Draft {
        origins: args.origins.as_ref().map(elements),
        dev_origins: args.dev_origins.as_ref().map(elements).unwrap_or_default(),
        credentials: args.credentials.is_some(),
        enforce: args.enforce.is_some(),
        allow_headers: texts(args.allow_headers.as_ref()),
        expose_headers: texts(args.expose_headers.as_ref()),
        max_age: args.max_age.as_ref().map(|seconds| seconds.number),
        dangers: dangers.map(|arg| (arg.danger, &*arg.text)).collect(),
        has_base: args.base.is_some(),
        can_be_base: true,
        // The warnings for release builds are put under a `cfg`.
        release: true,
        written: Written::Attribute,
    };
    let (checked, violations) = cors_rules::check(&draft);
    for violation in violations {
        if !args.incomplete || !depends_on_unread(violation.rule, args) {
            let culprit = culprit(violation.place, args);
            report.add(violation, culprit);
        }
    }
    match checked.filter(|_| !args.incomplete) {
        Some(mut checked) => {
            // A handler's policy is seldom a base, so it does not keep the hazards of `*`. A policy
            // that is based on it can combine `*` with credentials unnoticed. Browsers then refuse
            // more than it says, but nothing leaks.
            if args.base.is_none() && form != Form::Policy {
                (checked.hazards).retain(|hazard| {
                    !matches!(
                        hazard.rule,
                        Rule::WildcardWithCredentials | Rule::WildcardExposeWithCredentials
                    )
                });
            }
            Policy::Stated(Stated { args, checked })
        }
        None => Policy::Erroneous,
    }
}

/// True if an argument that could not be read may be the cause of the violation.
fn depends_on_unread(rule: Rule, args: &Args) -> bool {
    match rule {
        Rule::MissingOrigins | Rule::NeedlessDanger | Rule::NeedlessEnforce => true,
        Rule::InsecureOriginWithCredentials
        | Rule::PublicSuffixWithCredentials
        | Rule::NullOrigin
        | Rule::FileOrigin => args.unread_danger,
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
        let name = list.as_ref()?.elements.get(index)?;
        Some(name.literal.to_token_stream())
    };
    let list = |list: &Option<List<OriginElement>>| Some(list.as_ref()?.tokens.clone());
    let danger = |index: usize| args.dangers.get(index);
    let tokens = match place {
        Place::Origins => list(&args.origins),
        Place::DevOrigins => list(&args.dev_origins),
        Place::Origin(_) | Place::DevOrigin(_) => {
            element(place, args).map(|element| element.tokens.clone())
        }
        Place::AllowHeader(index) => name(&args.allow_headers, index),
        Place::ExposeHeader(index) => name(&args.expose_headers, index),
        Place::MaxAge => args.max_age.as_ref().map(|seconds| seconds.tokens.clone()),
        Place::Enforce => args.enforce.as_ref().map(ToTokens::to_token_stream),
        Place::Danger(index) => {
            danger(index).map(|DangerArg { key, reason, .. }| quote!(#key #reason))
        }
        Place::Reason(index) => danger(index).map(|arg| arg.reason.to_token_stream()),
        _ => None,
    };
    tokens.unwrap_or_default()
}
